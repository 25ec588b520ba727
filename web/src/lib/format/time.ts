import { HOUR, MINUTE, QUARTER, ZONE, type EpochMs } from '$shared/model/time';

// `Intl`, not `Temporal`: not every browser has it yet, and a polyfill would weigh more than the screen.
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});
const date = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'long', day: 'numeric', month: 'long' });
const weekdayName = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'long' });

function local(at: EpochMs): { hour: number; minute: number; second: number } {
  const found = { hour: 0, minute: 0, second: 0 };
  for (const { type, value } of parts.formatToParts(at)) {
    if (type === 'hour' || type === 'minute' || type === 'second') found[type] = Number(value);
  }
  return found;
}

/** As people say times, in London: 9:42am, 5pm, midday, midnight. */
export function sayTime(at: EpochMs): string {
  const { hour, minute } = local(at);
  return say(hour, minute);
}

/** A time of day as rules and hours write it, `13:00`, as people say it: 1pm. */
export function sayTimeOfDay(text: string): string {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return say(hour % 24, minute);
}

function say(hour: number, minute: number): string {
  if (minute === 0 && hour === 12) return 'midday';
  if (minute === 0 && hour === 0) return 'midnight';
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, '0')}` : ''}${hour < 12 ? 'am' : 'pm'}`;
}

/** For clocks and time columns, where the width must not jump: always with minutes, 12:00pm. */
export function sayClock(at: EpochMs): string {
  const { hour, minute } = local(at);
  return `${hour % 12 || 12}:${String(minute).padStart(2, '0')}${hour < 12 ? 'am' : 'pm'}`;
}

/** Monday 23 November. */
export function sayDate(at: EpochMs): string {
  return date.format(at).replace(',', '');
}

/** Monday. */
export function sayWeekday(at: EpochMs): string {
  return weekdayName.format(at);
}

/** Start of the London day that holds `at`. */
export function dayStart(at: EpochMs): EpochMs {
  const { hour, minute, second } = local(at);
  const guess = at - ((hour * 60 + minute) * 60 + second) * 1000 - (((at % 1000) + 1000) % 1000);
  // On the two days a year when the clocks change the wall clock says an hour more or less than has gone by.
  const off = local(guess).hour;
  return off === 0 ? guess : off > 12 ? guess + (24 - off) * HOUR : guess - off * HOUR;
}

/** `hour`:00 by the wall clock on the London day that holds `at`. */
export function atHour(at: EpochMs, hour: number): EpochMs {
  const guess = dayStart(at) + hour * HOUR;
  return guess + (hour - local(guess).hour) * HOUR;
}

/** Minutes of the wall clock since midnight, in London: on every day 420 at 7am. */
export function minutesOfDay(at: EpochMs): number {
  const { hour, minute } = local(at);
  return hour * 60 + minute;
}

/** Which quarter hour of its London day `at` falls in, 0-based: the index into `Unit.day`. */
export function quarterOf(at: EpochMs): number {
  return Math.floor((at - dayStart(at)) / QUARTER);
}

/** How long, in at most two words' worth: 4 s, 11 min, 2 h 28 min, 3 d 4 h. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** RFC 3339 in UTC, to the second. */
export function instantOf(at: EpochMs): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds of an RFC 3339 instant, or null. */
export function instantMs(instant: string | null | undefined): EpochMs | null {
  if (!instant) return null;
  const ms = Date.parse(instant);
  return Number.isFinite(ms) ? ms : null;
}
