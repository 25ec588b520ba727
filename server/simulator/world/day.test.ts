import { expect, test } from 'vitest';
import { HOUR, toInstant } from '#shared/model/time.ts';
import { DAY_SECONDS, dayKind, dayOfDate, wallSeconds } from './day.ts';

test.each([
  ['2026-03-29', 23, '2026-03-29T08:00:00.000Z'],
  ['2025-10-26', 25, '2025-10-26T09:00:00.000Z'],
  ['2026-01-05', 24, '2026-01-05T09:00:00.000Z'],
  ['2026-07-06', 24, '2026-07-06T08:00:00.000Z'],
])('%s has %i hours, and 9am on the wall is %s', (date, hours, nine) => {
  const day = dayOfDate(date);
  expect((day.end - day.start) / HOUR).toBe(hours);
  expect(toInstant(day.epochOf(wallSeconds('09:00')))).toBe(nine);
  expect(day.wallAt(day.epochOf(wallSeconds('09:00')))).toBe(wallSeconds('09:00'));
});

test.each(['2026-03-29', '2025-10-26', '2026-01-05'])(
  'wall seconds of %s never run backwards and end with the day',
  (date) => {
    const day = dayOfDate(date);
    let before = 0;
    for (let at = day.start; at < day.end; at += 60_000) {
      const wall = day.wallAt(at);
      expect(wall).toBeGreaterThanOrEqual(before);
      before = wall;
    }
    expect(day.wallAt(day.start)).toBe(0);
    expect(before).toBe(DAY_SECONDS - 60);
  },
);

test('a bank holiday is its own kind of day, and the first working day after it counts as a Monday', () => {
  expect(dayKind('2026-05-25')).toBe(8);
  expect(dayKind('2026-05-26')).toBe(1);
  expect(dayKind('2026-05-27')).toBe(3);
  expect(dayKind('2025-12-27')).toBe(6);
});
