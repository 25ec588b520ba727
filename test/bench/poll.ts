import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import type { FeedDef } from '#shared/model/definition.ts';
import { createPoller, type Poller } from '../../server/feeds/poller.ts';
import { NO_QUARANTINE } from '../../server/feeds/quarantine.ts';
import { createTestClock } from '../fixtures/feeds/polling.ts';
import { definitionOf, feedOf, siteOf } from '../fixtures/feeds/samples.ts';

const ROUNDS = 7;
const POLLS = 400;
/** Rounds before the first that counts: the engine goes on compiling for a few thousand polls. */
const WARM_UP = 6;

/** Two baselines of one run that differ by more than this say that the machine was busy with something else. */
const STEADY = 0.15;

interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly ratio: number;
  /** The same baseline, measured a second time. */
  readonly baselineAgain: number;
  /** The baselines differ too much: the ratio says nothing. */
  readonly void?: true;
}

/**
 * CPU of one poll through the poller (address rule, limits, parse, checks, readings) against bare undici
 * `Pool.request` and `JSON.parse` of the same body in the same run; and of an unchanged poll against a changed one.
 */
export async function runBench(): Promise<void> {
  const supplier = fork(new URL('../fixtures/feeds/bench-supplier.ts', import.meta.url));
  const [port] = (await once(supplier, 'message')) as [number];
  const origin = `http://127.0.0.1:${port}`;
  const pool = new Pool(origin);
  const poller = pollerOf(origin);
  const bare = (path: string) => async () => {
    const { body } = await pool.request({ path, method: 'GET' });
    JSON.parse(await body.text());
  };
  const through = (id: string) => async () => {
    const outcome = await poller.pollNow(id);
    if (outcome.state !== 'ok') throw new Error(`${id}: ${outcome.state} ${outcome.fault}`);
  };
  try {
    report(await compare('poll-cpu-1kB', through('1kB'), bare('/1kB')));
    report(await compare('poll-cpu-20kB', through('20kB'), bare('/20kB')));
    report(await compare('poll-cpu-20kB-no-etag', through('20kB-no-etag'), bare('/20kB?plain')));
    report(await compare('poll-cpu-slots', through('slots:P81000'), bare('/slots/Slot')));
    report(await compare('poll-cpu-20kB-unchanged', through('20kB-unchanged'), through('20kB')));
    report(await compare('poll-cpu-20kB-time-only', through('20kB-time-only'), through('20kB-no-etag')));
  } finally {
    await Promise.all([poller.stop(), pool.destroy()]);
    supplier.disconnect();
  }
}

function pollerOf(origin: string): Poller {
  const units = Array.from({ length: 60 }, (_, i) => siteOf(`P${81000 + i}`));
  const phones = (id: string, path: string, count: number): FeedDef =>
    feedOf('telephony-queues', { id, url: origin + path, sites: units.slice(0, count).map((unit) => unit.id) });
  const feeds = [
    phones('1kB', '/1kB', 3),
    phones('20kB', '/20kB', 59),
    phones('20kB-no-etag', '/20kB?plain', 59),
    phones('20kB-unchanged', '/20kB?unchanged', 59),
    phones('20kB-time-only', '/20kB?time-only', 59),
    feedOf('bars-slots', { id: 'slots', url: `${origin}/slots`, sites: ['P81000'], headers: { 'x-site': '{ods}' } }),
  ];
  const quiet = (): void => undefined;
  return createPoller({
    definition: definitionOf(units, feeds),
    clock: createTestClock(),
    secret: () => undefined,
    quarantine: NO_QUARANTINE,
    pausesFile: null,
    onOutcome: quiet,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
}

/** Rounds of all in turn, so that whatever else the machine does falls on all; medians of the rounds. */
async function compare(name: string, ours: () => Promise<void>, theirs: () => Promise<void>): Promise<Measurement> {
  for (let i = 0; i < WARM_UP; i++) for (const warm of [ours, theirs]) await cpuOf(warm);
  const [value, baseline, again]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    baseline.push(await cpuOf(theirs));
    value.push(await cpuOf(ours));
    again.push(await cpuOf(theirs));
  }
  const [a, b, c] = [median(value), median(baseline), median(again)];
  const steady = Math.max(b, c) / Math.min(b, c) <= 1 + STEADY;
  return {
    ...{ name, value: rounded(a), unit: 'µs CPU per poll', baseline: rounded(b), ratio: rounded((2 * a) / (b + c)) },
    ...{ baselineAgain: rounded(c), ...(steady ? {} : { void: true as const }) },
  };
}

/** Microseconds of CPU that one of `POLLS` costs this process. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < POLLS; i++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / POLLS;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const rounded = (value: number): number => Math.round(value * 100) / 100;
const report = (measurement: Measurement): void => console.log(JSON.stringify(measurement));
