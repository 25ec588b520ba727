import { describe, expect, it } from 'vitest';
import { calendarExpired, isBankHoliday, isOpen } from './calendar.ts';
import type { WeeklyHours } from './definition.ts';
import { fromInstant } from './time.ts';

const weekdays = [1, 2, 3, 4, 5];
const core: WeeklyHours = [{ days: weekdays, from: 480, to: 1110 }];
const outOfHours: WeeklyHours = [
  { days: weekdays, from: 1110, to: 1920 },
  { days: [6, 7], from: 0, to: 1920 },
];

describe('opening hours', () => {
  it.each([
    ['2026-01-12T07:59:59Z', false],
    ['2026-01-12T08:00:00Z', true],
    ['2026-01-12T18:30:00Z', false],
    ['2026-06-15T07:00:00Z', true],
    ['2026-01-10T10:00:00Z', false],
  ])('of a practice at %s: %s', (at, open) => {
    expect(isOpen(core, fromInstant(at), false)).toBe(open);
  });

  it('are closed on a bank holiday unless a site says otherwise', () => {
    expect(isOpen(core, fromInstant('2026-05-25T10:00:00Z'), false)).toBe(false);
  });

  it('run over midnight to the morning after, also after a bank holiday', () => {
    expect(isOpen(outOfHours, fromInstant('2026-01-13T07:30:00Z'), true)).toBe(true);
    expect(isOpen(outOfHours, fromInstant('2026-01-13T08:30:00Z'), true)).toBe(false);
    expect(isOpen(outOfHours, fromInstant('2026-12-26T07:30:00Z'), true)).toBe(true);
  });

  it('are those of a Sunday on a bank holiday for who is open on it', () => {
    expect(isOpen(outOfHours, fromInstant('2026-05-25T12:00:00Z'), true)).toBe(true);
    expect(isOpen(outOfHours, fromInstant('2026-05-26T12:00:00Z'), true)).toBe(false);
  });
});

describe('the calendar', () => {
  it('knows the substitute days', () => {
    expect(isBankHoliday(fromInstant('2026-12-28T12:00:00Z'))).toBe(true);
    expect(isBankHoliday(fromInstant('2026-12-26T12:00:00Z'))).toBe(false);
  });

  it('says when its list has ended', () => {
    expect(calendarExpired(fromInstant('2027-12-31T12:00:00Z'))).toBe(false);
    expect(calendarExpired(fromInstant('2028-01-01T12:00:00Z'))).toBe(true);
  });
});
