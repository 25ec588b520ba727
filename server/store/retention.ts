import type { EpochMs } from '#shared/model/time.ts';
import type { Database, Query } from './database.ts';

/**
 * What lies before this may be dropped. Partitions hold all runs of a system: a demonstration whose clock runs ahead must
 * not take away what real operation recorded, so that goes by its own clock alone.
 */
export async function keptFrom(database: Database, now: EpochMs, retentionMs: number): Promise<EpochMs> {
  const [real] = await database.query<{ at: EpochMs | null }>(REAL_OPERATION);
  return Math.min(now, real?.at ?? now) - retentionMs;
}

/** How far it is taken in; null where there never was any. */
const REAL_OPERATION: Query = {
  name: 'real-operation-at',
  text: `select (extract(epoch from min(at)) * 1000)::float8 as at from journal_position join run using (run_id)
         where not simulated`,
  values: [],
};
