import type { EpochMs } from '#shared/model/time.ts';
import { codeOf } from '../domain/error-code.ts';
import type { Database } from './database.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** 1 January 1970 was a Thursday: the Monday before it. */
const FIRST_MONDAY = -3 * DAY;
const LOCK = 712_003_119;

/** A table with a partition for every week (from Monday) or month of one of its columns, in UTC. */
export interface Parted {
  readonly table: string;
  readonly span: 'week' | 'month';
  /** `fillfactor` of a partition: rows that grow stay on their page, and out of the index, where it has room. */
  readonly fill: number;
}

// The open quarter's rows are appended to all the time.
export const HISTORY: Parted = { table: 'history', span: 'week', fill: 70 };
export const HISTORY_DAY: Parted = { table: 'history_day', span: 'month', fill: 95 };
export const FIVE_MINUTES_PARTED: Parted = { table: 'rollup_five_minutes', span: 'week', fill: 95 };
// A week's row is written anew on each of its days.
export const HOURS_PARTED: Parted = { table: 'rollup_hour', span: 'month', fill: 80 };

/** Start of the week (Monday 0:00 UTC) that holds `at`. */
export function weekOf(at: EpochMs): EpochMs {
  return Math.floor((at - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;
}

/** Start of the partition that holds `at`. */
export function partitionOf(parted: Parted, at: EpochMs): EpochMs {
  return parted.span === 'week' ? weekOf(at) : month(at, 0);
}

/** Start of the partition after the one that begins at `start`. */
export function partitionAfter(parted: Parted, start: EpochMs): EpochMs {
  return parted.span === 'week' ? start + WEEK : month(start, 1);
}

function month(at: EpochMs, later: number): EpochMs {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').toPlainDate().with({ day: 1 });
  return date.add({ months: later }).toZonedDateTime('UTC').epochMilliseconds;
}

const dateOf = (at: EpochMs) => Temporal.Instant.fromEpochMilliseconds(at).toString().slice(0, 10);
const nameOf = ({ table }: Parted, start: EpochMs) => `${table}_${dateOf(start).replaceAll('-', '_')}`;

/** Tables with room left: what is beneath them waits no longer than this for what is above to let go. */
const LOCK_LIMIT = `set local lock_timeout = '2s'`;
const LOCK_NOT_AVAILABLE = '55P03';

/** Somebody held a partition for longer than others may be kept waiting behind who wants it alone. */
export class PartitionInUse extends Error {
  readonly partition: string;
  constructor(partition: string, cause: unknown) {
    super(`${partition} is in use`, { cause });
    this.name = 'PartitionInUse';
    this.partition = partition;
  }
}

/**
 * Makes the partitions that begin at `starts` where they are missing. Attached rather than made in place: that leaves
 * readers and writers of the others alone.
 */
export async function makePartitions(
  database: Database,
  starts: readonly EpochMs[],
  parted: Parted = HISTORY,
): Promise<void> {
  await inTransaction(database, async (query) => {
    await query(`select pg_advisory_xact_lock(${LOCK})`);
    for (const start of starts) {
      const name = nameOf(parted, start);
      const known = await query<{ there: boolean }>(`select to_regclass('${name}') is not null as there`);
      if (known[0]?.there === true) continue;
      await query(`create table ${name} (like ${parted.table} including all) with (fillfactor = ${parted.fill})`);
      const bounds = [start, partitionAfter(parted, start)].map((at) => `('${dateOf(at)} 00:00+00')`);
      await query(`alter table ${parted.table} attach partition ${name} for values from ${bounds.join(' to ')}`);
    }
  });
}

export interface Partition {
  readonly name: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** The partitions of a table, oldest first. */
export async function listPartitions(database: Database, parted: Parted): Promise<Partition[]> {
  const rows = await database.query<{ name: string }>({
    name: 'list-partitions',
    text: `select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid
           where inhparent = $1::regclass order by 1`,
    values: [parted.table],
  });
  return rows.map(({ name }) => {
    const start = Date.parse(`${name.slice(-10).replaceAll('_', '-')}T00:00Z`);
    return { name, start, end: partitionAfter(parted, start) };
  });
}

/** Drops the partitions that end at or before `before`. Returns their names. Rejects with `PartitionInUse`. */
export async function dropPartitions(database: Database, before: EpochMs, parted: Parted = HISTORY): Promise<string[]> {
  const old = (await listPartitions(database, parted)).filter((p) => p.end <= before).map((p) => p.name);
  for (const name of old) {
    await alone(name, () =>
      inTransaction(database, async (query) => {
        await query(LOCK_LIMIT);
        await query(`drop table ${name}`);
      }),
    );
  }
  return old;
}

/** Whether a partition holds no row that anybody can see. */
export async function isEmpty(database: Database, { name }: Partition): Promise<boolean> {
  return inTransaction(database, async (query) => {
    const [row] = await query<{ empty: boolean }>(`select not exists (select from ${name}) as empty`);
    return row?.empty === true;
  });
}

/**
 * Gives the room of partitions whose rows have all moved elsewhere back to the disk. Not to be called while a snapshot
 * may still be open that needs the rows as they were. Rejects with `PartitionInUse`.
 */
export async function emptyPartition(database: Database, { name }: Partition): Promise<boolean> {
  const empty = () =>
    inTransaction(database, async (query) => {
      const [size] = await query<{ bytes: number }>(`select pg_relation_size('${name}') as bytes`);
      // As text: a size is a bigint.
      if (Number(size?.bytes ?? 0) === 0) return false;
      await query(LOCK_LIMIT);
      await query(`lock table ${name} in access exclusive mode`);
      const [row] = await query<{ empty: boolean }>(`select not exists (select from ${name}) as empty`);
      if (row?.empty !== true) return false;
      await query(`truncate ${name}`);
      return true;
    });
  return alone(name, empty);
}

async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === LOCK_NOT_AVAILABLE) throw new PartitionInUse(name, error);
    throw error;
  }
}

/** For statements that hold names of tables, which cannot be parameters. */
async function inTransaction<T>(
  database: Database,
  work: (query: <Row>(text: string) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  return database.session(async (client) => {
    await client.query('begin');
    try {
      const result = await work(async <Row>(text: string) => (await client.query(text)).rows as Row[]);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  });
}
