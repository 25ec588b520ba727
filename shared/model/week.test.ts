import { expect, test } from 'vitest';
import { fromInstant, HOUR } from './time.ts';
import { weekAfter, weekAt, weekBefore, weekNamed } from './week.ts';

test.each([
  ['2026-01-12T00:00:00Z', '2026-W03', 168],
  ['2026-01-18T23:59:59Z', '2026-W03', 168],
  ['2026-01-01T12:00:00Z', '2026-W01', 168],
  ['2027-01-03T12:00:00Z', '2026-W53', 168],
  // London midnight in summer is an hour before that of UTC.
  ['2026-07-12T23:30:00Z', '2026-W29', 168],
  ['2026-03-29T12:00:00Z', '2026-W13', 167],
  ['2026-10-25T12:00:00Z', '2026-W43', 169],
])('%s lies in %s, which has %i hours', (at, id, hours) => {
  const week = weekAt(fromInstant(at));
  expect([week.id, (week.to - week.from) / HOUR]).toEqual([id, hours]);
  expect(weekNamed(id)).toEqual(week);
  expect(weekBefore(weekAfter(week))).toEqual(week);
});

test.each(['2026-W54', '2025-W53', '2026-W00', '2026-W3', '26-W03', 'now', '0000-W01'])('%s is no week', (id) => {
  expect(weekNamed(id)).toBeNull();
});
