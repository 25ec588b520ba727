import type { WeeklyHours } from './definition.ts';
import { dayStart, localDate, localMinutes, weekday, type EpochMs } from './time.ts';

/** Bank holidays in England and Wales, as published; the list ends, and `calendarExpired` says so loudly. */
export const BANK_HOLIDAYS: ReadonlySet<string> = new Set([
  '2025-01-01',
  '2025-04-18',
  '2025-04-21',
  '2025-05-05',
  '2025-05-26',
  '2025-08-25',
  '2025-12-25',
  '2025-12-26',
  '2026-01-01',
  '2026-04-03',
  '2026-04-06',
  '2026-05-04',
  '2026-05-25',
  '2026-08-31',
  '2026-12-25',
  '2026-12-28',
  '2027-01-01',
  '2027-03-26',
  '2027-03-29',
  '2027-05-03',
  '2027-05-31',
  '2027-08-30',
  '2027-12-27',
  '2027-12-28',
]);
export const CALENDAR_ENDS = '2027-12-31';

export function isBankHoliday(at: EpochMs): boolean {
  return BANK_HOLIDAYS.has(localDate(at));
}

export function calendarExpired(at: EpochMs): boolean {
  return localDate(at) > CALENDAR_ENDS;
}

/**
 * Whether `hours` hold at `at`: by London wall clock, an overnight span counts to the day it began on. A site that opens
 * on bank holidays keeps its Sunday hours on them: an out-of-hours service is then open all day.
 */
export function isOpen(hours: WeeklyHours, at: EpochMs, openOnBankHolidays: boolean): boolean {
  const minute = localMinutes(at);
  const holiday = isBankHoliday(at);
  if (holiday && !openOnBankHolidays) return false;
  const today = holiday ? 7 : weekday(at);
  const before = weekday(at) === 1 ? 7 : weekday(at) - 1;
  const yesterday = isBankHoliday(dayStart(at) - 1) ? 7 : before;
  return hours.some(
    (h) =>
      (h.days.includes(today) && minute >= h.from && minute < h.to) ||
      (h.to > 1440 && h.days.includes(yesterday) && minute + 1440 < h.to),
  );
}
