import { dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';

/** London days, remembered: zone arithmetic costs microseconds and is asked for on every reading. */
export interface Days {
  start(at: EpochMs): EpochMs;
  end(at: EpochMs): EpochMs;
}

export function createDays(): Days {
  let recent: { start: EpochMs; end: EpochMs }[] = [];
  const find = (at: EpochMs) => {
    const known = recent.find((day) => at >= day.start && at < day.end);
    if (known) return known;
    const day = { start: dayStart(at), end: dayEnd(at) };
    // Three: yesterday's late data, today, and the day that a test or a restore comes from.
    recent = [day, ...recent.slice(0, 2)];
    return day;
  };
  return { start: (at) => find(at).start, end: (at) => find(at).end };
}
