import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { codeOf } from '../domain/error-code.ts';
import { applyEvent, type RedirectionEvent, type RedirectionRecord } from '../domain/redirection/record.ts';

export interface LedgerLogger {
  warn(about: object, text: string): void;
  error(about: object, text: string): void;
}

/** Every redirection there was, from an append-only file of events: one JSON document a line. */
export interface Ledger {
  records(): ReadonlyMap<string, RedirectionRecord>;
  /** On disk when it returns, and the record as it is then; throws, and nothing has happened, where it cannot be. */
  append(event: RedirectionEvent): RedirectionRecord;
  /** What nobody decided: written without waiting for the disk, and `revised` not at all, as it is soon worked out anew. */
  note(event: RedirectionEvent): RedirectionRecord;
  /** Rises with every event. */
  readonly revision: number;
  close(): void;
}

/** A last line that was cut off by a kill was never answered for: it is taken off, and said. */
export function openLedger(path: string, logger: LedgerLogger): Ledger {
  const records = new Map<string, RedirectionRecord>();
  let revision = 0;
  const take = (event: RedirectionEvent): RedirectionRecord => {
    const record = applyEvent(records.get(event.id), event);
    records.set(event.id, record);
    revision += 1;
    return record;
  };
  const text = readText(path);
  const whole = text.lastIndexOf('\n') + 1;
  const file = openSync(path, 'a', 0o600);
  if (whole < text.length) {
    logger.warn({ type: 'redirections.torn', bytes: text.length - whole }, 'the last line of the ledger was cut off');
    ftruncateSync(file, Buffer.byteLength(text.slice(0, whole)));
  }
  let bytes = Buffer.byteLength(text.slice(0, whole));
  for (const line of text.slice(0, whole).split('\n')) if (line !== '') take(JSON.parse(line) as RedirectionEvent);
  const write = (event: RedirectionEvent, sync = true) => {
    const line = Buffer.from(`${JSON.stringify(event)}\n`, 'utf8');
    try {
      for (let at = 0; at < line.length;) at += writeSync(file, line, at);
      if (sync) fsyncSync(file);
    } catch (error) {
      // Half a line would hide the next one.
      ftruncateSync(file, bytes);
      logger.error({ type: 'redirections.not-kept', err: error }, 'a step of a redirection cannot be written');
      throw error;
    }
    bytes += line.length;
  };

  return {
    records: () => records,
    get revision() {
      return revision;
    },
    append(event) {
      write(event);
      return take(event);
    },
    note(event) {
      if (event.type !== 'revised') write(event, false);
      return take(event);
    },
    close: () => closeSync(file),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
