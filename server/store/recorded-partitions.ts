import type { EpochMs } from '#shared/model/time.ts';
import type { Database } from './database.ts';
import { weekOf } from './partitions.ts';

const WEEK = 7 * 86_400_000;
/** Any number, as long as it stays the same. */
const LOCK = 712_003_120;

const dateOf = (at: EpochMs) => Temporal.Instant.fromEpochMilliseconds(at).toString().slice(0, 10);
const nameOf = (week: EpochMs) => `recorded_${dateOf(week).replaceAll('-', '_')}`;

/** Makes the partitions of the recording for these weeks where they are missing. */
export async function makeRecordedPartitions(database: Database, weeks: readonly EpochMs[]): Promise<void> {
  await database.session(async (client) => {
    await client.query('begin');
    try {
      await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
      for (const week of weeks) {
        const name = nameOf(week);
        const known = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name]);
        if (known.rows[0]?.there === true) continue;
        // Pieces are written and taken away again all the time: what they leave is to be used again soon.
        await client.query(
          `create table ${name} (like recorded including all)
           with (toast.autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05)`,
        );
        await client.query(
          `alter table recorded attach partition ${name} for values from ('${dateOf(week)} 00:00+00') to ('${dateOf(week + WEEK)} 00:00+00')`,
        );
      }
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  });
}

/**
 * What stretches that began before `$1` say once all before it has gone: they begin with the first whole board that
 * stays, and are forgotten where none does, as nothing of them can be shown any more.
 */
const SHORTEN = `
  with begun as materialized (
    select run_id, stretch,
           (select min(r.from_at) from recorded r
            where r.run_id = s.run_id and r.stretch = s.stretch and r.kind = 0 and r.from_at >= $1::timestamptz) as at
    from recorded_stretch s where from_at < $1::timestamptz
  ), gone as (
    delete from recorded_stretch s using begun b
    where b.run_id = s.run_id and b.stretch = s.stretch and b.at is null
  )
  update recorded_stretch s set from_at = b.at from begun b
  where b.run_id = s.run_id and b.stretch = s.stretch and b.at is not null`;

/**
 * Drops the weeks of the recording that end before `before`, and shortens the stretches that reached into them. Returns
 * the names of what was dropped.
 */
export async function dropRecordedPartitions(database: Database, before: EpochMs): Promise<string[]> {
  const first = weekOf(before);
  return database.session(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid
       where inhparent = 'recorded'::regclass order by 1`,
    );
    const old = rows.map((r) => r.name).filter((name) => name < nameOf(first));
    if (old.length === 0) return old;
    // First what is said of it: nobody must be sent to where nothing is left.
    await client.query(SHORTEN, [`${dateOf(first)} 00:00+00`]);
    for (const name of old) await client.query(`drop table ${name}`);
    return old;
  });
}
