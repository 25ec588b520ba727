import fc from 'fast-check';
import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Applied, HistoryReader, SampleBlock, SampleReader } from '../../server/domain/ports.ts';
import { commit, reading } from './commits.ts';
import { demonstrationRun, openTestJournal, startStore, takenIn } from './store-fixture.ts';

/** Friday 27 March 2026: the clocks go forward on the Sunday. */
export const FRIDAY = Date.UTC(2026, 2, 27);
/** Monday 8am in London, an hour earlier by UTC than on the Friday. */
export const MONDAY = Date.UTC(2026, 2, 30, 7);
export const PAIRS: readonly (readonly [string, MetricName])[] = [
  ['P1', 'calls.waiting'],
  ['P1', 'calls.inbound'],
  ['P2', 'calls.inbound'],
  ['N1', 'calls.inbound-60m'],
];

/** Readings as they come, the same for a seed: gauges and counters, absences, levels, stretches of silence. */
export function manyReadings(seed: number): Applied[] {
  return PAIRS.flatMap(([unit, metric], i) => {
    const [given = []] = fc.sample(
      fc.array(
        fc.tuple(
          fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 600 })),
          fc.option(fc.integer({ min: 0, max: 60 }), { freq: 9 }),
          fc.integer({ min: 0, max: 20 }),
        ),
        { minLength: 90, maxLength: 90 },
      ),
      { seed: seed + i, numRuns: 1 },
    );
    let at = FRIDAY;
    return given.flatMap(([minutes, value, kind]) => {
      at += minutes * MINUTE;
      const level = kind === 0 && value !== null && metric === 'calls.inbound' ? { level: true as const } : {};
      return at >= MONDAY ? [] : reading(unit, at, value, { metric, receivedAt: at + 700, ...level });
    });
  });
}

/** Takes readings in, in the order of `applied` at the times of their observation, or all of them at `at` (late ones). */
export async function takeIn(url: string, run: string, applied: readonly Applied[], at?: EpochMs): Promise<void> {
  const journal = await openTestJournal();
  let seq = 0;
  const minutes = Map.groupBy(applied, (a) => at ?? Math.ceil(a.observedAt / (5 * MINUTE)) * 5 * MINUTE);
  // Two stretches in which nobody was recording.
  const away = (time: EpochMs) =>
    [30, 47].some((hour) => time > FRIDAY + hour * HOUR && time < FRIDAY + (hour + 2) * HOUR);
  for (let time = at ?? FRIDAY; time <= Math.max(at ?? 0, MONDAY); time += 5 * MINUTE) {
    if (at === undefined && away(time) && !minutes.has(time)) continue;
    journal.append(commit((seq += 1), { at: time, applied: minutes.get(time) ?? [] }));
  }
  const store = startStore({ url, journal, run: demonstrationRun({ run }) });
  await takenIn(store, journal);
  await store.stop();
}

/** Everything that charts can show of the pairs, over whole days, parts of days and steps of every roll-up. */
export async function everyChart(reader: HistoryReader): Promise<unknown[]> {
  const answers: unknown[] = [];
  const spans: [EpochMs, EpochMs][] = [
    [FRIDAY, MONDAY],
    [FRIDAY + 31 * HOUR, FRIDAY + 50 * HOUR + 7 * MINUTE],
  ];
  for (const [unit, metric] of PAIRS) {
    for (const [from, to] of spans) {
      for (const minutes of [7, 15, 60, 1440]) {
        const step = minutes * MINUTE;
        const { points, bounds } = await reader.chart({ unit, metric, from, to, step, band: true });
        // Means are kept to seven digits.
        const rounded = bounds.map((b) => ({
          ...b,
          mean: b.mean === null ? null : Number(b.mean.toFixed(3)),
          coverage: Number(b.coverage.toFixed(9)),
        }));
        answers.push({ unit, metric, from, to, minutes, points, bounds: rounded });
      }
    }
  }
  return answers;
}

export interface ReadSample {
  readonly pair: string;
  readonly at: EpochMs;
  readonly value: number | null;
  readonly absence: number;
  readonly level: boolean;
}

/** All samples of the pairs, one by one, in the order in which they come; `blocks` to look at the blocks themselves. */
export async function everySample(reader: SampleReader, from: EpochMs, to: EpochMs, blocks: SampleBlock[] = []) {
  const samples: ReadSample[] = [];
  const metrics = [...new Set(PAIRS.map(([, metric]) => metric))];
  for await (const block of reader.samples({ units: ['P1', 'P2', 'N1'], metrics, from, to })) {
    blocks.push(block);
    block.at.forEach((at, i) => {
      const value = block.value[i] ?? NaN;
      samples.push({
        ...{ pair: `${block.unit} ${block.metric}`, at, value: Number.isNaN(value) ? null : value },
        ...{ absence: block.absence[i] ?? -1, level: block.level?.[i] === 1 },
      });
    });
  }
  return samples;
}

export const byPair = (samples: readonly ReadSample[]): Map<string, ReadSample[]> =>
  Map.groupBy(
    samples.toSorted((a, b) => (a.pair < b.pair ? -1 : a.pair > b.pair ? 1 : 0)),
    (s) => s.pair,
  );
