import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import { MINUTE } from '#shared/model/time.ts';
import type { Run } from '#shared/model/run.ts';
import { SYSTEM_ACTOR, type Condition, type HistoryReader } from '../domain/ports.ts';
import { addAudit } from './audit.ts';
import { connectDatabase, type Database } from './database.ts';
import { registerDefinition } from './definition.ts';
import { createDictionary, metricNumbers, rulesNumbers, unitNumbers } from './dictionary.ts';
import { describe, isConnectionLoss, MigrationRefused, StoreUnavailable } from './errors.ts';
import { createFollower, type Follower } from './follower.ts';
import type { DiskJournal } from './journal.ts';
import { migrate } from './migrate.ts';
import { createReader } from './reader.ts';
import { productNow, registerRun } from './run.ts';

/** A quarter hour's row is written anew with every batch: a little patience halves the work. */
const FOLLOW_EVERY_MS = 2000;
const BACK_OFF_MS = { first: 250, most: 10_000 };
const READ_LIMIT_MS = 5000;
const WRITE_LIMIT_MS = 30_000;
const LAST_DRAIN_MS = 3000;
/** Without a feed to go by: this long without any change, and nobody was recording. */
const DEFAULT_GAP_MS = 5 * MINUTE;
const RETENTION_MS = 400 * 86_400_000;
/** So many changes waiting are said out loud. */
const FAR_BEHIND = 2000;

export interface Store extends HistoryReader {
  /** Begins to follow the journal; never waits for the database, which may be away. */
  start(): void;
  /** Takes in what is left, for three seconds at most, and lets go of the database. */
  stop(): Promise<void>;
  conditions(): Condition[];
  /** How far the database has the journal, and how much it lacks. */
  position(): { readonly seq: number; readonly behind: number };
}

export interface StoreOptions {
  /** Null: there is no database, and history is in the journal only. */
  readonly connectionString: string | null;
  readonly journal: DiskJournal;
  readonly definition: Definition;
  /** Null in real operation. */
  readonly run: Run | null;
  readonly logger: Logger;
  readonly retentionMs?: number;
  /** Real ms between looks at the journal. */
  readonly followEveryMs?: number;
}

/** The history in Postgres: follows the journal in batches, through absences of the database, and answers reads. */
export function createStore(options: StoreOptions): Store {
  const { connectionString, journal, definition, run, logger } = options;
  if (connectionString === null) return withoutDatabase(journal);
  const connect = (connections: number, statementLimitMs: number) =>
    connectDatabase({ connectionString, connections, statementLimitMs, logger });
  const writes = connect(2, WRITE_LIMIT_MS);
  const reads = connect(4, READ_LIMIT_MS);
  const reader = createReader(reads, definition.id, run?.run ?? 'live');
  const stopping = new AbortController();
  const state: State = { follower: null, trouble: null, refused: null, awaySince: null, missing: 0 };
  let loop: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;

  const prepared = <T>(read: () => Promise<T>): Promise<T> => {
    if (state.follower !== null) return read();
    return Promise.reject(new StoreUnavailable(state.refused ?? state.trouble ?? 'The database is not ready yet.'));
  };

  const position = () => {
    const seq = state.follower?.seq ?? state.lastSeq ?? 0;
    return { seq, behind: Math.max(0, journal.lastSeq - seq) };
  };

  async function follow(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        state.follower ??= await prepare(writes, options, state);
        await state.follower.catchUp(() => stopping.signal.aborted);
        recovered();
        failures = 0;
        await pause(options.followEveryMs ?? FOLLOW_EVERY_MS);
      } catch (error) {
        if (stopping.signal.aborted) return;
        failed(error);
        if (error instanceof MigrationRefused) return;
        failures += 1;
        const most = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** (failures - 1));
        await pause(most / 2 + (Math.random() * most) / 2);
      }
    }
  }

  function failed(error: unknown): void {
    // Positions and numbers are read again with the next connection: a rolled-back batch may have left wrong ones.
    if (state.follower !== null) state.lastSeq = state.follower.seq;
    state.follower = null;
    const text = describe(error);
    if (error instanceof MigrationRefused) state.refused = text;
    if (state.trouble !== text) {
      const away = error instanceof StoreUnavailable || isConnectionLoss(error);
      logger[away ? 'warn' : 'error'](
        { type: 'store.trouble', err: error },
        'The history cannot be written; the journal keeps it.',
      );
    }
    state.trouble = text;
    state.awaySince ??= performance.now();
  }

  function recovered(): void {
    if (state.awaySince !== null) {
      const awayMs = Math.round(performance.now() - state.awaySince);
      logger.info({ type: 'store.recovered', awayMs, ...position() }, 'The history is being written again.');
    }
    state.trouble = null;
    state.awaySince = null;
  }

  async function pause(ms: number): Promise<void> {
    try {
      await wait(ms, undefined, { signal: stopping.signal, ref: false });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  }

  async function drain(): Promise<void> {
    const until = performance.now() + LAST_DRAIN_MS;
    try {
      await state.follower?.catchUp(() => performance.now() > until);
    } catch (error) {
      // No loss: the journal has it, and the next start takes it in.
      logger.warn({ type: 'store.last-batch', err: error }, 'The last changes stay in the journal for the next start.');
    }
  }

  async function end(): Promise<void> {
    stopping.abort();
    await loop;
    await Promise.race([drain(), wait(LAST_DRAIN_MS + 500, undefined, { ref: false })]);
    await Promise.all([writes.end(), reads.end()]);
  }

  return {
    start() {
      loop ??= follow();
    },
    stop: () => (stopped ??= end()),
    position,
    conditions: () => conditionsOf(state, position().behind),
    series: (query) => prepared(() => reader.series(query)),
    levelChanges: (from, to, limit) => prepared(() => reader.levelChanges(from, to, limit)),
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
  };
}

