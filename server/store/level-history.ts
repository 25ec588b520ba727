import type { EpochMs } from '#shared/model/time.ts';
import type { Query } from './database.ts';

/** Without its words: what a level was, not why. */
const COLUMNS = `(extract(epoch from at) * 1000)::float8 as at, unit.code as unit, from_level as "from", to_level as "to",
                score, '' as text, rules.version || '/' || rules.hash as rules`;

/** Every change of level in [from, to), oldest first. */
export const readChangesBetween = (system: string, run: string, from: EpochMs, to: EpochMs): Query => ({
  name: 'read-changes-between',
  text: `select ${COLUMNS}
         from level_change join run using (run_id) join unit using (unit_id) join rules_version rules using (rules_id)
         where run.system = $1 and run.code = $2
           and at >= to_timestamp($3::float8 / 1000) and at < to_timestamp($4::float8 / 1000)
         order by at, seq`,
  values: [system, run, from, to],
});

/** The change that each unit's level stood by at `at`, as far as it was within five weeks. */
export const readChangesStanding = (system: string, run: string, at: EpochMs): Query => ({
  name: 'read-changes-standing',
  text: `select ${COLUMNS}
         from run join unit using (system)
         cross join lateral (
           select * from level_change change where change.run_id = run.run_id and change.unit_id = unit.unit_id
             and change.at < to_timestamp($3::float8 / 1000)
             and change.at >= to_timestamp($3::float8 / 1000) - interval '35 days'
           order by change.at desc limit 1) as standing
         join rules_version rules using (rules_id)
         where run.system = $1 and run.code = $2`,
  values: [system, run, at],
});
