import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, HOUR, type EpochMs } from '#shared/model/time.ts';
import { bucketStarts } from '../../server/store/buckets.ts';
import type { Database } from '../../server/store/database.ts';
import { foldCells } from '../../server/store/fold-cells.ts';
import { quarterOf, readKey, type SeriesKey } from '../../server/store/history.ts';
import { cellsFor, STANDING_MS, standingAt } from '../../server/store/series-cells.ts';
import type { Store } from '../../server/store/store.ts';
import { report } from '../bench/report.ts';
import { dice, PRACTICE_METRICS } from './made-history.ts';

const DAY = 24 * HOUR;
const ASKED = 150;

/** Units with a history over [from, to), both London midnights. */
interface AskedOf {
  readonly units: readonly string[];
  readonly from: EpochMs;
  readonly to: EpochMs;
}

interface Question {
  readonly from: EpochMs;
  readonly days: number;
  readonly step: number;
}

/** Questions about any unit and metric at any time. */
export function questions(store: Store, database: Database, { units, from, to: end }: AskedOf) {
  const roll = dice(2);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(roll() * of.length)] as T;
  const pair = () => ({ unit: pick(units), metric: pick(PRACTICE_METRICS).name });
  const spanOf = ({ from: first, days }: Question) => {
    let to = first;
    for (let i = 0; i < days && to < end; i += 1) to = dayEnd(to);
    return { from: first, to };
  };
  return {
    anyDay: (days: number) => dayStart(Math.floor(from + roll() * (end - from - days * DAY))),
    /** The slowest twentieth, against the same questions answered from the readings alone. */
    async compare(name: string, question: () => Question, repeats = ASKED): Promise<void> {
      const [ours, theirs]: [number[], number[]] = [[], []];
      for (let i = 0; i < ASKED; i += 1) {
        const asked = question();
        const query = { ...pair(), ...spanOf(asked), step: asked.step };
        ours.push(await timed(() => store.chart(query)));
        if (i < repeats) theirs.push(await timed(() => fromReadings(database, query)));
      }
      report(`history-${name}-p95`, slowest(ours), 'ms beside live writing, baseline from readings', slowest(theirs));
    },
  };
}

type Asked = { unit: string; metric: MetricName; from: EpochMs; to: EpochMs; step: number };

function fromReadings(database: Database, { unit, metric, from, to, step }: Asked) {
  return database.snapshot(async (inside) => {
    const [key] = await inside.query<SeriesKey>(readKey('bench', 'live', unit, metric));
    if (key === undefined) throw new Error(`${unit} has no history.`);
    const spans = [{ from: from - STANDING_MS, to }];
    const starts = bucketStarts(from, to, step);
    const shape = metricSpec(metric).shape;
    const question = { key, since: quarterOf(from), starts, end: to, width: null, spans };
    const cells = await cellsFor(inside, { ...question, counter: shape === 'since-midnight' });
    const standing = await standingAt(inside, key, question.since);
    return foldCells({ shape, cells, standing, spans, starts, end: to });
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const slowest = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;
