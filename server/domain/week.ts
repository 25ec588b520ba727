import type { WeeklyHours } from '#shared/model/definition.ts';
import { dayEnd, dayStart, HOUR, MINUTE, weekday, type EpochMs } from '#shared/model/time.ts';
import { createByHours } from './by-hours.ts';
import { spanOn } from './core-hours.ts';
import type { SlotGroup } from './ports.ts';

/** Minutes of one London day: all that were offered, and those of them that are booked. */
export interface DayMinutes {
  readonly offered: number;
  readonly booked: number;
}

/** A week from Monday to Sunday as one site's slots showed it; null: that day was never seen. */
export interface WeekMinutes {
  readonly start: EpochMs;
  readonly days: readonly (DayMinutes | null)[];
}

/** A calendar week in London: the starts of its seven days and of the Monday after, and which of them is today. */
export interface Week {
  readonly starts: readonly EpochMs[];
  readonly today: number;
}

export interface Weeks {
  /** The week that holds `at`. */
  at(at: EpochMs): Week;
  /** Minutes from first opening to last closing on each of its days. */
  open(hours: WeeklyHours, week: Week, onBankHolidays: boolean): readonly number[];
}

/** Weeks, remembered for the day, and what each set of hours comes to in them. */
export function createWeeks(): Weeks {
  let last: { from: EpochMs; to: EpochMs; week: Week } | null = null;
  const opened = createByHours<{ start: EpochMs; minutes: readonly number[] }>();
  return {
    at(at) {
      if (last && at >= last.from && at < last.to) return last.week;
      last = { from: dayStart(at), to: dayEnd(at), week: weekAt(at) };
      return last.week;
    },
    open(hours, week, onBankHolidays) {
      const start = week.starts[0] ?? 0;
      const known = opened.get(hours, onBankHolidays);
      if (known?.start === start) return known.minutes;
      const minutes = week.starts.slice(0, 7).map((day) => {
        const span = spanOn(hours, day + 12 * HOUR, onBankHolidays);
        return span === null ? 0 : (span.to - span.from) / MINUTE;
      });
      opened.set(hours, onBankHolidays, { start, minutes });
      return minutes;
    },
  };
}

function weekAt(at: EpochMs): Week {
  const today = weekday(at) - 1;
  let start = dayStart(at);
  // By the midday of the day before, whatever the clocks do between.
  for (let back = 0; back < today; back += 1) start = dayStart(start - 12 * HOUR);
  const starts = [start];
  for (let i = 0; i < 7; i += 1) starts.push(dayEnd(starts[i] ?? start));
  return { starts, today };
}

/** What is known of the week once slots of `days` London days, today the first, were seen: days gone by stay as they were. */
export function seeWeek(
  known: WeekMinutes | null,
  week: Week,
  groups: readonly SlotGroup[],
  days: number,
): WeekMinutes {
  const start = week.starts[0] ?? 0;
  const last = Math.min(7, week.today + days);
  const sums = Array.from({ length: 7 }, () => ({ offered: 0, booked: 0 }));
  for (const group of groups) {
    const day = week.starts.findLastIndex((from) => group.start >= from);
    const sum = sums[day];
    if (!sum || day < week.today || day >= last) continue;
    sum.offered += (group.free + group.busy + group.held) * group.minutes;
    sum.booked += group.busy * group.minutes;
  }
  const before = known?.start === start ? known.days : [];
  return {
    start,
    days: sums.map((sum, day) => (day >= week.today && day < last ? sum : (before[day] ?? null))),
  };
}

/** What the known days of a week come to, and which share of the week's opening time they are. */
export interface WeekTotals extends DayMinutes {
  readonly known: number;
}

/** Null where no day with opening time is known. `openMinutes`: opening time of each day of that week. */
export function weekTotals({ days }: WeekMinutes, openMinutes: readonly number[]): WeekTotals | null {
  let [offered, booked, open, all] = [0, 0, 0, 0];
  days.forEach((day, i) => {
    const minutes = openMinutes[i] ?? 0;
    all += minutes;
    if (day === null) return;
    open += minutes;
    offered += day.offered;
    booked += day.booked;
  });
  return open > 0 ? { offered, booked, known: open / all } : null;
}
