import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { EpochMs } from '#shared/model/time.ts';
import type { Condition } from '../domain/ports.ts';
import { applyEvent, type RedirectionEvent, type RedirectionRecord } from '../domain/redirection/record.ts';
import { addTo, isPast } from '../domain/redirection/tally.ts';
import { confirmedPath, readConfirmed, readNeeds, writeConfirmed, writeNeeds } from './ledger-beside.ts';
import { asideCount, readLedger, rejectedPath, type LedgerLogger } from './ledger-file.ts';
import { createResting } from './resting.ts';

/** Redirections of the last weeks, from an append-only file of events: one JSON document a line. */
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
  /** Those of which something may still come, or that count today. */
  awake(at: EpochMs): RedirectionRecord[];
  /** Of the urgent need of four weeks, the part that redirections met; by practice. */
  received(at: EpochMs): Map<string, number>;
  /** The database has everything: what is past leaves the records now, and the file at the next start. */
  confirm(at: EpochMs): void;
  condition(): Condition;
  close(): void;
}

/** Every line is checked; `at`: now, on the product's clock. */
export function openLedger(path: string, logger: LedgerLogger, at: EpochMs): Ledger {
  const past = readNeeds(path, at);
  const confirmed = readConfirmed(path);
  const leaving = (known: ReadonlyMap<string, RedirectionRecord>) => {
    const old = [...known.values()].filter((record) => confirmed.has(record.id) && isPast(record, at));
    for (const record of old) addTo({ need: past, booked: new Map() }, record);
    if (old.length > 0) writeNeeds(path, past);
    return new Set(old.map(({ id }) => id));
  };
  const records = readLedger(path, leaving, logger);
  rmSync(confirmedPath(path), { force: true });
  const left = new Set<string>();
  const resting = createResting(records, past);
  const aside = asideCount(path);
  const listeners = new Set<(id: string) => void>();
  let revision = 0;
  for (const { events } of records.values()) revision += events.length;
  const file = openSync(path, 'a', 0o600);
  let bytes = statSync(path).size;
  const take = (event: RedirectionEvent): RedirectionRecord => {
    const record = applyEvent(records.get(event.id), event);
    resting.wake(event.id);
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
    awake: resting.awake,
    received: resting.received,
    confirm(now) {
      const old = [...records.values()].filter((record) => isPast(record, now));
      if (old.length === 0) return;
      for (const { id } of old) left.add(id);
      writeConfirmed(path, [...left]);
      for (const record of old) {
        resting.leave(record);
        records.delete(record.id);
      }
    },
    condition: () => conditionOf(path, aside),
    close: () => closeSync(file),
  };
}

function conditionOf(path: string, aside: number): Condition {
  if (aside === 0 || !existsSync(rejectedPath(path))) return { part: 'redirections', status: 'ok', reason: '' };
  const lines = `${aside} ${aside === 1 ? 'line' : 'lines'} of the ledger of redirections could not be read`;
  const reason = `${lines}: see ${basename(rejectedPath(path))} in the data folder, and remove it once that is seen to`;
  return { part: 'redirections', status: 'degraded', reason };
}
