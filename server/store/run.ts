import type { Run } from '#shared/model/run.ts';
import type { Queryable, Query } from './database.ts';

/** The run of real operation: there is one, and it has no beginning worth a mention. */
const LIVE = { run: 'live', simulated: false, seed: 0, scenario: null } as const;

/** What a run is called in the database. */
export const codeOfRun = (run: Run | null): string => (run ?? LIVE).run;

const upsertRun = (system: string, run: Run | null): Query => ({
  name: 'upsert-run',
  text: `insert into run (code, system, simulated, seed, scenario, began)
         values ($1, $2, $3, $4, $5, coalesce(to_timestamp($6::float8 / 1000), '-infinity'))
         on conflict (system, code) do update set scenario = excluded.scenario
         returning run_id as id`,
  values: [
    (run ?? LIVE).run,
    system,
    (run ?? LIVE).simulated,
    (run ?? LIVE).seed,
    (run ?? LIVE).scenario,
    run === null ? null : run.began,
  ],
});

/** Number of the run whose system is `$1` and whose code is `$2`, as SQL. */
export const RUN = '(select run_id from run where system = $1 and code = $2)';

/** Number of the run in the database, made on first sight. */
export async function registerRun(database: Queryable, system: string, run: Run | null): Promise<number> {
  const [row] = await database.query<{ id: number }>(upsertRun(system, run));
  if (row === undefined) throw new Error('The run could not be written.');
  return row.id;
}

/** Product time by the database's clock: real, or that of the run. SQL expression over `$n` start, `$n+1` epoch, `$n+2` speed. */
export function productNow(run: Run | null): Query {
  const clock = run?.clock ?? { start: 0, realEpoch: 0, speed: 1 };
  return {
    name: 'product-now',
    text: `select floor($1::float8 + (extract(epoch from clock_timestamp())::float8 * 1000 - $2::float8) * $3::float8) as now`,
    values: [clock.start, clock.realEpoch, clock.speed],
  };
}
