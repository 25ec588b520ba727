import { CATALOGUE_VERSION, type MetricName } from '#shared/model/metrics.ts';
import type { Definition } from '#shared/model/definition.ts';
import { dayEnd, dayStart, fromInstant, HOUR, localDate, MINUTE, weekday, type EpochMs } from '#shared/model/time.ts';
import type { Plan, PlanMetric } from '../../server/domain/backtest/plan.ts';
import { dayClass } from '../../server/domain/normal/day-class.ts';
import { QUARTERS } from '../../server/domain/normal/day-fold.ts';
import { LEARNED } from '../../server/domain/normal/learned-metrics.ts';
import type { Database } from '../../server/store/database.ts';
import { packDay } from '../../server/store/day-samples.ts';
import { createDictionary, metricNumbers, unitNumbers } from '../../server/store/dictionary.ts';
import { migrate } from '../../server/store/migrate.ts';
import { createLearnedStore } from '../../server/store/normals.ts';
import { HISTORY_DAY, makePartitions, partitionOf } from '../../server/store/partitions.ts';
import { registerRun } from '../../server/store/run.ts';

export const MONTH_FROM = fromInstant('2026-01-01T00:00:00Z');
export const MONTH_TO = fromInstant('2026-02-01T00:00:00Z');
/**
 * Samples an open hour of a practice by metric, as a demonstration of Greater Manchester recorded them on Tuesday 13 January
 * 2026 from 8am to midday; 370 in all. Hubs and most services have some 15 in all, the one 111 service 250.
 */
const PRACTICE_RATES: Partial<Record<MetricName, number>> = {
  'calls.longest-wait': 106,
  'callbacks.oldest': 62,
  'calls.against-usual': 41,
  'calls.answered-share': 38,
  'calls.inbound-60m': 26,
  'calls.missed-share': 23,
  'slots.left-behind': 16,
  'slots.free-4h': 11,
  'online.per-1000': 10,
  'slots.left-share': 6,
  'online.time-used': 6,
};
const [PRACTICE_REST, REST] = [2.3, 2];
const rateOf = (metric: MetricName, kind: string): number =>
  kind === 'practice' ? (PRACTICE_RATES[metric] ?? PRACTICE_REST) : kind === 'nhs111' ? 30 : REST;

const LEARNED_DAYS = 84;
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
  const random = createRandom();
  await writeNormals(database, system, plan, random);
  await database.session(async (client) => {
    await client.query('create temporary table pool (metric_id smallint, kind text, variant integer, packed bytea)');
    await client.query('create temporary table wanted (unit_id integer, metric_id smallint, kind text)');
    await client.query(
      'insert into recording (run_id, from_at, to_at) values ($1, to_timestamp($2), to_timestamp($3))',
      [...[runId, MONTH_FROM / 1000, MONTH_TO / 1000]],
    );
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

/**
 * What a demonstration's feeds come to: the rates as recorded, each value a step from the one before. Wandering without a
 * destination, they cross cut-offs more often than real ones do.
 */
function packedDay(metric: PlanMetric, plan: Plan, kind: string, random: () => number): Buffer {
  const rule = plan.rules[0]?.indicators.find((r) => r.metric === metric.name && r.siteKinds.includes(kind as never));
  const reach = rule === undefined ? 40 : 1.1 * Math.max(...rule.cutoffs.map(Math.abs));
  const everyMs = metric.everyMs < MINUTE ? metric.everyMs : MINUTE;
  const chance = (rateOf(metric.name, kind) * everyMs) / HOUR;
  const [at, value]: [EpochMs[], number[]] = [[], []];
  let now = reach / 3;
  for (let t = 7.5 * HOUR; t < 19 * HOUR; t += everyMs) {
    if (random() > chance) continue;
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

/** Twelve weeks before the month and the month itself as they were learned, so that every day has own normals to be told. */
async function writeNormals(database: Database, system: string, plan: Plan, random: () => number): Promise<void> {
  const store = createLearnedStore(database, system, MONTH_RUN.run);
  const metrics = plan.usual.filter((name) => LEARNED.includes(name));
  for (let day = dayStart(MONTH_FROM - LEARNED_DAYS * 24 * HOUR); day < MONTH_TO; day = dayEnd(day)) {
    const date = localDate(day);
    if (weekday(day) > 5) continue;
    for (const metric of metrics) {
      const sites = plan.sites.filter(({ metricPlace }) => metricPlace.has(metric));
      const rows = sites.map(({ def }) => [def.id, usualDay(random)] as const);
      await store.save(metric, date, dayClass(date), new Map(rows));
    }
  }
}

/** A value a quarter hour from 8am to 6:30pm. */
const usualDay = (random: () => number) =>
  Float32Array.from({ length: QUARTERS }, (_, q) => (q < 32 || q >= 74 ? NaN : Math.round(random() * 40)));
