import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import { dayEnd, dayStart, HOUR, localDate, ZONE, type EpochMs } from '#shared/model/time.ts';

/**
 * One London day. The world inside it runs in *wall seconds* (0 to 86,400 by the clock on the wall), so that a practice
 * opens at 28,800 whether the day has 23, 24 or 25 hours. Wall seconds never run backwards: in the hour that is lived
 * twice they stand still.
 */
export interface Day {
  readonly date: string;
  /** `YYYY-MM`. */
  readonly month: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** ISO weekday 1 (Monday) to 7. */
  readonly weekday: number;
  /** What kind of day for calls: 1-7 as the weekday (a first working day after a bank holiday counts as Monday), 8 a bank holiday. */
  readonly kind: number;
  readonly bankHoliday: boolean;
  wallAt(at: EpochMs): number;
  epochOf(wallSeconds: number): EpochMs;
}

export const DAY_SECONDS = 86_400;
export const HOLIDAY = 8;
const CHANGE_SECONDS = 3600;

/** Kind of a calendar date (see `Day.kind`). */
export function dayKind(date: string): number {
  if (BANK_HOLIDAYS.has(date)) return HOLIDAY;
  const plain = Temporal.PlainDate.from(date);
  if (plain.dayOfWeek > 5) return plain.dayOfWeek;
  return BANK_HOLIDAYS.has(plain.subtract({ days: 1 }).toString()) ? 1 : plain.dayOfWeek;
}

export function dayOf(at: EpochMs): Day {
  const start = dayStart(at);
  const end = dayEnd(at);
  const date = localDate(at);
  const shiftSeconds = (end - start - 24 * HOUR) / 1000;
  const kind = dayKind(date);
  return {
    date,
    month: date.slice(0, 7),
    start,
    end,
    weekday: Temporal.PlainDate.from(date).dayOfWeek,
    kind,
    bankHoliday: kind === HOLIDAY,
    wallAt: (moment) => {
      const elapsed = Math.floor((moment - start) / 1000);
      if (shiftSeconds === 0 || elapsed < CHANGE_SECONDS) return elapsed;
      // Clocks change at 1am UTC: spring skips a wall hour, autumn lives 1am to 2am twice.
      return Math.max(Math.min(elapsed, 2 * CHANGE_SECONDS), elapsed - shiftSeconds);
    },
    epochOf: (wall) => {
      if (shiftSeconds === 0 || wall < CHANGE_SECONDS) return start + wall * 1000;
      if (wall < 2 * CHANGE_SECONDS) return start + (shiftSeconds < 0 ? CHANGE_SECONDS : wall) * 1000;
      return start + (wall + shiftSeconds) * 1000;
    },
  };
}

/** The London day of a calendar date. */
export function dayOfDate(date: string): Day {
  return dayOf(Temporal.PlainDate.from(date).toZonedDateTime(ZONE).epochMilliseconds);
}

/** `HH:MM` as wall seconds. */
export function wallSeconds(hhmm: string): number {
  const [hour = 0, minute = 0] = hhmm.split(':').map(Number);
  return hour * 3600 + minute * 60;
}
