import type { Output } from '../verb.ts';

/** What became of the rows of one published file: an importer that drops rows without a word cannot be trusted. */
export interface Tally {
  read(): void;
  taken(): void;
  /** A row not taken; the first examples of each reason are named. */
  rejected(reason: string, example: string): void;
  /** A row taken, but not as it stood. */
  marked(reason: string, example: string): void;
  /** Something about the whole file that a reader should know. */
  note(text: string): void;
}

const EXAMPLES = 5;

interface Reason {
  count: number;
  readonly examples: string[];
}

interface FileCount {
  read: number;
  taken: number;
  readonly reasons: Map<string, Reason>;
  readonly marks: Map<string, Reason>;
  readonly notes: Set<string>;
}

/** What became of a file's rows, as data. */
export interface FileReport {
  readonly read: number;
  readonly taken: number;
  readonly rejected: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

export interface Tallies {
  of(file: string): Tally;
  report(file: string): FileReport;
  print(output: Output): void;
}

export function createTallies(): Tallies {
  const files = new Map<string, FileCount>();
  return {
    of: (file) => {
      const count: FileCount = files.get(file) ?? {
        read: 0,
        taken: 0,
        reasons: new Map(),
        marks: new Map(),
        notes: new Set(),
      };
      files.set(file, count);
      return tallyOf(count);
    },
    report: (file) => reportOf(files.get(file)),
    print: (output) => {
      for (const [file, count] of files) {
        const { rejected } = reportOf(count);
        output.out(`${file}: ${count.read} rows read, ${count.taken} taken, ${rejected} not taken`);
        for (const [reason, { count: times, examples }] of [...count.reasons, ...count.marks]) {
          output.out(`    ${times} × ${reason} (${examples.join(', ')}${times > examples.length ? ', …' : ''})`);
        }
        for (const note of count.notes) output.out(`    note: ${note}`);
      }
    },
  };
}

function reportOf(count: FileCount | undefined): FileReport {
  const counts = (reasons: ReadonlyMap<string, Reason> = new Map()) =>
    Object.fromEntries([...reasons].map(([reason, { count: times }]) => [reason, times]));
  const reasons = counts(count?.reasons);
  return {
    read: count?.read ?? 0,
    taken: count?.taken ?? 0,
    rejected: Object.values(reasons).reduce((sum, times) => sum + times, 0),
    reasons,
    marks: counts(count?.marks),
    notes: [...(count?.notes ?? [])],
  };
}

function tallyOf(count: FileCount): Tally {
  return {
    read: () => {
      count.read += 1;
    },
    taken: () => {
      count.taken += 1;
    },
    rejected: (reason, example) => {
      addReason(count.reasons, reason, example);
    },
    marked: (reason, example) => {
      addReason(count.marks, reason, example);
    },
    note: (text) => {
      count.notes.add(text);
    },
  };
}

function addReason(reasons: Map<string, Reason>, reason: string, example: string): void {
  const seen = reasons.get(reason) ?? { count: 0, examples: [] };
  seen.count += 1;
  if (seen.examples.length < EXAMPLES && !seen.examples.includes(example)) seen.examples.push(example);
  reasons.set(reason, seen);
}
