import { dayEnd, dayStart, HOUR, ZONE, type EpochMs } from '#shared/model/time.ts';

const DAY = 24 * HOUR;
/** Bounds what one question can cost; a month in minutes is more than any chart shows. */
export const MOST_BUCKETS = 50_000;

/**
 * Starts of the buckets that cover [from, to): `step` ms each, counted anew from every London midnight, so that a day of
 * 23 or 25 hours has as many as it has; the last of a day may be shorter. From a day upwards: whole London days.
 */
export function bucketStarts(from: EpochMs, to: EpochMs, step: number): EpochMs[] {
  const starts: EpochMs[] = [];
  if (!(step > 0) || to <= from) return starts;
  if (step >= DAY) return dayStarts(from, to, Math.round(step / DAY));
  for (let day = dayStart(from); day < to; day = dayEnd(day)) {
    const end = Math.min(dayEnd(day), to);
    const first = Math.max(0, Math.floor((from - day) / step));
    for (let at = day + first * step; at < end; at += step) {
      starts.push(at);
      if (starts.length >= MOST_BUCKETS) return starts;
    }
  }
  return starts;
}

function dayStarts(from: EpochMs, to: EpochMs, days: number): EpochMs[] {
  const starts: EpochMs[] = [];
  let day = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(ZONE).startOfDay();
  while (day.epochMilliseconds < to && starts.length < MOST_BUCKETS) {
    starts.push(day.epochMilliseconds);
    day = day.add({ days });
  }
  return starts;
}
