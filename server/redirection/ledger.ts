import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename } from 'node:path';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import { codeOf } from '../domain/error-code.ts';
import type { Condition } from '../domain/ports.ts';
import { applyEvent, type RedirectionEvent, type RedirectionRecord } from '../domain/redirection/record.ts';
import {
  asideCount,
  confirmedPath,
  isPast,
  readLedger,
  rejectedPath,
  rewrite,
  type LedgerLogger,
} from './ledger-file.ts';

/** So long a redirection stays in the file after it has ended: four weeks of it count in what is fair. */
export const KEPT: EpochMs = 35 * 24 * HOUR;

/** Every redirection there was lately, from an append-only file of events: one JSON document a line. */
export interface Ledger {
  records(): ReadonlyMap<string, RedirectionRecord>;
  /** On disk when it returns, and the record as it is then; throws, and nothing has happened, where it cannot be. */
  append(event: RedirectionEvent): RedirectionRecord;
  /** What nobody decided: written without waiting for the disk, and `revised` not at all, as it is soon worked out anew. */
  note(event: RedirectionEvent): RedirectionRecord;
  /** Rises with every event. */
  readonly revision: number;
  /** Calls `listener` with the id after every event that is kept. Returns the way out. */
  onKept(listener: (id: string) => void): () => void;
  /** The database has these, and they ended long ago: they leave the file at the next start. */
  confirm(ids: readonly string[]): void;
  condition(): Condition;
  close(): void;
}

/** Every line is checked; `at`: now, on the product's clock. */
export function openLedger(path: string, logger: LedgerLogger, at: EpochMs): Ledger {
  const confirmed = confirmedIn(path);
  const records = readLedger(path, (record) => confirmed.has(record.id) && isPast(record, at - KEPT), logger);
  rmSync(confirmedPath(path), { force: true });
  const aside = asideCount(path);
  const listeners = new Set<(id: string) => void>();
  let revision = 0;
  for (const { events } of records.values()) revision += events.length;
  const file = openSync(path, 'a', 0o600);
  let bytes = statSync(path).size;
  const take = (event: RedirectionEvent): RedirectionRecord => {
    const record = applyEvent(records.get(event.id), event);
    records.set(event.id, record);
    revision += 1;
    if (event.type !== 'revised') for (const listener of listeners) listener(event.id);
    return record;
  };
  const write = (event: RedirectionEvent, sync = true) => {
    const line = Buffer.from(`${JSON.stringify(event)}\n`, 'utf8');
    try {
      for (let done = 0; done < line.length;) done += writeSync(file, line, done);
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
    onKept(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    confirm: (ids) => rewrite(confirmedPath(path), [JSON.stringify(ids)]),
    condition: () => conditionOf(path, aside),
    close: () => closeSync(file),
  };
}

const Confirmed = Type.Array(Type.String());

function confirmedIn(path: string): ReadonlySet<string> {
  try {
    const ids: unknown = JSON.parse(readFileSync(confirmedPath(path), 'utf8'));
    return new Set(Value.Check(Confirmed, ids) ? ids : []);
  } catch (error) {
    // Torn or not there: nothing leaves, and the database is asked again.
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return new Set();
    throw error;
  }
}

function conditionOf(path: string, aside: number): Condition {
  if (aside === 0 || !existsSync(rejectedPath(path))) return { part: 'redirections', status: 'ok', reason: '' };
  const lines = `${aside} ${aside === 1 ? 'line' : 'lines'} of the ledger of redirections could not be read`;
  const reason = `${lines}: see ${basename(rejectedPath(path))} in the data folder, and remove it once that is seen to`;
  return { part: 'redirections', status: 'degraded', reason };
}
