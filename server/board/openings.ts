import { isBankHoliday, isOpen } from '#shared/model/calendar.ts';
import type { WeeklyHours } from '#shared/model/definition.ts';
import { createByHours } from '../domain/by-hours.ts';
import { spanOn, type Span } from '../domain/core-hours.ts';
import { atLocal, dayEnd, dayStart, HOUR, MINUTE, weekday, type EpochMs } from '#shared/model/time.ts';

export interface Opening {
  readonly open: boolean;
  /** Next opening within eight days; null while open, or when there is none. */
  readonly opensAt: EpochMs | null;
  /** Open now, or again before midnight. */
  readonly today: boolean;
  readonly bankHoliday: boolean;
  /** Today's first opening to its last closing; null: closed all day. */
  readonly span: Span | null;
}

const hhmm = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

function nextOpening(hours: WeeklyHours, at: EpochMs, onBankHolidays: boolean): EpochMs | null {
  // Midday is on the day whatever the clocks do.
  let day = dayStart(at);
  for (let i = 0; i < 9; i += 1) {
    const midday = day + 12 * HOUR;
    const opens = hours
      .filter((h) => h.days.includes(weekday(midday)) && (onBankHolidays || !isBankHoliday(midday)))
      .map((h) => atLocal(midday, hhmm(h.from)))
      .filter((from) => from > at);
    if (opens.length > 0) return Math.min(...opens);
    day = dayEnd(midday);
  }
  return null;
}

interface DayHours extends Span {
  readonly span: Span | null;
}

function dayOf(hours: WeeklyHours, at: EpochMs, onBankHolidays: boolean): DayHours {
  const from = dayStart(at);
  return { from, to: dayEnd(at), span: spanOn(hours, from + 12 * HOUR, onBankHolidays) };
}

/** Opening by hours, remembered for the minute: thousands of sites share a few sets of hours (the layout's own). */
export function createOpenings(): (hours: WeeklyHours, onBankHolidays: boolean, at: EpochMs) => Opening {
  const found = createByHours<{ minute: number; opening: Opening; day: DayHours }>();
  return (hours, onBankHolidays, at) => {
    const minute = Math.floor(at / MINUTE);
    const last = found.get(hours, onBankHolidays);
    if (last?.minute === minute) return last.opening;
    const open = isOpen(hours, at, onBankHolidays);
    const opensAt = open ? null : nextOpening(hours, at, onBankHolidays);
    const today = open || (opensAt !== null && opensAt < dayEnd(at));
    const day = last && at >= last.day.from && at < last.day.to ? last.day : dayOf(hours, at, onBankHolidays);
    const opening = { open, opensAt, today, bankHoliday: isBankHoliday(at) && !onBankHolidays, span: day.span };
    found.set(hours, onBankHolidays, { minute, opening, day });
    return opening;
  };
}
