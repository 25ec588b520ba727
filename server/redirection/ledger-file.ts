import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../domain/error-code.ts';
import { applyEvent, type RedirectionRecord } from '../domain/redirection/record.ts';
import { readEvent } from '../domain/redirection/record-schema.ts';

export interface LedgerLogger {
  info(about: object, text: string): void;
  warn(about: object, text: string): void;
  error(about: object, text: string): void;
}

/** A line that is no step of any redirection, as it is kept aside. */
interface Rejected {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** Beside the ledger: lines that could not be read. */
export const rejectedPath = (path: string): string => path.replace(/\.jsonl$/, '.rejected.jsonl');

/**
 * Reads a ledger, checking every line. A last line that was cut off by a kill was never answered for and is left out; any
 * other bad line is kept aside, on disk before it leaves the ledger. `take`: says which ids are moved out, before they are.
 */
export function readLedger(
  path: string,
  take: (records: ReadonlyMap<string, RedirectionRecord>) => ReadonlySet<string>,
  logger: LedgerLogger,
): Map<string, RedirectionRecord> {
  const text = textOf(path);
  const whole = text.lastIndexOf('\n') + 1;
  if (whole < text.length)
    logger.warn({ type: 'redirections.torn', bytes: text.length - whole }, 'the last line of the ledger was cut off');
  const records = new Map<string, RedirectionRecord>();
  const rejected: Rejected[] = [];
  const lines: { readonly id: string; readonly text: string }[] = [];
  for (const [i, line] of text.slice(0, whole).split('\n').entries()) {
    if (line === '') continue;
    const read = readEvent(line);
    const known = read.ok ? records.get(read.event.id) : undefined;
    if (!read.ok) rejected.push({ file: path, line: i + 1, reason: read.reason, text: line });
    else if (read.event.type !== 'proposed' && known === undefined)
      rejected.push({ file: path, line: i + 1, reason: 'what it belongs to was never proposed', text: line });
    else {
      records.set(read.event.id, applyEvent(known, read.event));
      lines.push({ id: read.event.id, text: line });
    }
  }
  if (rejected.length > 0) keepAside(path, rejected, logger);
  const leaving = take(records);
  if (rejected.length > 0 || leaving.size > 0 || whole < text.length)
    rewrite(
      path,
      lines.filter(({ id }) => !leaving.has(id)).map((line) => line.text),
    );
  for (const id of leaving) records.delete(id);
  if (leaving.size > 0)
    logger.info({ type: 'redirections.moved', count: leaving.size }, 'old redirections are in the database only');
  return records;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Killed in between, the next start finds the same lines in the ledger once more: they are not added twice. */
function keepAside(path: string, rejected: readonly Rejected[], logger: LedgerLogger): void {
  const aside = rejectedPath(path);
  const before = textOf(aside);
  const added = rejected.filter(({ text }) => !before.includes(JSON.stringify(text)));
  if (added.length > 0) {
    appendFileSync(
      aside,
      `${before === '' || before.endsWith('\n') ? '' : '\n'}${added.map((each) => JSON.stringify(each)).join('\n')}\n`,
      { mode: 0o600, flush: true },
    );
    syncFolder(aside);
  }
  for (const { file, line, reason } of rejected)
    logger.error(
      { type: 'redirections.rejected', file, line, reason, aside },
      `${file}:${line} is no step of a redirection: ${reason}`,
    );
}

export const asideCount = (path: string): number =>
  existsSync(rejectedPath(path))
    ? textOf(rejectedPath(path))
        .split('\n')
        .filter((line) => line !== '').length
    : 0;

/** A new file takes the place of the old one whole: whoever starts after a kill finds one or the other. */
export function rewrite(path: string, lines: readonly string[]): void {
  const next = `${path}.tmp`;
  try {
    const file = openSync(next, 'w', 0o600);
    try {
      for (let at = 0; at < lines.length; at += 1000) {
        const bytes = Buffer.from(`${lines.slice(at, at + 1000).join('\n')}\n`, 'utf8');
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, path);
    syncFolder(path);
  } catch (cause) {
    rmSync(next, { force: true });
    throw cause;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