interface State {
  follower: Follower | null;
  /** What went wrong last, in plain words. */
  trouble: string | null;
  /** Migrations do not belong together: no use in trying again. */
  refused: string | null;
  awaySince: number | null;
  missing: number;
  lastSeq?: number;
}

function conditionsOf(state: State, behind: number): Condition[] {
  const waiting = behind === 0 ? '' : `; ${behind} changes wait in the journal`;
  const database: Condition =
    state.trouble === null
      ? {
          part: 'database',
          status: state.follower === null ? 'degraded' : 'ok',
          reason: state.follower === null ? 'The database is being prepared' : '',
        }
      : { part: 'database', status: 'down', reason: `${state.refused ?? state.trouble}${waiting}` };
  const reasons = [
    behind > FAR_BEHIND ? `History is ${behind} changes behind` : '',
    state.missing > 0 ? `${state.missing} changes are missing from history: the journal no longer had them` : '',
  ].filter((r) => r !== '');
  return [database, { part: 'store', status: reasons.length === 0 ? 'ok' : 'degraded', reason: reasons.join('. ') }];
}

/** Migrates, writes run and definition, and makes the follower. */
async function prepare(database: Database, options: StoreOptions, state: State): Promise<Follower> {
  const { definition, run, journal, logger } = options;
  const applied = await migrate(database);
  if (applied.length > 0) logger.info({ type: 'store.migrated', applied }, 'The database was migrated.');
  const runId = await registerRun(database, definition.id, run);
  const numbers = {
    units: createDictionary(database, unitNumbers(definition.id)),
    metrics: createDictionary(database, metricNumbers),
    rules: createDictionary(database, rulesNumbers(definition.id)),
  };
  await numbers.units.ensure(definition.units.map((u) => u.id));
  const [clock] = await database.query<{ now: number }>(productNow(run));
  const at = clock?.now ?? 0;
  await database.transaction(async (inside) => {
    const isNew = await registerDefinition(inside, definition, at, runId, numbers.units);
    if (!isNew) return;
    const detail = { version: definition.version, units: definition.units.length, rules: definition.rules.version };
    await inside.query(
      addAudit(runId, { at, actor: SYSTEM_ACTOR, action: 'definition.loaded', subject: definition.id, detail }),
    );
  });
  return createFollower({
    database,
    journal,
    runId,
    numbers,
    gapMs: gapOf(definition),
    retentionMs: options.retentionMs ?? RETENTION_MS,
    onHole: (missing) => {
      state.missing += missing;
      logger.error(
        { type: 'store.hole', missing },
        'Changes are missing from history: the journal no longer had them.',
      );
    },
    onDropped: (names) => logger.info({ type: 'store.retention', names }, 'Old history was dropped.'),
  });
}

/** The most frequent feed brings a change, or its failure does: twice its patience without either, and nobody recorded. */
function gapOf(definition: Definition): number {
  const shortest = Math.min(...definition.feeds.map((f) => f.staleAfterMs));
  return Number.isFinite(shortest) ? Math.max(MINUTE, 2 * shortest) : DEFAULT_GAP_MS;
}
