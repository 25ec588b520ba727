import { localDate, sayTime, ZONE, type EpochMs } from '#shared/model/time.ts';

/** Time and day as people say them, to the second where that matters: `9:42:07am on 12 January 2026`. */
export function sayMoment(at: EpochMs): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
  const day = zoned.toLocaleString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  return `${sayTimeOf(at)} on ${day}`;
}

function sayTimeOf(at: EpochMs): string {
  const { second } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
  const text = sayTime(at);
  if (second === 0) return text;
  const seconds = `:${String(second).padStart(2, '0')}`;
  if (text === 'midday') return `12:00${seconds}pm`;
  if (text === 'midnight') return `12:00${seconds}am`;
  const [, clock = '', half = ''] = /^([\d:]+)(am|pm)$/.exec(text) ?? [];
  return `${clock.includes(':') ? clock : `${clock}:00`}${seconds}${half}`;
}

/** What lies between two stretches. */
export function sayGap(from: EpochMs, to: EpochMs): string {
  const end = localDate(from) === localDate(to) ? sayTimeOf(from) : sayMoment(from);
  return `Nothing was recorded between ${end} and ${sayMoment(to)}: the replay has gone on after it.`;
}

export const sayEnd = (at: EpochMs): string => `The recording ends here, at ${sayMoment(at)}.`;
export const UNREADABLE = 'The recording cannot be read just now: the replay stands still.';
