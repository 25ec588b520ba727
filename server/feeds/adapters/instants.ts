import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';

const DAY = 24 * HOUR;
/** Days before each month of a year that begins in March: a leap day is then its last. */
const BEFORE_MONTH = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337] as const;
/** 0000-03-01 to 1970-01-01. */
const TO_EPOCH = 719_468;
const [SHORTEST, LONGEST] = ['2026-09-14T08:29Z'.length, '2026-09-14T08:29:50.123456789+01:00'.length];
const [DASH, COLON, POINT, PLUS, T, Z] = ['-', ':', '.', '+', 'T', 'Z'].map((c) => c.charCodeAt(0));

/**
 * RFC 3339 with its offset, in capitals; null for anything else, also for days and times that there are not. By
 * arithmetic: hundreds come with every poll, and `Temporal` takes fifty times as long to say the same. A leap second is
 * the one before it, and what is finer than a millisecond is cut off, as there.
 */
export function instantOf(text: string): EpochMs | null {
  const { length } = text;
  if (length < SHORTEST || length > LONGEST) return null;
  const day = dayOf(text);
  const hour = two(text, 11);
  const minute = two(text, 14);
  if (day === null || text.charCodeAt(10) !== T || text.charCodeAt(13) !== COLON) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return null;
  let ms = day * DAY + hour * HOUR + minute * MINUTE;
  let at = 16;
  if (text.charCodeAt(at) === COLON) {
    const second = two(text, 17);
    if (second < 0 || second > 60) return null;
    ms += Math.min(second, 59) * 1000;
    at = 19;
    if (text.charCodeAt(at) === POINT) {
      const end = endOfDigits(text, at + 1);
      if (end === at + 1 || end > at + 10) return null;
      ms += milliseconds(text, at + 1, end);
      at = end;
    }
  }
  const offset = offsetOf(text, at);
  return offset === null ? null : ms - offset;
}

/** Days since the Unix epoch; null where there is no such day. */
function dayOf(text: string): number | null {
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(month, year)) return null;
  const years = month > 2 ? year : year - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + (BEFORE_MONTH[(month + 9) % 12] ?? 0) + day - 1 - TO_EPOCH;
}

function daysOf(month: number, year: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Milliseconds ahead of UTC of what stands from `at` to the end; null where that is no offset. */
function offsetOf(text: string, at: number): number | null {
  const sign = text.charCodeAt(at);
  if (sign === Z) return text.length === at + 1 ? 0 : null;
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return null;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null;
  return (sign === PLUS ? 1 : -1) * (hours * HOUR + minutes * MINUTE);
}

/** Where it is none, so far below zero that a number stays there whatever its other digits. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : -100_000;
}

/** Below zero where they are not two digits. */
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (digit(text, at) >= 0) at++;
  return at;
}

function milliseconds(text: string, from: number, end: number): number {
  let ms = 0;
  for (let i = 0; i < 3; i++) ms = ms * 10 + (from + i < end ? digit(text, from + i) : 0);
  return ms;
}
