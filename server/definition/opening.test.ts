import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOpen } from '#shared/model/calendar.ts';
import { fromInstant } from '#shared/model/time.ts';
import { readOpening, writeOpening } from './opening.ts';

test('days may be single, listed, ranged, and ranged over the weekend', () => {
  const read = (text: string) => {
    const opening = readOpening(text);
    return opening.ok ? opening.hours.map((hours) => hours.days) : opening.message;
  };
  expect(read('mon 08:00-18:30')).toEqual([[1]]);
  expect(read('Mon,Wed-Fri 08:00-18:30')).toEqual([[1, 3, 4, 5]]);
  expect(read('sat-mon 08:00-18:30')).toEqual([[6, 7, 1]]);
});

test('always is every hour of every day and every bank holiday', () => {
  expect(readOpening('always')).toEqual({
    ok: true,
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }],
    bankHolidays: true,
  });
});

test('a night belongs to the day it began on', () => {
  const opening = readOpening('mon-fri 18:30-32:00');
  const openAt = (time: string) => opening.ok && isOpen(opening.hours, fromInstant(time), false);
  expect(openAt('2026-02-07T07:59:00Z')).toBe(true);
  expect(openAt('2026-02-07T08:00:00Z')).toBe(false);
  expect(openAt('2026-02-09T07:59:00Z')).toBe(false);
});

test.each([
  ['', 'names no opening time'],
  ['bank-holidays', 'names no opening time'],
  ['weekdays 08:00-18:00', 'is not a day'],
  ['mon 8-18', 'is not a time'],
  ['mon 08:60-18:00', 'is not a time'],
  ['mon 18:30-08:00', 'ends before it begins'],
  ['mon 08:00-40:00', 'longer than a day'],
  ['mon-fri', 'is not a time'],
  ['mon 08:00-12:00 13:00-18:00', 'is not like'],
  ['mon-fri 08:00-18:30; wed 12:00-14:00', 'overlap'],
])('"%s" is refused: %s', (text, says) => {
  const opening = readOpening(text);
  expect(opening.ok ? '' : opening.message).toContain(says);
});

test('what is written is read back the same', () => {
  const span = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.integer({ min: 0, max: 1439 }),
    length: fc.integer({ min: 1, max: 1440 }),
  });
  fc.assert(
    fc.property(span, fc.boolean(), ({ days, from, length }, bankHolidays) => {
      const hours = [{ days, from, to: from + length }];
      expect(readOpening(writeOpening(hours, bankHolidays))).toEqual({ ok: true, hours, bankHolidays });
    }),
  );
});
