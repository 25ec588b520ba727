import { ZONE, type EpochMs } from './time.ts';

/** Monday to Sunday in London: 168 hours, or 167 or 169 where the clocks change. */
export interface Week {
  /** ISO 8601, `2026-W03`. */
  readonly id: string;
  readonly from: EpochMs;
  /** Start of the next Monday. */
  readonly to: EpochMs;
}

const WEEK = /^(\d{4})-W(\d{2})$/;

function weekFrom(monday: Temporal.PlainDate): Week {
  const start = (day: Temporal.PlainDate) => day.toZonedDateTime(ZONE).epochMilliseconds;
  const number = String(monday.weekOfYear).padStart(2, '0');
  return {
    id: `${String(monday.yearOfWeek).padStart(4, '0')}-W${number}`,
    from: start(monday),
    to: start(monday.add({ days: 7 })),
  };
}

/** The week that holds `at`. */
export function weekAt(at: EpochMs): Week {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
  return weekFrom(day.subtract({ days: day.dayOfWeek - 1 }));
}

/** Null where there is no such week. */
export function weekNamed(id: string): Week | null {
  const [, year = '', number = ''] = WEEK.exec(id) ?? [];
  if (year === '' || Number(year) < 1 || Number(number) < 1) return null;
  // 4 January always lies in the first week.
  const fourth = Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 });
  const week = weekFrom(fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: Number(number) - 1 }));
  return week.id === id ? week : null;
}

export const weekBefore = ({ from }: Week): Week => weekAt(from - 1);
export const weekAfter = ({ to }: Week): Week => weekAt(to);
