import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import { CATALOGUE_VERSION, metricSpec } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { dayEnd, fromInstant, HOUR, localDate, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { Assignment } from '../../server/backtest/messages.ts';
import { startThread } from '../../server/backtest/thread.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { findSystemFolder } from '../../server/definition/system-folder.ts';
import { createPlan, type Plan, type PlanMetric } from '../../server/domain/backtest/plan.ts';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import { packDay } from '../../server/store/day-samples.ts';
import { createDictionary, metricNumbers, unitNumbers } from '../../server/store/dictionary.ts';
import { startEmbedded } from '../../server/store/embedded.ts';
import { migrate } from '../../server/store/migrate.ts';
import { HISTORY_DAY, makePartitions, partitionOf } from '../../server/store/partitions.ts';
import { registerRun } from '../../server/store/run.ts';
import { createSampleReader } from '../../server/store/samples.ts';
import { report } from './report.ts';

const FROM = fromInstant('2026-01-01T00:00:00Z');
const TO = fromInstant('2026-02-01T00:00:00Z');
/** The judge asks for a month of Greater Manchester within this. */
const LIMIT_SECONDS = 60;
/** Different days of each metric; sites and dates draw from them. */
const VARIANTS = 48;
const silent = pino({ level: 'silent' });
const RUN = { run: 'bench', system: '', simulated: true, seed: 1, scenario: null } as const;

/**
 * A month of Greater Manchester judged again with other thresholds, from packed history in a real database: seconds
 * (baseline: the minute it may take), site-minutes a second, samples read a second (baseline: only reading them), how long
 * the main thread's loop is held up (baseline: idle), and memory.
 */
export async function runBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  chmodSync(folder, 0o711);
  const cluster = await startEmbedded({ folder, logger: silent });
  try {
    const definition = await load('greater-manchester');
    const database = connectDatabase({
      ...{ connectionString: cluster.url, connections: 1, statementLimitMs: 300_000, logger: silent },
    });
    try {
      const plan = createPlan(definition, [definition.rules]);
      await writeMonth(database, definition, plan);
      await measure(cluster.url, definition, database, plan);
    } finally {
      await database.end();
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(url: string, definition: Definition, database: Database, plan: Plan): Promise<void> {
  const idle = await loopDelay(() => wait(5000));
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 100);
  let result: BacktestResult | null = null;
  const began = performance.now();
  const cpu = process.cpuUsage();
  const busy = await loopDelay(async () => {
    result = await backtest(url, definition);
  });
  const seconds = (performance.now() - began) / 1000;
  const spent = process.cpuUsage(cpu);
  clearInterval(watch);
  const read = await readOnly(database, definition, plan);
  const judged = (result as BacktestResult | null)?.judged ?? 0;
  report('backtest-month-greater-manchester', seconds, 's', LIMIT_SECONDS);
  // On a machine that does other things as well, this is what the month takes on a core of its own, but for the database.
  report('backtest-month-cpu', (spent.user + spent.system) / 1e6, 's of CPU', read.cpuSeconds);
  report('backtest-site-minutes', (judged * 2) / seconds, 'site-minutes/s', judged / LIMIT_SECONDS);
  report('backtest-samples', read.samples / seconds, 'samples/s', read.samples / read.seconds);
  report('backtest-samples-per-judged-hour', read.samples / (judged / 60), 'samples', 1);
  report('backtest-loop-delay-p99', busy, 'ms', idle);
  report('backtest-memory', (peak - before) / 1e6, 'MB', before / 1e6);
}

/** Later starts for levels and every cut-off a fifth further out. */
function tried(rules: Rules): Rules {
  const [a, b, c] = rules.levels;
  const further = rules.indicators.map((rule) => ({
    ...rule,
    cutoffs: rule.cutoffs.map((cutoff) => cutoff * (rule.direction === 'high' ? 1.2 : 0.8)) as Rules['levels'],
  }));
  return { ...rules, levels: [a + 3, b + 3, Math.min(100, c + 3)], indicators: further };
}

async function backtest(connectionString: string, definition: Definition): Promise<BacktestResult> {
  const { rules } = definition;
  const assignment: Assignment = {
    ...{ definition, national: loadNational(), connectionString, run: RUN.run, threads: 2, from: FROM, to: TO },
    ...{ tried: tried(rules), against: rules, againstName: rulesId(rules) },
  };
  const ending = await startThread(assignment, () => undefined).ending;
  if (ending.kind !== 'done') throw new Error(ending.kind === 'failed' ? ending.reason : 'the back-test was ended');
  return ending.result;
}

async function readOnly(database: Database, definition: Definition, plan: Plan) {
  const reader = createSampleReader(database, definition.id, RUN.run);
  const began = performance.now();
  const cpu = process.cpuUsage();
  let samples = 0;
  const units = plan.sites.map((site) => site.def.id);
  for await (const block of reader.samples({ units, metrics: plan.metrics, from: FROM, to: TO })) {
    samples += block.at.length;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { samples, seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

async function loopDelay(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}

async function load(id: string): Promise<Definition> {
  const folder = findSystemFolder(id);
  const loaded = folder === null ? null : await loadDefinition(folder);
  if (!loaded?.ok) throw new Error(`The system ${id} cannot be loaded.`);
  return loaded.definition;
}

async function writeMonth(database: Database, definition: Definition, plan: Plan): Promise<void> {
  await migrate(database);
  const system = definition.id;
  const run = { ...RUN, system, began: FROM, clock: { start: FROM, realEpoch: 0, speed: 1 } };
  const runId = await registerRun(database, system, run);
  const units = createDictionary(database, unitNumbers(system));
  const metrics = createDictionary(database, metricNumbers);
  await units.ensure(plan.sites.map((site) => site.def.id));
  await metrics.ensure(plan.metrics);
  await makePartitions(database, [partitionOf(HISTORY_DAY, FROM)], HISTORY_DAY);
  await database.session(async (client) => {
    await client.query('create temporary table pool (metric_id smallint, kind text, variant integer, packed bytea)');
    await client.query('create temporary table wanted (unit_id integer, metric_id smallint, kind text)');
    await client.query(
      'insert into recording (run_id, from_at, to_at) values ($1, to_timestamp($2), to_timestamp($3))',
      [...[runId, FROM / 1000, TO / 1000]],
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
    for (let day = FROM; day < TO; day = dayEnd(day)) days.push(localDate(day));
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
