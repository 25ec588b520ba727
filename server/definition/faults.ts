/** One thing wrong in a definition. `file` is relative to its folder, `line` counts from 1. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export type Report = (line: number, message: string) => void;

export interface Faults {
  /** A reporter bound to one file. */
  of(file: string): Report;
  /** Every fault, by file and line, without repeats. */
  all(): Fault[];
}

/** Collects instead of throwing: an operator who mends one fault at a time starts the server twenty times. */
export function createFaults(): Faults {
  const found = new Map<string, Fault>();
  return {
    of: (file) => (line, message) => {
      found.set(`${file}:${line}:${message}`, { file, line, message });
    },
    all: () => [...found.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
  };
}

/** As compilers print them, so that editors and terminals can jump there. */
export function formatFault(fault: Fault): string {
  return `${fault.file}:${fault.line}: ${fault.message}`;
}
