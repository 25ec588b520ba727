import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MetricShape } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, HOUR, MINUTE } from '#shared/model/time.ts';
import type { PlainSample } from '../../test/support/plain-series.ts';
import { bucketStarts } from './buckets.ts';
import type { Span } from './recording.ts';
import { rollUp } from './cells.ts';
import type { Samples } from './day-samples.ts';
import { foldCells } from './fold-cells.ts';
import { LEVEL } from './history.ts';
import { cellBounds, FIVE_MINUTES } from './widths.ts';

const EIGHT = Temporal.Instant.from('2026-01-12T08:00:00Z').epochMilliseconds;
const at = (minute: number) => EIGHT + minute * MINUTE;
/** `[minute after eight, value]` … */
const samples = (...given: [number, number | null][]): PlainSample[] =>
  given.map(([m, value]) => ({ at: at(m), value }));
const WHOLE: readonly Span[] = [{ from: EIGHT - 48 * HOUR, to: EIGHT + 48 * HOUR }];

const inColumns = (given: readonly PlainSample[]): Samples => ({
  at: Float64Array.from(given, (s) => s.at),
  received: Float64Array.from(given, (s) => s.at),
  value: Float64Array.from(given, (s) => s.value ?? NaN),
  code: Int32Array.from(given, (s) => (s.level === true ? LEVEL : s.value === null ? 2 : 0)),
});

function fold(shape: MetricShape, given: PlainSample[], { minutes = 60, step = 15, spans = WHOLE, from = 0 } = {}) {
  const end = at(from + minutes);
  const starts = bucketStarts(at(from), end, step * MINUTE);
  const columns = inColumns(given);
  const cells = [];
  for (let day = dayStart(given[0]?.at ?? end); day < end; day = dayEnd(day)) {
    cells.push(...rollUp(columns, cellBounds(FIVE_MINUTES, day), spans, shape === 'since-midnight'));
  }
  const points = foldCells({ shape, cells, standing: null, spans, starts, end });
  return points.map(([, value]) => value);
}

test('a gauge shows the last value of each bucket, and what stands from before where nothing came', () => {
  expect(fold('gauge', samples([-20, 4], [16, 7], [20, 9], [50, 0]))).toEqual([4, 9, 9, 0]);
});

test('before anything was known there is nothing, not zero', () => {
  expect(fold('gauge', samples([31, 5]))).toEqual([null, null, 5, 5]);
});

test('an absent stretch is a gap; a bucket with a value in part of it shows that', () => {
  expect(fold('gauge', samples([-5, 3], [2, 6], [10, null], [47, 8]))).toEqual([6, null, null, 8]);
});

test('a value stands only while somebody was recording', () => {
  const spans = [
    { from: at(-60), to: at(14) },
    { from: at(46), to: at(60) },
  ];
  expect(fold('gauge', samples([-5, 3]), { spans })).toEqual([3, null, null, 3]);
});

test('a time that has not come has no values', () => {
  expect(fold('gauge', samples([-5, 3]), { spans: [{ from: at(-60), to: at(20) }] })).toEqual([3, 3, null, null]);
});

test('a window is not summed: neighbouring readings count the same calls', () => {
  expect(fold('window', samples([1, 30], [5, 32], [10, 31]), { minutes: 15 })).toEqual([31]);
});

test('a counter shows how much it rose in each bucket', () => {
  expect(fold('since-midnight', samples([-30, 100], [5, 110], [20, 130], [29, 131], [50, 140]))).toEqual([
    10, 21, 0, 9,
  ]);
});

test('a counter that is met for the first time has risen only since', () => {
  expect(fold('since-midnight', samples([3, 500], [10, 520], [20, 530]))).toEqual([20, 10, 0, 0]);
});

test('at London midnight a counter begins again', () => {
  const midnight = 16 * 60;
  const given = samples([midnight - 20, 900], [midnight - 4, 903], [midnight + 7, 2], [midnight + 20, 5]);
  expect(fold('since-midnight', given, { from: midnight - 15, minutes: 45 })).toEqual([3, 2, 3]);
});

test('the rise over a gap belongs to no bucket, unless both its ends lie in one', () => {
  const given = samples([-10, 100], [5, 110], [10, null], [50, 180], [55, 181]);
  expect(fold('since-midnight', given)).toEqual([10, null, null, 1]);
  expect(fold('since-midnight', given, { step: 60 })).toEqual([81]);
});

test('a counter is not carried over a stretch in which nobody was recording', () => {
  const spans = [
    { from: at(-60), to: at(8) },
    { from: at(40), to: at(90) },
  ];
  expect(fold('since-midnight', samples([-10, 100], [5, 110], [46, 150], [50, 153]), { spans })).toEqual([
    10,
    null,
    0,
    3,
  ]);
});

test('a correction downwards is no negative rise', () => {
  expect(fold('since-midnight', samples([-5, 10], [5, 8], [10, 9]), { minutes: 15 })).toEqual([1]);
});

test('a total of another feed, or one told after the day, is a level: no rise, and what a whole day comes to', () => {
  const day = -8 * 60;
  const told: PlainSample[] = [
    ...samples([-600, 90], [day, 0], [1, 100], [31, 120]),
    { at: at(32), value: 300, level: true },
  ];
  const more = samples([33, 305]);
  expect(fold('since-midnight', [...told, ...more])).toEqual([100, 0, 25, 0]);
  expect(fold('since-midnight', [...told, ...more], { from: day, minutes: 24 * 60, step: 24 * 60 })).toEqual([305]);
  const final: PlainSample[] = [
    ...told,
    { at: at(16 * 60) - 1, value: 118, level: true },
    ...samples([16 * 60 + 1, 7]),
  ];
  expect(fold('since-midnight', final, { from: day, minutes: 2880, step: 1440 })).toEqual([118, 7]);
  expect(fold('since-midnight', final, { from: 16 * 60 - 60 })).toEqual([0, 0, 0, 0]);
});

test('however a counter is read, its rises add up to what it rose, whatever the step', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 9 })), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.constantFrom(5, 15, 60),
      (steps, step) => {
        let minute = -1;
        let value = 40;
        const given: [number, number][] = [[minute, value]];
        for (const [wait, rise] of steps) given.push([(minute += wait), (value += rise)]);
        const points = fold('since-midnight', samples(...given), { step, minutes: 12 * 60 });
        expect(points.reduce<number>((sum, p) => sum + (p ?? 0), 0)).toBe(value - 40);
      },
    ),
  );
});
