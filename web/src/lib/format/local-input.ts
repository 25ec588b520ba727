import { dayStart } from './time.ts';
import { HOUR, MINUTE, ZONE } from '$shared/model/time';

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** London wall time as a `datetime-local` field wants it: `2026-01-12T09:15`. */
export function localInput(at: number): string {
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${found['year']}-${found['month']}-${found['day']}T${found['hour']}:${found['minute']}`;
}

/**
 * The moment that a `datetime-local` field names by the London clock; null for none. Of an hour that comes twice the first
 * is taken; a time that the clocks skip is an hour later.
 */
export function readLocalInput(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const guess = Date.UTC(year, month - 1, day, hour, minute);
  // London is at most an hour ahead of UTC.
  for (const at of [guess - HOUR, guess]) if (localInput(at) === text.slice(0, 16)) return at;
  const start = dayStart(Date.UTC(year, month - 1, day, 12));
  return Number.isFinite(start) ? start + hour * HOUR + minute * MINUTE : null;
}
