import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { localDate, type EpochMs } from '#shared/model/time.ts';

const FILE = /^\d{4}-\d\d-\d\d\.jsonl(?:\.\d{4})?$/;
const MOST_A_DAY = 9999;

/** Where a line stands, to be read back. */
export interface Position {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface QuarantineFiles {
  /** On its way to the disk when it returns (survives kill -9); throws when the disk does not take it. */
  append(at: EpochMs, line: object): Position;
  read(position: Position): unknown;
  /** Oldest first; the first ten characters of a name are the day. */
  names(): string[];
  /** Every whole line of a file; `torn` is called for one that cannot be read. */
  lines(file: string, each: (line: unknown, position: Position) => void, torn: () => void): void;
  readonly bytes: number;
  /** The file that was written last; null before the first line. */
  readonly current: string | null;
  remove(file: string): void;
  close(): void;
}

/**
 * Files of JSON lines in one folder, for one writer: a new one with each London day, and whenever one has grown to
 * `fileBytes`, so that none takes long to go through.
 */
export function openQuarantineFiles(folder: string, fileBytes: number): QuarantineFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sizes = new Map<string, number>();
  for (const file of readdirSync(folder)
    .filter((name) => FILE.test(name))
    .sort())
    sizes.set(file, statSync(join(folder, file)).size);
  let open: { file: string; descriptor: number } | null = null;
  // A line that a crash or a full disk cut off ends here, so that the next one is whole.
  const torn = new Set<string>(
    [...sizes].filter(([file, size]) => size > 0 && !endsLine(join(folder, file), size)).map(([file]) => file),
  );

  /** The file of a day that is written to. */
  const fileOf = (day: string): string => {
    if (open?.file.startsWith(day) && (sizes.get(open.file) ?? 0) < fileBytes) return open.file;
    const last = [...sizes.keys()]
      .filter((name) => name.startsWith(day))
      .sort()
      .at(-1);
    if (last === undefined) return `${day}.jsonl`;
    const number = Number(last.slice(`${day}.jsonl.`.length));
    const full = (sizes.get(last) ?? 0) >= fileBytes && number < MOST_A_DAY;
    return full ? `${day}.jsonl.${String(number + 1).padStart(4, '0')}` : last;
  };
  const writable = (file: string): number => {
    if (open?.file === file) return open.descriptor;
    if (open) closeSync(open.descriptor);
    open = null;
    const descriptor = openSync(join(folder, file), 'a', 0o600);
    open = { file, descriptor };
    if (!sizes.has(file)) sizes.set(file, 0);
    return descriptor;
  };
  const write = (file: string, text: string): Position => {
    const descriptor = writable(file);
    const buffer = Buffer.from(`${torn.has(file) ? '\n' : ''}${text}\n`, 'utf8');
    const start = (sizes.get(file) ?? 0) + (torn.has(file) ? 1 : 0);
    let written = 0;
    try {
      while (written < buffer.length) written += writeSync(descriptor, buffer, written);
      torn.delete(file);
    } finally {
      sizes.set(file, (sizes.get(file) ?? 0) + written);
      if (written > 0 && written < buffer.length) torn.add(file);
    }
    return { file, offset: start, length: Buffer.byteLength(text) };
  };

  return {
    append: (at, line) => write(fileOf(localDate(at)), JSON.stringify(line)),
    read: (position) => parse(readSlice(join(folder, position.file), position)),
    names: () => [...sizes.keys()].sort(),
    lines: (file, each, broken) => readLines(folder, file, each, broken),
    get bytes() {
      return [...sizes.values()].reduce((a, b) => a + b, 0);
    },
    get current() {
      return open?.file ?? null;
    },
    remove(file) {
      if (open?.file === file) {
        closeSync(open.descriptor);
        open = null;
      }
      rmSync(join(folder, file), { force: true });
      torn.delete(file);
      sizes.delete(file);
    },
    close() {
      if (open) closeSync(open.descriptor);
      open = null;
    },
  };
}

function endsLine(path: string, size: number): boolean {
  return readSlice(path, { offset: size - 1, length: 1 }) === '\n';
}

function readSlice(path: string, { offset, length }: { readonly offset: number; readonly length: number }): string {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const read = readSync(descriptor, buffer, 0, length, offset);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readLines(
  folder: string,
  file: string,
  each: (line: unknown, position: Position) => void,
  torn: () => void,
): void {
  const content = readFileSync(join(folder, file));
  for (let offset = 0; offset < content.length;) {
    const end = content.indexOf(10, offset);
    const length = (end === -1 ? content.length : end) - offset;
    if (length > 0) {
      const line = parse(content.toString('utf8', offset, offset + length));
      if (line === undefined) torn();
      else each(line, { file, offset, length });
    }
    offset += length + 1;
  }
}
