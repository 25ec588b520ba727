import { expect, test } from 'vitest';
import { QUARTER } from '#shared/model/time.ts';
import { commit, EIGHT, reading } from '../../test/support/commits.ts';
import { toBatch } from './batch.ts';
import { pack } from './history.ts';
import { spansOf } from './recording.ts';
import { weekOf } from './partitions.ts';

test('readings are packed by the quarter hour of their observation, in order of arrival', () => {
  const rows = pack([
    reading('P1', EIGHT + 1000, 4),
    reading('P1', EIGHT + QUARTER, 5),
    reading('P1', EIGHT + 16_000, 6),
    reading('P2', EIGHT + 1000, 7),
  ]);
  expect(rows).toEqual([
    {
      unit: 'P1',
      metric: 'calls.waiting',
      quarter: EIGHT,
      offsets: [1000, 16_000],
      received: [1500, 16_500],
      values: [4, 6],
      absences: [0, 0],
    },
    {
      unit: 'P1',
      metric: 'calls.waiting',
      quarter: EIGHT + QUARTER,
      offsets: [0],
      received: [500],
      values: [5],
      absences: [0],
    },
    {
      unit: 'P2',
      metric: 'calls.waiting',
      quarter: EIGHT,
      offsets: [1000],
      received: [1500],
      values: [7],
      absences: [0],
    },
  ]);
});

test('an absence is packed as null with its reason, and so is a number that is none', () => {
  const [row] = pack([reading('P1', EIGHT, null, { absence: 'closed' }), reading('P1', EIGHT + 1, NaN)]);
  expect(row?.values).toEqual([null, null]);
  expect(row?.absences).toEqual([5, 6]);
});

test('a total that is no rise over the one before is marked as such', () => {
  const [row] = pack([reading('P1', EIGHT, 4), reading('P1', EIGHT + 1, 9, { level: true })]);
  expect(row).toMatchObject({ values: [4, 9], absences: [0, -1] });
});

test('late data goes to the quarter hour in which it was observed', () => {
  const [row] = pack([reading('P1', EIGHT + 1000, 4, { receivedAt: EIGHT + 2 * QUARTER })]);
  expect(row).toMatchObject({ quarter: EIGHT, received: [2 * QUARTER] });
});

test('a sender whose clock is years off does not reach into the past: its receipt counts', () => {
  const [row] = pack([reading('P1', 0, 4, { receivedAt: EIGHT + 5 })]);
  expect(row).toMatchObject({ quarter: EIGHT, offsets: [5] });
});

test('a batch holds each latest value once, and feeds only where their state changed', () => {
  const feeds = [
    { id: 'telephony', polledAt: 'x' },
    { id: 'slots', state: 'timeout', fault: 'nothing for 5 s' },
  ];
  const batch = toBatch([commit(1), commit(2, { feeds }), commit(3)], 60_000);
  expect(batch.latest.map((a) => a.value)).toEqual([3]);
  expect(batch.feeds).toEqual([{ feed: 'slots', at: EIGHT + 2000, state: 'timeout', fault: 'nothing for 5 s' }]);
  expect(batch.seq).toBe(3);
});

test('times further apart than the gap break the recording', () => {
  expect(spansOf([1, 2, 5, 20, 21], 3)).toEqual([
    { from: 1, to: 5 },
    { from: 20, to: 21 },
  ]);
});

test('a partition is a week from Monday, before and after 1970', () => {
  const monday = Temporal.Instant.from('2026-01-12T00:00:00Z').epochMilliseconds;
  expect(weekOf(monday)).toBe(monday);
  expect(weekOf(monday - 1)).toBe(monday - 7 * 86_400_000);
  expect(new Date(weekOf(-1)).toISOString()).toBe('1969-12-29T00:00:00.000Z');
});
