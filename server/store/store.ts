import type { Clock, Condition, HistoryReader, SampleReader } from '../domain/ports.ts';
import type { RecordedSource } from '../domain/replay/recorded.ts';
import type { RedirectionHistory } from '../domain/redirection/ports.ts';
import type { RulesStore } from '../domain/rules/ports.ts';
import { connectDatabase } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import { createFollowing } from './following.ts';
import type { DiskJournal } from './journal.ts';
import { prepareFollower, RETENTION_MS, type PrepareOptions } from './prepare.ts';
import { createReader } from './reader.ts';
import { createSampleReader } from './samples.ts';
import { startableUpkeep } from './upkeep-thread.ts';
import { createRecordedReader } from './recorded-reader.ts';
import { createRedirectionHistory } from './redirections.ts';
import { createRulesStore, guardedRules } from './rules.ts';
import { codeOfRun } from './run.ts';

/** A quarter hour's row is written anew with every batch: a little patience halves the work. */
const FOLLOW_EVERY_MS = 2000;
/** Real time between looks at whether a day is over. */
const UPKEEP_EVERY_MS = 5000;
const READS = { connections: 4, statementLimitMs: 5000 };
const WRITES = { connections: 2, statementLimitMs: 30_000 };

export interface Store extends HistoryReader, SampleReader {
  /** Begins to follow the journal; never waits for the database, which may be away. */
  start(): void;
  /** Takes in what is left, for three seconds at most, and lets go of the database. */
  stop(): Promise<void>;
  conditions(): Condition[];
  /** How far the database has the journal, and how much it lacks. */
  position(): { readonly seq: number; readonly behind: number };
  /** Null when the database can be asked; else why not, in plain words. */
  unavailable(): string | null;
  /** Versions of the rules and drafts. */
  readonly rules: RulesStore;
  /** What became of redirections. */
  readonly redirections: RedirectionHistory;
  /** Has `listener` called whenever the database can be asked: at first, and after every loss of it. */
  onReady(listener: () => void): void;
  /** What was broadcast, for replay. */
  readonly recorded: RecordedSource;
}

export interface StoreOptions extends PrepareOptions {
  /** Null: there is no database, and history is in the journal only. */
  readonly connectionString: string | null;
  /** Real ms between looks at the journal. */
  readonly followEveryMs?: number;
  /** Real ms between looks at what is to be packed, rolled up and dropped. */
  readonly upkeepEveryMs?: number;
  /** The product's clock. */
  readonly clock: Pick<Clock, 'now'>;
}

/** The history in Postgres: follows the journal in batches, through absences of the database, and answers reads. */
export function createStore(options: StoreOptions): Store {
  const { connectionString, journal, definition, run, logger } = options;
  if (connectionString === null) return withoutDatabase(journal);
  const writes = connectDatabase({ connectionString, logger, ...WRITES });
  const reads = connectDatabase({ connectionString, logger, ...READS });
  const reader = createReader(reads, definition.id, codeOfRun(run));
  const recorded = createRecordedReader(reads, definition.id, codeOfRun(run));
  const ready: (() => void)[] = [];
  const following = createFollowing({
    prepare: (onHole) => prepareFollower(writes, options, onHole),
    onReady: () => ready.forEach((listener) => listener()),
    lastSeq: () => journal.lastSeq,
    everyMs: options.followEveryMs ?? FOLLOW_EVERY_MS,
    logger,
  });
  const upkeep = startableUpkeep({
    ...{ connectionString, logger, system: definition.id, run: run?.run ?? 'live' },
    retentionMs: options.retentionMs ?? RETENTION_MS,
    now: () => options.clock.now(),
    ready: () => following.unavailable() === null,
    everyMs: options.upkeepEveryMs ?? UPKEEP_EVERY_MS,
  });
  const samples = createSampleReader(reads, definition.id, run?.run ?? 'live');
  let stopped: Promise<void> | null = null;

  const whenReady = <T>(read: () => Promise<T>): Promise<T> => {
    const why = following.unavailable();
    return why === null ? read() : Promise.reject(new StoreUnavailable(why));
  };
  const end = async () => {
    await Promise.all([following.stop(), upkeep.stop()]);
    await Promise.all([writes.end(), reads.end()]);
  };

  return {
    start() {
      following.start();
      upkeep.start();
    },
    stop: () => (stopped ??= end()),
    position: () => following.position(),
    unavailable: () => following.unavailable(),
    conditions: () => withTrouble(following.conditions(), upkeep.trouble()),
    samples: (query) => samples.samples(query),
    chart: (query) => whenReady(() => reader.chart(query)),
    series: (query) => whenReady(() => reader.series(query)),
    levelChanges: (from, to, limit) => whenReady(() => reader.levelChanges(from, to, limit)),
    published: (organisation, months) => whenReady(() => reader.published(organisation, months)),
    rules: guardedRules(createRulesStore({ database: writes, system: definition.id, run: codeOfRun(run) }), () =>
      following.unavailable(),
    ),
    redirections: createRedirectionHistory({ database: writes, system: definition.id, run: codeOfRun(run) }, () =>
      following.unavailable(),
    ),
    onReady: (listener) => void ready.push(listener),
    recorded: {
      stretches: () => whenReady(() => recorded.stretches()),
      upTo: (...of) => whenReady(() => recorded.upTo(...of)),
      changes: (...of) => whenReady(() => recorded.changes(...of)),
      feedStates: (...of) => whenReady(() => recorded.feedStates(...of)),
    },
  };
}

/** While the database is away it is that which is wrong, and said already. */
function withTrouble(conditions: readonly Condition[], trouble: string): Condition[] {
  const away = conditions.some((c) => c.part === 'database' && c.status === 'down');
  if (trouble === '' || away) return [...conditions];
  return conditions.map((condition): Condition => {
    if (condition.part !== 'store') return condition;
    const reason = [condition.reason, trouble].filter((r) => r !== '').join('. ');
    return { ...condition, status: 'degraded', reason };
  });
}

function withoutDatabase(journal: DiskJournal): Store {
  const reason = 'No database is configured: history stays in the journal';
  const unavailable = () => Promise.reject(new StoreUnavailable(reason));
  return {
    start: () => undefined,
    stop: () => Promise.resolve(),
    conditions: () => [{ part: 'database', status: 'down', reason }],
    position: () => ({ seq: 0, behind: journal.lastSeq }),
    unavailable: () => reason,
    samples: () => {
      throw new StoreUnavailable(reason);
    },
    chart: unavailable,
    series: unavailable,
    levelChanges: unavailable,
    published: unavailable,
    rules: guardedRules(null, () => reason),
    redirections: createRedirectionHistory(null, () => reason),
    onReady: () => undefined,
    recorded: { stretches: unavailable, upTo: unavailable, changes: unavailable, feedStates: unavailable },
  };
}
