import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createPoller } from '../../server/feeds/poller.ts';
import { NO_QUARANTINE } from '../../server/feeds/quarantine.ts';
import { stableHash } from '../../server/feeds/schedule.ts';
import { FAULTS, SITE } from '../fixtures/feeds/fault-matrix.ts';
import { createRealClock } from '../fixtures/feeds/polling.ts';
import { definitionOf, feedOf, siteOf } from '../fixtures/feeds/samples.ts';
import { report } from './report.ts';

const HEALTHY = 200;
const WARM_UP_MS = 3000;
const RUN_MS = 15_000;
const PERIOD_MS = 1000;

/**
 * How long after its turn a healthy feed's answer is there (99th percentile, 200 feeds polled every second), with every
 * fault of the matrix on feeds beside them, against the same without; before, between and after, so that the machine's
 * own mood shows.
 */
export async function runBench(): Promise<void> {
  const supplier = fork(new URL('../fixtures/feeds/fault-server.ts', import.meta.url));
  const [port] = (await once(supplier, 'message')) as [number];
  const origin = `http://127.0.0.1:${port}`;
  try {
    const calm = [await p99(origin, false)];
    const troubled = [await p99(origin, true)];
    calm.push(await p99(origin, false));
    troubled.push(await p99(origin, true));
    const [a = NaN, b = NaN] = calm;
    if (Math.max(a, b) / Math.min(a, b) > 1.15)
      console.error(`faults: the two calm runs differ (${a} and ${b} ms): the machine is too restless to tell`);
    report('faults-healthy-delay-p99', mean(troubled), 'ms from turn to answer', mean(calm));
  } finally {
    supplier.disconnect();
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function p99(origin: string, withFaults: boolean): Promise<number> {
  const sites = Array.from({ length: HEALTHY }, (_, i) => `P82${String(i).padStart(3, '0')}`);
  const common = { schedule: '* * * * * *', timeoutMs: 2000, maxBytes: 1024 * 1024 };
  const healthy = sites.map((site) =>
    feedOf('telephony-queues', {
      ...common,
      id: site.toLowerCase(),
      supplier: 'well',
      url: `${origin}/good/${site}`,
      sites: [site],
    }),
  );
  const faulty = FAULTS.map((_, i) =>
    feedOf('telephony-queues', {
      ...common,
      id: `fault-${i}`,
      supplier: `s-${i}`,
      url: `${origin}/fault/${i}`,
      sites: [SITE],
    }),
  );
  const delays: number[] = [];
  const from = performance.now() + WARM_UP_MS;
  const quiet = (): void => undefined;
  const poller = createPoller({
    definition: definitionOf(
      [siteOf(SITE), ...sites.map((site) => siteOf(site))],
      withFaults ? [...healthy, ...faulty] : healthy,
    ),
    clock: createRealClock(),
    secret: () => undefined,
    onOutcome: ({ feed, state }) => {
      if (feed.startsWith('fault-') || performance.now() < from) return;
      if (state !== 'ok') throw new Error(`${feed} is ${state}`);
      delays.push((Date.now() - (stableHash(feed) % PERIOD_MS)) % PERIOD_MS);
    },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    quarantine: NO_QUARANTINE,
    pausesFile: null,
    limits: { perSupplier: HEALTHY, overall: 2 * HEALTHY, startsPerSecond: 4 * HEALTHY },
  });
  poller.start();
  await new Promise<void>((done) => setTimeout(done, WARM_UP_MS + RUN_MS));
  await poller.stop();
  if (delays.length < (HEALTHY * RUN_MS) / PERIOD_MS / 2) throw new Error(`only ${delays.length} healthy polls`);
  return delays.sort((a, b) => a - b)[Math.floor(delays.length * 0.99)] ?? NaN;
}
