import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { Assignment } from '../../server/backtest/messages.ts';
import { startThread } from '../../server/backtest/thread.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { findSystemFolder } from '../../server/definition/system-folder.ts';
import { createPlan, type Plan } from '../../server/domain/backtest/plan.ts';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import { startEmbedded } from '../../server/store/embedded.ts';
import { createSampleReader } from '../../server/store/samples.ts';
import { MONTH_FROM, MONTH_RUN, MONTH_TO, writeMonth } from '../support/backtest-month.ts';
import { report } from './report.ts';

/** The judge asks for a month of Greater Manchester within this. */
const LIMIT_SECONDS = 60;
const silent = pino({ level: 'silent' });
/**
 * A month of Greater Manchester, as dense as a demonstration records it, judged again with other thresholds from packed
 * history in a real database: seconds (baseline: the minute it may take), the same in one thread, site-minutes a second,
 * samples read a second (baseline: only reading them), how long the main thread's loop is held up (baseline: idle), memory.
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
  const both = await timed(() => backtest(url, definition, 2));
  clearInterval(watch);
  const one = await timed(() => backtest(url, definition, 1));
  const read = await timed(() => readOnly(database, definition, plan));
  const judged = both.result.judged;
  report('backtest-month-greater-manchester', both.seconds, 's', LIMIT_SECONDS);
  report('backtest-month-one-thread', one.seconds, 's', both.seconds);
  // On a machine that does other things as well, this is what the month takes on cores of its own, but for the database.
  report('backtest-month-cpu', both.cpuSeconds, 's of CPU', one.cpuSeconds);
  report('backtest-month-cpu-reading', read.cpuSeconds, 's of CPU', one.cpuSeconds);
  report('backtest-site-minutes', (judged * 2) / both.seconds, 'site-minutes/s', judged / LIMIT_SECONDS);
  report('backtest-samples', read.result / both.seconds, 'samples/s', read.result / read.seconds);
  report('backtest-samples-per-judged-hour', read.result / (judged / 60), 'samples', 1);
  report('backtest-loop-delay-p99', both.loopDelay, 'ms', idle);
  report('backtest-memory', (peak - before) / 1e6, 'MB', before / 1e6);
}

async function timed<T>(work: () => Promise<T>) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let result: T | undefined;
  const delay = await loopDelay(async () => {
    result = await work();
  });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  return { result: result as T, seconds, cpuSeconds: (user + system) / 1e6, loopDelay: delay };
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

async function backtest(connectionString: string, definition: Definition, threads: 1 | 2): Promise<BacktestResult> {
  const { rules } = definition;
  const assignment: Assignment = {
    ...{
      definition,
      national: loadNational(),
      connectionString,
      run: MONTH_RUN.run,
      threads,
      from: MONTH_FROM,
      to: MONTH_TO,
    },
    ...{ tried: tried(rules), against: rules, againstName: rulesId(rules) },
  };
  const ending = await startThread(assignment, () => undefined).ending;
  if (ending.kind !== 'done') throw new Error(ending.kind === 'failed' ? ending.reason : 'the back-test was ended');
  return ending.result;
}

async function readOnly(database: Database, definition: Definition, plan: Plan): Promise<number> {
  const reader = createSampleReader(database, definition.id, MONTH_RUN.run);
  const units = plan.sites.map((site) => site.def.id);
  let samples = 0;
  for await (const block of reader.samples({ units, metrics: plan.metrics, from: MONTH_FROM, to: MONTH_TO })) {
    samples += block.at.length;
  }
  return samples;
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
