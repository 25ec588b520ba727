import type { WeeklyHours } from '#shared/model/definition.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const TIME = /^(\d{1,2}):(\d\d)$/;

export type Opening =
  | { readonly ok: true; readonly hours: WeeklyHours; readonly bankHolidays: boolean }
  | { readonly ok: false; readonly message: string };

class OpeningFault extends Error {}

/**
 * Opening times as one cell: `mon-fri 08:00-18:30; sat,sun 09:00-17:00; bank-holidays`. Local time; an end past 24:00
 * is the next morning (`mon-fri 18:30-32:00`). `always` is every day and every bank holiday.
 */
export function readOpening(text: string): Opening {
  const parts = text.split(';').map((part) => part.trim().toLowerCase());
  try {
    const spans = parts.filter((part) => part !== '' && part !== 'bank-holidays' && part !== 'always').map(readSpan);
    const always = parts.includes('always');
    const hours = always ? [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }, ...spans] : spans;
    if (hours.length === 0) throw new OpeningFault(`"${text}" names no opening time`);
    refuseOverlaps(hours);
    return { ok: true, hours, bankHolidays: always || parts.includes('bank-holidays') };
  } catch (error) {
    if (error instanceof OpeningFault) return { ok: false, message: error.message };
    throw error;
  }
}

/** The text that `readOpening` reads back as these hours. */
export function writeOpening(hours: WeeklyHours, bankHolidays: boolean): string {
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const spans = hours.map((h) => `${h.days.map((d) => DAYS[d - 1]).join(',')} ${clock(h.from)}-${clock(h.to)}`);
  return [...spans, ...(bankHolidays ? ['bank-holidays'] : [])].join('; ');
}

function readSpan(part: string): WeeklyHours[number] {
  const [days, times, ...rest] = part.split(/\s+/);
  const [from, to] = (times ?? '').split('-').map(readTime);
  if (!days || from === undefined || to === undefined || rest.length > 0) {
    throw new OpeningFault(`"${part}" is not like "mon-fri 08:00-18:30"`);
  }
  if (to <= from) throw new OpeningFault(`"${part}" ends before it begins (overnight ends are 24:00 and more)`);
  if (from >= 1440 || to > from + 1440) throw new OpeningFault(`"${part}" is longer than a day`);
  return { days: days.split(',').flatMap(readDays), from, to };
}

function readTime(text: string): number {
  const match = TIME.exec(text);
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : NaN;
  if (!match || Number(match[2]) > 59 || minutes > 2880) throw new OpeningFault(`"${text}" is not a time like 08:00`);
  return minutes;
}

function readDays(text: string): number[] {
  const [first = '', last = first] = text.split('-');
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  if (from < 0 || to < 0) throw new OpeningFault(`"${text}" is not a day like mon or a range like mon-fri`);
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => ((from + i) % 7) + 1);
}

/** Spans that begin on the same day must not overlap; a night that runs into the next day's span is common and harmless. */
function refuseOverlaps(hours: WeeklyHours): void {
  for (const [i, one] of hours.entries()) {
    for (const other of hours.slice(i + 1)) {
      const sameDay = one.days.some((day) => other.days.includes(day));
      if (sameDay && one.from < other.to && other.from < one.to)
        throw new OpeningFault('two of its opening times overlap');
    }
  }
}
