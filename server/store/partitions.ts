import type { EpochMs } from '#shared/model/time.ts';
import type { Database } from './database.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** 1 January 1970 was a Thursday: the Monday before it. */
const FIRST_MONDAY = -3 * DAY;
const LOCK = 712_003_119;

/** Start of the partition (a week, Monday 0:00 UTC) that holds `at`. */
export function weekOf(at: EpochMs): EpochMs {
  return Math.floor((at - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;
}

const dateOf = (at: EpochMs) => Temporal.Instant.fromEpochMilliseconds(at).toString().slice(0, 10);
const nameOf = (week: EpochMs) => `history_${dateOf(week).replaceAll('-', '_')}`;

/**
 * Makes the partitions of these weeks where they are missing. Attached rather than made in place: that leaves readers
 * and writers of the other weeks alone.
 */
export async function makePartitions(database: Database, weeks: readonly EpochMs[]): Promise<void> {
  await database.session(async (client) => {
    await client.query('begin');
    try {
      await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
      for (const week of weeks) {
        const name = nameOf(week);
        const known = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name]);
        if (known.rows[0]?.there === true) continue;
        // The open quarter's rows are appended to all the time: with room left they stay on their page and out of the index.
        await client.query(`create table ${name} (like history including all) with (fillfactor = 70)`);
        await client.query(
          `alter table history attach partition ${name} for values from ('${dateOf(week)} 00:00+00') to ('${dateOf(week + WEEK)} 00:00+00')`,
        );
      }
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  });
}

/** Drops the partitions that end before `before`. Returns their names. */
export async function dropPartitions(database: Database, before: EpochMs): Promise<string[]> {
  return database.session(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid
       where inhparent = 'history'::regclass order by 1`,
    );
    const old = rows.map((r) => r.name).filter((name) => name < nameOf(weekOf(before)));
    for (const name of old) await client.query(`drop table ${name}`);
    return old;
  });
}
