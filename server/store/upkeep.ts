import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { dayStart, HOUR, type EpochMs } from '#shared/model/time.ts';
import type { Database } from './database.ts';
import { packUnit, type PackingDeps } from './packing.ts';
import { readProgress, writeProgress } from './packing-rows.ts';
import {
  dropPartitions,
  emptyPartition,
  FIVE_MINUTES_PARTED,
  HISTORY,
  HISTORY_DAY,
  HOURS_PARTED,
  isEmpty,
  listPartitions,
  makePartitions,
  partitionAfter,
  PartitionInUse,
  partitionOf,
  type Parted,
  type Partition,
} from './partitions.ts';
import { readSpans, type Span } from './recording.ts';
import { keptFrom } from './retention.ts';
import { dateOf, midnightOf } from './widths.ts';

const DAY = 24 * HOUR;
/** Most of what is late comes within this time after midnight. */
const LAG_MS = 3 * HOUR;
const FIVE_MINUTES_MS = 35 * DAY;
/** What is filed under its observation comes at most this late: until then its week must be there. */
const LATEST_MS = 43 * DAY;
/** Real time that a snapshot may live at most, and half as much again. */
const SNAPSHOT_MS = 60_000;

export interface UpkeepDeps {
  readonly database: Database;
  readonly system: string;
  readonly run: string;
  /** Readings and hours are kept for so long; five-minute cells for 35 days, days for ever. */
  readonly retentionMs: number;
  /** Real ms for which a snapshot may live; shorter in tests. */
  readonly snapshotMs?: number;
}

export interface UpkeepReport {
  /** Quarter hours of readings that were packed. */
  readonly packed: number;
  /** Names of partitions that were too old. */
  readonly dropped: readonly string[];
  /** A partition in use, whose room is given back at a later look; null: none. */
  readonly inUse: string | null;
}

/** One look at what is due: partitions ahead of need, retention, and the days that are over packed and rolled up. */
export interface Upkeep {
  /** `now` on the product's clock. Ends early, between two units, once `stop` says so. */
  pass(now: EpochMs, stop: () => boolean): Promise<UpkeepReport>;
}

