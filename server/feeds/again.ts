import { setImmediate } from 'node:timers/promises';
import type { Clock, PollOutcome, ReadAgainResult } from '../domain/ports.ts';
import type { Read } from './adapters/adapter.ts';
import type { Entry } from './entry.ts';
import type { Logger } from './logger.ts';
import type { Quarantine, StoredDocument } from './quarantine.ts';

/** Documents of a group that are read in one go; the rest stays kept, for another. */
const MOST = 2000;

export class UnknownGroup extends Error {
  readonly code = 'UNKNOWN_GROUP';
}

export interface AgainDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly quarantine: Quarantine;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly onOutcome: (outcome: PollOutcome) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Reads the kept documents of a group with today's adapter and mapping, as late data of their own time. */
export async function readAgain(deps: AgainDeps, group: string): Promise<ReadAgainResult> {
  const documents = deps.quarantine.stored(group);
  if (!documents) throw new UnknownGroup(`no group ${JSON.stringify(group)} in quarantine`);
  const result = { records: 0, taken: 0, refused: 0 };
  for (const document of documents.slice(0, MOST)) {
    if (deps.signal.aborted) break;
    const refused = Math.min(document.records, await readOne(deps, document));
    // What ended with the server was not refused.
    if (deps.signal.aborted) break;
    deps.quarantine.settle(document.id, refused === 0 ? 'read-again' : 'refused-again');
    result.records += document.records;
    result.refused += refused;
    result.taken += document.records - refused;
    // Polls and screens have their turn between two documents.
    await setImmediate();
  }
  return result;
}

/** Hands on what could be read; how many of its records are refused again. */
async function readOne(deps: AgainDeps, { feed, at, askedAt, document, records }: StoredDocument): Promise<number> {
  const entry = deps.entries.get(feed);
  // The feed is no longer part of the system.
  if (!entry) return records;
  const { adapter, instance } = entry;
  try {
    const read = await adapter.read(document, { instance, askedAt, now: at, page: 0 }, adapter.memory());
    if (!read.ok) return records;
    const outcome = lateOutcome(deps, feed, at, read);
    if (outcome && !adapter.summed) deps.onOutcome(outcome);
    return read.rejectedCount;
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    deps.logger.error(
      { type: 'feed-again-failed', feed, adapter: adapter.name, error: name },
      'could not be read again',
    );
    return records;
  }
}

function lateOutcome({ clock }: AgainDeps, feed: string, at: number, read: Read<unknown>): PollOutcome | null {
  // The copy holds the refused records only: of all others it says nothing, not even that they were missing.
  const readings = read.readings.filter(({ value }) => value !== null);
  if (readings.length === 0) return null;
  return {
    feed,
    at: clock.now(),
    state: 'ok',
    fault: '',
    observedAt: read.observedAt ?? at,
    readings,
    slots: [],
    unchanged: false,
    rejected: 0,
    latencyMs: 0,
    bytes: 0,
    again: true,
  };
}
