/** Milliseconds since the Unix epoch, on the product's clock unless a name says `real`. */
export type EpochMs = number;

export const ZONE = 'Europe/London';
export const MINUTE = 60_000;
export const QUARTER = 15 * MINUTE;
export const HOUR = 60 * MINUTE;

const zoned = (at: EpochMs) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);

/** RFC 3339 in UTC, with milliseconds. */
export function toInstant(at: EpochMs): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' });
}

export function fromInstant(text: string): EpochMs {
  return Temporal.Instant.from(text).epochMilliseconds;
}

/** Local calendar date in London, `YYYY-MM-DD`. */
export function localDate(at: EpochMs): string {
  return zoned(at).toPlainDate().toString();
}

/** ISO weekday 1 (Monday) to 7, in London. */
export function weekday(at: EpochMs): number {
  return zoned(at).dayOfWeek;
}

/** Minutes after local midnight by the wall clock (a 23-hour day still ends at 1440). */
export function localMinutes(at: EpochMs): number {
  const z = zoned(at);
  return z.hour * 60 + z.minute + z.second / 60;
}

/** Start of the London day that holds `at`. */
export function dayStart(at: EpochMs): EpochMs {
  return zoned(at).startOfDay().epochMilliseconds;
}

/** Start of the London day after the one that holds `at`: 23, 24 or 25 hours later. */
export function dayEnd(at: EpochMs): EpochMs {
  return zoned(at).startOfDay().add({ days: 1 }).epochMilliseconds;
}

/** `HH:MM` local on the London date that holds `at`. */
export function atLocal(at: EpochMs, hhmm: string): EpochMs {
  const [hour = 0, minute = 0] = hhmm.split(':').map(Number);
  return zoned(at).withPlainTime({ hour, minute }).epochMilliseconds;
}

/** As people say times: 9:42am, 5pm, midday, midnight (NHS content style). */
export function sayTime(at: EpochMs): string {
  const { hour, minute } = zoned(at);
  if (minute === 0 && hour === 12) return 'midday';
  if (minute === 0 && hour === 0) return 'midnight';
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, '0')}` : ''}${hour < 12 ? 'am' : 'pm'}`;
}