/** The housekeeping of one run's history. One pass at a time. Rejects with what the database says. */
export function createUpkeep(deps: UpkeepDeps): Upkeep {
  const { database } = deps;
  const made = new Set<string>();
  let retained: EpochMs | null = null;
  // A server before this one may have moved readings just now.
  let movedAt = performance.now();

  async function make(parted: Parted, times: readonly EpochMs[]): Promise<void> {
    const starts = [...new Set(times.map((at) => partitionOf(parted, at)))];
    const missing = starts.filter((start) => !made.has(`${parted.table} ${start}`));
    if (missing.length === 0) return;
    await makePartitions(database, missing, parted);
    for (const start of missing) made.add(`${parted.table} ${start}`);
  }

  async function makeAhead(now: EpochMs): Promise<void> {
    const next = (parted: Parted) => partitionAfter(parted, partitionOf(parted, now));
    for (const parted of [HISTORY, HISTORY_DAY, FIVE_MINUTES_PARTED, HOURS_PARTED]) {
      await make(parted, [now, next(parted)]);
    }
  }

  async function retain(now: EpochMs): Promise<string[]> {
    if (retained === dayStart(now)) return [];
    const before = await keptFrom(database, now, deps.retentionMs);
    const fiveMinutes = await keptFrom(database, now, Math.min(deps.retentionMs, FIVE_MINUTES_MS));
    const dropped = [
      ...(await dropPartitions(database, before, HISTORY)),
      ...(await dropPartitions(database, before, HISTORY_DAY)),
      ...(await dropPartitions(database, before, HOURS_PARTED)),
      ...(await dropPartitions(database, fiveMinutes, FIVE_MINUTES_PARTED)),
    ];
    retained = dayStart(now);
    return dropped;
  }

  /** Weeks whose rows have all been packed: their room goes back, and when nothing can come for them any more, they go. */
  async function reclaim(at: EpochMs, closed: EpochMs): Promise<Pick<UpkeepReport, 'dropped' | 'inUse'>> {
    if (performance.now() - movedAt < (deps.snapshotMs ?? SNAPSHOT_MS)) return { dropped: [], inUse: null };
    try {
      const dropped = await giveBack(at, closed);
      movedAt = Infinity;
      return { dropped, inUse: null };
    } catch (error) {
      // Somebody reads it for longer than others can be kept waiting: the next look tries again.
      if (error instanceof PartitionInUse) return { dropped: [], inUse: error.partition };
      throw error;
    }
  }

  async function giveBack(at: EpochMs, closed: EpochMs): Promise<string[]> {
    for (const week of await listPartitions(database, HISTORY)) {
      if (week.end <= closed) await emptyPartition(database, week);
    }
    const old: Partition[] = [];
    for (const week of await listPartitions(database, HISTORY)) {
      if (week.end > at - LATEST_MS) break;
      if (await isEmpty(database, week)) old.push(week);
      else break;
    }
    const last = old.at(-1);
    return last === undefined ? [] : dropPartitions(database, last.end, HISTORY);
  }

  async function pack(runId: number, closed: EpochMs, now: EpochMs, stop: () => boolean): Promise<number> {
    const [progress] = await database.query<{ day: string }>(readProgress(runId));
    if (progress !== undefined && midnightOf(progress.day) >= closed) return 0;
    const units = await database.query<{ id: number }>(unitsOf(deps.system));
    const metrics = await database.query<{ id: number; name: string }>(METRIC_NAMES);
    let packed = 0;
    for (const week of await listPartitions(database, HISTORY)) {
      const [from, to] = [week.start, Math.min(week.end, closed)];
      if (from >= to || (await isEmpty(database, week))) continue;
      // A week from Monday in UTC begins in the London day before, in summer.
      const days = [from - HOUR, from, (from + to) / 2, to];
      for (const parted of [HISTORY_DAY, HOURS_PARTED]) await make(parted, [...days, from - 7 * DAY]);
      await make(FIVE_MINUTES_PARTED, days);
      const spans = await database.query<Span>(readSpans(deps.system, deps.run, from - DAY, to + DAY));
      const packing: PackingDeps = {
        ...{ database, runId, spans },
        metrics: new Map(metrics.map((m) => [m.id, m.name])),
        fiveMinutesFrom: dayStart(now - FIVE_MINUTES_MS),
      };
      for (const { id } of units) {
        if (stop()) return packed;
        packed += await packGently(packing, id, from, to);
      }
    }
    await database.query(writeProgress(runId, dateOf(closed).toString()));
    return packed;
  }

  return {
    async pass(now, stop) {
      await makeAhead(now);
      const dropped = await retain(now);
      const [at] = await database.query<{ runId: number; at: EpochMs }>(positionOf(deps.system, deps.run));
      if (at === undefined) return { packed: 0, dropped, inUse: null };
      const closed = dayStart(at.at - LAG_MS);
      const packed = await pack(at.runId, closed, now, stop);
      if (packed > 0) movedAt = performance.now();
      const reclaimed = await reclaim(at.at, closed);
      return { packed, dropped: [...dropped, ...reclaimed.dropped], inUse: reclaimed.inUse };
    },
  };
}

/** Packs one unit's week, then leaves the database alone for as long as that took. */
async function packGently(packing: PackingDeps, unitId: number, from: EpochMs, to: EpochMs): Promise<number> {
  const began = performance.now();
  const packed = await packUnit(packing, unitId, from, to);
  if (packed > 0) await wait(performance.now() - began);
  return packed;
}

const unitsOf = (system: string) => ({
  name: 'units-of',
  text: 'select unit_id as id from unit where system = $1 order by 1',
  values: [system],
});

const METRIC_NAMES = { name: 'metric-names', text: 'select metric_id as id, name from metric', values: [] };

/** How far the journal is taken in: a day is over when what was observed after it is there. */
const positionOf = (system: string, run: string) => ({
  name: 'position-of-run',
  text: `select run_id as "runId", floor(extract(epoch from at) * 1000)::float8 as at from journal_position join run using (run_id)
         where run.system = $1 and run.code = $2`,
  values: [system, run],
});
