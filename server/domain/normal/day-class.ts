import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import { localDate, type EpochMs } from '#shared/model/time.ts';
import { isLull } from './day-type.ts';

/** What a day is an example of: 1-7 an ordinary ISO weekday, 0 a bank holiday, 8 the first working day after one. */
export type DayClass = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
export const BANK_HOLIDAY: DayClass = 0;
export const DAY_AFTER: DayClass = 8;
const MONDAY: DayClass = 1;
const SUNDAY: DayClass = 7;

const NAMES = [
  'Bank holiday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
  'Day after a bank holiday',
] as const;
export const className = (kind: DayClass): string => NAMES[kind];

/** "8 Mondays", "3 days after a bank holiday". */
export function countDays(count: number, kind: DayClass): string {
  const name =
    kind === DAY_AFTER ? 'days after a bank holiday' : `${kind === BANK_HOLIDAY ? 'bank holiday' : NAMES[kind]}s`;
  return count === 1 ? `1 ${kind === DAY_AFTER ? 'day after a bank holiday' : name.slice(0, -1)}` : `${count} ${name}`;
}

/** Class of a London date. After a bank holiday on a Friday it is the Monday that finds a long weekend's callers. */
export function dayClass(date: string): DayClass {
  if (BANK_HOLIDAYS.has(date)) return BANK_HOLIDAY;
  const day = Temporal.PlainDate.from(date);
  if (day.dayOfWeek > 5) return day.dayOfWeek as DayClass;
  let before = day.subtract({ days: 1 });
  while (before.dayOfWeek > 5) before = before.subtract({ days: 1 });
  const follows = rested(day.subtract({ days: 1 }), before);
  return follows ? DAY_AFTER : (day.dayOfWeek as DayClass);
}

/** Whether a bank holiday lies between two dates, both included. */
function rested(to: Temporal.PlainDate, from: Temporal.PlainDate): boolean {
  for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
    if (BANK_HOLIDAYS.has(day.toString())) return true;
  }
  return false;
}

/** Christmas Eve to New Year is judged as its weekdays, but is no example of them; its bank holidays are of bank holidays. */
export const isExample = (date: string): boolean => !isLull(date) || BANK_HOLIDAYS.has(date);

export const classAt = (at: EpochMs): DayClass => dayClass(localDate(at));

/**
 * Classes whose days stand in, best first, while too few of a class are known. A site that opens on bank holidays keeps its
 * Sunday hours on them; of one that shuts nothing else is like.
 */
export function classesFor(kind: DayClass, opensOnBankHolidays: boolean): readonly DayClass[] {
  if (kind === DAY_AFTER) return [DAY_AFTER, MONDAY];
  return kind === BANK_HOLIDAY && opensOnBankHolidays ? [BANK_HOLIDAY, SUNDAY] : [kind];
}
