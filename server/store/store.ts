import type { Condition, HistoryReader } from '../domain/ports.ts';
import { connectDatabase } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import { createFollowing } from './following.ts';
import type { DiskJournal } from './journal.ts';
import { prepareFollower, type PrepareOptions } from './prepare.ts';
import { createReader } from './reader.ts';

/** A quarter hour's row is written anew with every batch: a little patience halves the work. */
const FOLLOW_EVERY_MS = 2000;
const READS = { connections: 4, statementLimitMs: 5000 };
const WRITES = { connections: 2, statementLimitMs: 30_000 };

export interface Store extends HistoryReader {
  /** Begins to follow the journal; never waits for the database, which may be away. */
  start(): void;
  /** Takes in what is left, for three seconds at most, and lets go of the database. */
  stop(): Promise<void>;
  conditions(): Condition[];
  /** How far the database has the journal, and how much it lacks. */
  position(): { readonly seq: number; readonly behind: number };
}

export interface StoreOptions extends PrepareOptions {
  /** Null: there is no database, and history is in the journal only. */
  readonly connectionString: string | null;
  /** Real ms between looks at the journal. */
  readonly followEveryMs?: number;
}

/** The history in Postgres: follows the journal in batches, through absences of the database, and answers reads. */
export function createStore(options: StoreOptions): Store {
  const { connectionString, journal, definition, run, logger } = options;
  if (connectionString === null) return withoutDatabase(journal);
  const writes = connectDatabase({ connectionString, logger, ...WRITES });
  const reads = connectDatabase({ connectionString, logger, ...READS });
  const reader = createReader(reads, definition.id, run?.run ?? 'live');
  const following = createFollowing({
    prepare: (onHole) => prepareFollower(writes, options, onHole),
    lastSeq: () => journal.lastSeq,
    everyMs: options.followEveryMs ?? FOLLOW_EVERY_MS,
    logger,
  });
  let stopped: Promise<void> | null = null;

  const whenReady = <T>(read: () => Promise<T>): Promise<T> => {
    const why = following.unavailable();
    return why === null ? read() : Promise.reject(new StoreUnavailable(why));
  };
  const end = async () => {
    await following.stop();
    await Promise.all([writes.end(), reads.end()]);
  };

  return {
    start: () => following.start(),
    stop: () => (stopped ??= end()),
    position: () => following.position(),
    conditions: () => following.conditions(),
    series: (query) => whenReady(() => reader.series(query)),
    levelChanges: (from, to, limit) => whenReady(() => reader.levelChanges(from, to, limit)),
    published: (organisation, months) => whenReady(() => reader.published(organisation, months)),
  };
}

function withoutDatabase(journal: DiskJournal): Store {
  const reason = 'No database is configured: history stays in the journal';
  const unavailable = () => Promise.reject(new StoreUnavailable(reason));
  return {
    start: () => undefined,
    stop: () => Promise.resolve(),
    conditions: () => [{ part: 'database', status: 'down', reason }],
    position: () => ({ seq: 0, behind: journal.lastSeq }),
    series: unavailable,
    levelChanges: unavailable,
    published: unavailable,
  };
}
