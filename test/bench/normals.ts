import { fileURLToPath } from 'node:url';
import type { Definition } from '#shared/model/definition.ts';
import { dayEnd, dayStart, fromInstant, MINUTE } from '#shared/model/time.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { createDayFold, dayFrame, QUARTERS } from '../../server/domain/normal/day-fold.ts';
import { createDayProfile } from '../../server/domain/normal/day-profile.ts';
import { holdOf, LEARNED } from '../../server/domain/normal/learned-metrics.ts';
import { metricCells, type LearnedDay } from '../../server/domain/normal/metric-day.ts';
import { createNormals } from '../../server/domain/normal/normals.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import type { Normal } from '../../server/domain/ports.ts';
import { report } from './report.ts';

const SYSTEM = fileURLToPath(new URL('../../server/systems/greater-manchester', import.meta.url));
const NINE = fromInstant('2026-11-23T09:00:00Z');
const MONDAY = dayStart(NINE);
/** Metrics that both know, as the board asks for them. */
const ASKED = [
  'calls.longest-wait',
  'calls.answered-share',
  'calls.missed-share',
  'calls.inbound',
  'calls.inbound-60m',
] as const;
const ROUNDS = 40;

const shape = (site: number, day: number) =>
  new Float32Array(QUARTERS).map((_, q) => q * (1 + (site % 7)) + ((q * 31 + site * 17 + day * 13) % 11));

/** What own normals cost: asking for one against the published ones, learning a day, making the next day's profile. */
export async function runBench(): Promise<void> {
  const loaded = await loadDefinition(SYSTEM);
  if (!loaded.ok) throw new Error('The system does not load.');
  const { definition } = loaded;
  const sites = definition.units.filter((unit) => unit.siteKind !== null);
  askBoth(definition);
  learn(sites.length);
  build(sites);
}

function askBoth(definition: Definition): void {
  const practices = definition.units.filter(({ siteKind }) => siteKind === 'practice').map(({ id }) => id);
  const published = createPublishedNormal(definition, loadNational());
  const normals = createNormals(published);
  normals.install(
    createDayProfile(
      { day: MONDAY, from: MONDAY, end: dayEnd(NINE) },
      practices.flatMap((site, i) =>
        LEARNED.map((metric) => ({
          ...{ site, metric, source: 'own' as const, days: 8, kind: 1 as const, alike: '', usual: shape(i, 0) },
        })),
      ),
    ),
  );
  const nanoseconds = (normal: Normal) => {
    const began = process.cpuUsage();
    let sum = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = NINE + round * MINUTE;
      for (const site of practices) for (const metric of ASKED) sum += normal.usual(site, metric, at) ?? 0;
    }
    if (Number.isNaN(sum)) throw new Error('A usual value is no number.');
    return (spent(began) * 1e6) / (ROUNDS * practices.length * ASKED.length);
  };
  // Once each to warm up, in turns: what the machine does besides falls on both.
  const took = { learned: Infinity, published: Infinity };
  for (let turn = 0; turn < 6; turn += 1) {
    took.published = Math.min(took.published, nanoseconds(published));
    took.learned = Math.min(took.learned, nanoseconds(normals));
  }
  report('normals.usual-per-call', took.learned, 'ns, published months as baseline', took.published);
}

/** Milliseconds of processor time since `from`: the machine's other work does not count. */
const spent = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
};

/** A day of a change a minute of every learned metric of every site. */
function learn(sites: number): void {
  const frame = dayFrame(MONDAY, [{ from: MONDAY, to: dayEnd(MONDAY) }]);
  const at = Float64Array.from({ length: 1440 }, (_, i) => MONDAY + i * MINUTE);
  const value = at.map((_, i) => i % 40);
  const absence = new Uint8Array(at.length);
  const began = process.cpuUsage();
  for (const metric of LEARNED) {
    for (let site = 0; site < sites; site += 1) {
      const fold = createDayFold(frame, { hold: holdOf(metric), shut: () => false, wholeDays: true });
      fold.push(at, value, absence);
      fold.finish();
    }
  }
  const took = spent(began);
  report(
    'normals.learn-day',
    took,
    `ms of processor for ${sites} sites x ${LEARNED.length} metrics; a day as baseline`,
    86_400_000,
  );
}

function build(sites: Parameters<typeof metricCells>[2]): void {
  const dates = [
    '2026-11-16',
    '2026-11-09',
    '2026-11-02',
    '2026-10-26',
    '2026-10-19',
    '2026-10-12',
    '2026-10-05',
    '2026-09-28',
  ];
  const days = dates.map((date, d): LearnedDay => {
    return { date, kind: 1, sites: new Map(sites.map(({ id }, i) => [id, shape(i, d)])) };
  });
  const began = process.cpuUsage();
  let longest = 0;
  for (const metric of LEARNED) {
    const steps = metricCells(metric, 1, sites, days, () => false);
    for (let done = false; !done;) {
      const from = process.cpuUsage();
      done = steps.next().done === true;
      longest = Math.max(longest, spent(from));
    }
  }
  const unit = `ms of processor for ${sites.length} sites x ${LEARNED.length} metrics; longest without a break as baseline`;
  report('normals.profile-of-a-day', spent(began), unit, longest);
}
