/** Step of one cron field over its range: 1 for any, n for every nth, a list its mean gap; null for a single value. */
function stepOf(field: string, range: number): number | null {
  if (field === '*') return 1;
  const every = /^\*\/(\d+)$/.exec(field);
  if (every) return Number(every[1]);
  const values = field.split(',').length;
  return values > 1 ? range / values : null;
}

/** Milliseconds between two firings of a cron expression with seconds, as people say it ("every 15 s"). */
export function everyMs(schedule: string): number {
  const [second = '0', minute = '*', hour = '*'] = schedule.trim().split(/\s+/);
  const seconds = stepOf(second, 60);
  if (seconds !== null) return seconds * 1000;
  const minutes = stepOf(minute, 60);
  if (minutes !== null) return minutes * 60_000;
  return (stepOf(hour, 24) ?? 24) * 3_600_000;
}
