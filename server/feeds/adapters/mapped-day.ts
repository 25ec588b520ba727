import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import { dayStart, HOUR, localDate, ZONE, type EpochMs } from '#shared/model/time.ts';

const DATE = /^\d{4}-\d\d-\d\d$/;
/** Totals of days longer ago than this are published files' business. */
const OLDEST_DAYS = 62;

export interface DayFault {
  readonly fault: string;
}
export const isDayFault = (day: EpochMs | null | DayFault): day is DayFault => typeof day === 'object' && day !== null;

/**
 * Start of the London day that an observation is the final total of; null: it is of now. `at` is the payload's time:
 * "yesterday" said a minute before midnight and heard a minute after is still the day before.
 */
export function dayOf(of: string | undefined, metric: MetricName, at: EpochMs): EpochMs | null | DayFault {
  if (of === undefined || of === 'today') return null;
  const { shape } = metricSpec(metric);
  if (shape !== 'since-midnight' && shape !== 'daily')
    return { fault: 'must be today: only totals of a day can be of another' };
  const today = dayStart(at);
  if (of === 'yesterday') return dayStart(today - HOUR);
  const date = DATE.test(of) ? startOf(of) : null;
  if (date === null) return { fault: 'must be today, yesterday or a date like 2026-11-22' };
  if (of === localDate(at)) return null;
  if (date > today) return { fault: 'is a day that is still to come' };
  return date < today - OLDEST_DAYS * 24 * HOUR ? { fault: `is more than ${OLDEST_DAYS} days ago` } : date;
}

function startOf(date: string): EpochMs | null {
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' }).toZonedDateTime(ZONE).epochMilliseconds;
  } catch {
    return null;
  }
}
