import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import { HOUR, localDate, localMinutes, weekday, type EpochMs } from '#shared/model/time.ts';

/** 0 is a bank holiday; else the ISO weekday whose shape the day has. */
export type DayType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

const isoWeekday = (date: string) => Temporal.PlainDate.from(date).dayOfWeek as DayType;
const before = (date: string) => Temporal.PlainDate.from(date).subtract({ days: 1 }).toString();

/** The first working day after a bank holiday has Monday's shape. */
export function dayType(date: string): DayType {
  if (BANK_HOLIDAYS.has(date)) return 0;
  const day = isoWeekday(date);
  return day > 1 && day < 6 && BANK_HOLIDAYS.has(before(date)) ? 1 : day;
}

/** Christmas Eve to New Year: real days, but no example of their weekday. */
export function isLull(date: string): boolean {
  const day = date.slice(5);
  return day >= '12-24' || day <= '01-01';
}

export interface LocalMoment {
  readonly type: DayType;
  readonly weekday: number;
  /** Minutes after local midnight by the wall clock. */
  readonly minute: number;
}

/** Where a moment lies in its London day; remembers the last hours, in which London's offset cannot change. */
export function createLocalMoments(): (at: EpochMs) => LocalMoment {
  const hours = new Map<number, { type: DayType; weekday: number; minute: number }>();
  let last: { at: EpochMs; moment: LocalMoment } | null = null;
  return (at) => {
    if (last?.at === at) return last.moment;
    const hour = Math.floor(at / HOUR);
    let known = hours.get(hour);
    if (!known) {
      const start = hour * HOUR;
      known = { type: dayType(localDate(start)), weekday: weekday(start), minute: localMinutes(start) };
      if (hours.size > 72) hours.clear();
      hours.set(hour, known);
    }
    const minute = known.minute + (at - hour * HOUR) / 60_000;
    const moment = { type: known.type, weekday: known.weekday, minute };
    last = { at, moment };
    return moment;
  };
}
