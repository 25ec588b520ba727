import { CATALOGUE_VERSION, metricSpec } from '#shared/model/metrics.ts';
import type { Definition } from '#shared/model/definition.ts';
import { dayEnd, fromInstant, HOUR, localDate, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Plan, PlanMetric } from '../../server/domain/backtest/plan.ts';
import type { Database } from '../../server/store/database.ts';
import { packDay } from '../../server/store/day-samples.ts';
import { createDictionary, metricNumbers, unitNumbers } from '../../server/store/dictionary.ts';
import { migrate } from '../../server/store/migrate.ts';
import { HISTORY_DAY, makePartitions, partitionOf } from '../../server/store/partitions.ts';
import { registerRun } from '../../server/store/run.ts';

export const MONTH_FROM = fromInstant('2026-01-01T00:00:00Z');
export const MONTH_TO = fromInstant('2026-02-01T00:00:00Z');
/** Different days of each metric; sites and dates draw from them. */
const VARIANTS = 48;
export const MONTH_RUN = { run: 'bench', system: '', simulated: true, seed: 1, scenario: null } as const;

/** A month of packed days of every site and metric that the plan asks for, as the product would have kept it. */
export async function writeMonth(database: Database, definition: Definition, plan: Plan): Promise<void> {
  await migrate(database);
  const system = definition.id;
  const run = { ...MONTH_RUN, system, began: MONTH_FROM, clock: { start: MONTH_FROM, realEpoch: 0, speed: 1 } };
  const runId = await registerRun(database, system, run);
  const units = createDictionary(database, unitNumbers(system));
  const metrics = createDictionary(database, metricNumbers);
  await units.ensure(plan.sites.map((site) => site.def.id));
  await metrics.ensure(plan.metrics);
  await makePartitions(database, [partitionOf(HISTORY_DAY, MONTH_FROM)], HISTORY_DAY);
  await database.session(async (client) => {
    await client.query('create temporary table pool (metric_id smallint, kind text, variant integer, packed bytea)');
    await client.query('create temporary table wanted (unit_id integer, metric_id smallint, kind text)');
    await client.query(
      'insert into recording (run_id, from_at, to_at) values ($1, to_timestamp($2), to_timestamp($3))',
      [...[runId, MONTH_FROM / 1000, MONTH_TO / 1000]],
    );
    const random = createRandom();
    const made = new Set<string>();
    for (const site of plan.sites) {
      const kind = site.def.siteKind ?? 'practice';
      for (const metric of site.metrics) {
        const id = metrics.of(metric.name);
        await client.query('insert into wanted values ($1, $2, $3)', [units.of(site.def.id), id, kind]);
        if (made.has(`${id} ${kind}`)) continue;
        made.add(`${id} ${kind}`);
        for (let variant = 0; variant < VARIANTS; variant += 1) {
          const packed = packedDay(metric, plan, kind, random);
          await client.query('insert into pool values ($1, $2, $3, $4)', [id, kind, variant, packed]);
        }
      }
    }
    const days: string[] = [];
    for (let day = MONTH_FROM; day < MONTH_TO; day = dayEnd(day)) days.push(localDate(day));
    await client.query(
      `insert into history_day (run_id, unit_id, metric_id, day, catalogue, packed)
       select $1, w.unit_id, w.metric_id, d.day, $2, p.packed
       from wanted w cross join unnest($3::date[]) as d(day)
       join pool p on p.metric_id = w.metric_id and p.kind = w.kind
         and p.variant = (w.unit_id * 7 + extract(doy from d.day)::integer * 13) % ${VARIANTS}
       -- Nobody rings a practice that is closed.
       where w.kind <> 'practice' or (extract(isodow from d.day) < 6 and d.day <> '2026-01-01')`,
      [runId, CATALOGUE_VERSION, days],
    );
    await client.query('analyze history_day');
  });
}

/** Uniform in [0, 1), the same at every run. */
function createRandom(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a demonstration's feeds come to: gauges of phones move with most of their documents, the board's own once a minute. */
function packedDay(metric: PlanMetric, plan: Plan, kind: string, random: () => number): Buffer {
  const fast = metric.everyMs <= 30_000 && !metricSpec(metric.name).derived;
  const everyMs = fast ? metric.everyMs : Math.max(MINUTE, Number.isFinite(metric.everyMs) ? metric.everyMs : MINUTE);
  const rule = plan.rules[0]?.indicators.find((r) => r.metric === metric.name && r.siteKinds.includes(kind as never));
  const reach = rule === undefined ? 40 : 1.1 * Math.max(...rule.cutoffs.map(Math.abs));
  const [at, value]: [EpochMs[], number[]] = [[], []];
  let now = reach / 3;
  for (let t = 7.5 * HOUR; t < 19 * HOUR; t += everyMs) {
    if (random() > (fast ? 0.65 : 0.4)) continue;
    now = Math.min(reach, Math.max(0, now + (random() - 0.505) * reach * 0.05));
    at.push(t);
    value.push(Number(now.toPrecision(4)));
  }
  const times = Float64Array.from(at);
  return packDay(0, {
    at: times,
    received: times.map((time) => time + 700),
    value: Float64Array.from(value),
    code: new Int32Array(at.length),
  });
}
