import { performance } from 'node:perf_hooks';
import type { EpochMs } from '#shared/model/time.ts';
import type { Database } from '../../server/store/database.ts';
import { weekOf } from '../../server/store/partitions.ts';
import { makeRecordedPartitions } from '../../server/store/recorded-partitions.ts';

const DAY = 86_400_000;
const MONTHS_13_DAYS = 395;

/**
 * Copies the recording there is to the working days of the thirteen months before it, newest first, until the time for it
 * is over; the weeks that were not reached have their partitions all the same. Gives the size of it all in GB.
 */
export async function copyStretch(
  database: Database,
  { before, limitMs }: { readonly before: EpochMs; readonly limitMs: number },
): Promise<number> {
  const weeks = new Set(Array.from({ length: MONTHS_13_DAYS }, (_, day) => weekOf(before - day * DAY)));
  await makeRecordedPartitions(database, [...weeks]);
  // Stretches are numbered by time: room for those that are to lie before it.
  for (const table of ['recorded', 'recorded_stretch']) {
    await database.query({ name: `renumber-${table}`, text: `update ${table} set stretch = 1000`, values: [] });
  }
  const end = performance.now() + limitMs;
  for (let day = 1; day <= MONTHS_13_DAYS && performance.now() < end; day += 1) {
    if ([0, 6].includes(new Date(before - day * DAY).getUTCDay())) continue;
    await database.query({
      name: 'copy-stretch',
      text: `insert into recorded_stretch
             select run_id, 1000 - $1, journal, epoch, from_at - $1 * interval '1 day', to_at - $1 * interval '1 day', to_seq
             from recorded_stretch where stretch = 1000`,
      values: [day],
    });
    await database.query({
      name: 'copy-recorded',
      text: `insert into recorded
             select run_id, 1000 - $1, from_seq, to_seq, from_at - $1 * interval '1 day', to_at - $1 * interval '1 day',
                    kind, rules, bytes, body
             from recorded where stretch = 1000`,
      values: [day],
    });
  }
  await database.session(async (client) => void (await client.query('analyze recorded')));
  const [size] = await database.query<{ bytes: number }>({
    name: 'bytes-of-recording',
    text: `select sum(pg_total_relation_size(relid))::float8 as bytes from pg_partition_tree('recorded') where isleaf`,
    values: [],
  });
  return (size?.bytes ?? 0) / 1e9;
}
