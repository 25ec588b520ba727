import { expect, test } from 'vitest';
import { HOUR, MINUTE, QUARTER } from '#shared/model/time.ts';
import { bucketStarts, MOST_BUCKETS } from './buckets.ts';

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const said = (starts: number[]) => starts.map((s) => new Date(s).toISOString().slice(0, 16));

test('buckets are counted from London midnight, also when the question begins between two', () => {
  expect(said(bucketStarts(at('2026-01-12T08:07:00Z'), at('2026-01-12T08:31:00Z'), QUARTER))).toEqual([
    '2026-01-12T08:00',
    '2026-01-12T08:15',
    '2026-01-12T08:30',
  ]);
  // In summer London's midnight is 11pm in UTC: seven-hour buckets show it.
  expect(said(bucketStarts(at('2026-07-01T00:00:00Z'), at('2026-07-02T00:00:00Z'), 7 * HOUR))).toEqual([
    '2026-06-30T23:00',
    '2026-07-01T06:00',
    '2026-07-01T13:00',
    '2026-07-01T20:00',
    '2026-07-01T23:00',
  ]);
});

test.for([
  { day: 'in the spring', from: '2026-03-29T00:00:00Z', to: '2026-03-29T23:00:00Z', hours: 23 },
  { day: 'in the autumn', from: '2026-10-24T23:00:00Z', to: '2026-10-26T00:00:00Z', hours: 25 },
])('the day on which the clocks change $day has $hours hours', ({ from, to, hours }) => {
  expect(bucketStarts(at(from), at(to), HOUR)).toHaveLength(hours);
  expect(bucketStarts(at(from), at(to), QUARTER)).toHaveLength(hours * 4);
});

test('a step of a day or more gives whole London days, whatever their length', () => {
  expect(said(bucketStarts(at('2026-03-28T05:00:00Z'), at('2026-03-31T00:00:00Z'), 24 * HOUR))).toEqual([
    '2026-03-28T00:00',
    '2026-03-29T00:00',
    '2026-03-29T23:00',
    '2026-03-30T23:00',
  ]);
});

test('nonsense gives nothing, and a huge question a bounded answer', () => {
  expect(bucketStarts(10, 10, MINUTE)).toEqual([]);
  expect(bucketStarts(0, HOUR, 0)).toEqual([]);
  expect(bucketStarts(0, HOUR, NaN)).toEqual([]);
  expect(bucketStarts(0, 365 * 24 * HOUR, 1)).toHaveLength(MOST_BUCKETS);
});
