import { isBankHoliday } from '#shared/model/calendar.ts';
import type { WeeklyHours } from '#shared/model/definition.ts';
import { atLocal, dayEnd, dayStart, HOUR, weekday, type EpochMs } from '#shared/model/time.ts';

/** One day's hours, from its first opening to its last closing. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface CoreHours {
  /**
   * Share of the allowed time that a request sent at `sent` has used at `at`, counted in core hours: allowed is what lies
   * between its coming and the end of the next core period, which is the first that begins after it came. 1: due now.
   * Null where no core period follows within a month.
   */
  timeUsed(sent: EpochMs, at: EpochMs): number | null;
}

/** Requests are looked at no further back than this: one as old has used many times what it may. */
const FURTHEST = 90 * 24 * HOUR;
/** No run of closed days is as long. */
const MOST_CLOSED_DAYS = 31;
const MOST_REMEMBERED = 400;

interface Day {
  readonly end: EpochMs;
  /** Null: closed all day, as at weekends and on bank holidays. */
  readonly span: Span | null;
}

const hhmm = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** A London day's hours by the wall clock; an end past midnight stops there. Null: closed. `midday` lies on that day. */
export function spanOn(hours: WeeklyHours, midday: EpochMs, onBankHolidays: boolean): Span | null {
  const holiday = isBankHoliday(midday);
  if (holiday && !onBankHolidays) return null;
  const day = holiday ? 7 : weekday(midday);
  const own = hours.filter((h) => h.days.includes(day));
  if (own.length === 0) return null;
  const last = Math.max(...own.map((h) => h.to));
  return {
    from: atLocal(midday, hhmm(Math.min(...own.map((h) => h.from)))),
    to: last >= 1440 ? dayEnd(midday) : atLocal(midday, hhmm(last)),
  };
}

/** Core hours as a calendar of working time; days are remembered, as every open request asks for the same few. */
export function createCoreHours(hours: WeeklyHours): CoreHours {
  const days = new Map<EpochMs, Day>();
  const dayAt = (start: EpochMs): Day => {
    let day = days.get(start);
    if (!day) {
      const midday = start + 12 * HOUR;
      day = { end: dayEnd(midday), span: spanOn(hours, midday, false) };
      if (days.size >= MOST_REMEMBERED) days.clear();
      days.set(start, day);
    }
    return day;
  };
  const starts = new Map<number, EpochMs>();
  /** London's days begin on the hour: all of an hour lies on one day. */
  const startOf = (at: EpochMs): EpochMs => {
    const hour = Math.floor(at / HOUR);
    let start = starts.get(hour);
    if (start === undefined) {
      start = dayStart(at);
      if (starts.size >= MOST_REMEMBERED) starts.clear();
      starts.set(hour, start);
    }
    return start;
  };
  /** Core time of one day within [from, to]. */
  const within = ({ span }: Day, from: EpochMs, to: EpochMs): number =>
    span === null ? 0 : Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  return {
    timeUsed(sent, at) {
      const from = Math.max(Math.min(sent, at), at - FURTHEST);
      let [used, allowed, closed] = [0, 0, 0];
      let due = false;
      for (let start = startOf(from); !due || start < at;) {
        const day = dayAt(start);
        used += within(day, from, at);
        if (!due) {
          allowed += within(day, from, Infinity);
          due = day.span !== null && day.span.from >= from;
          if (!due && (closed += 1) > MOST_CLOSED_DAYS) return null;
        }
        start = day.end;
      }
      return allowed > 0 ? used / allowed : null;
    },
  };
}
