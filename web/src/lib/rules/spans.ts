import { HOUR } from '$shared/model/time';
import { dayStart, sayDate } from '../format/time.ts';

export interface Span {
  readonly id: string;
  readonly words: string;
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * HOUR;
/** Start of the London day `days` before the one that holds `at`: midday is on the day whatever the clocks do. */
const daysBefore = (at: number, days: number) => dayStart(dayStart(at) + 12 * HOUR - days * DAY);

/** Stretches of the past that people ask about. */
export function spansBefore(now: number, weekday: (at: number) => number): Span[] {
  const today = dayStart(now);
  const back = (weekday(now) + 6) % 7 || 7;
  const monday = daysBefore(now, back);
  const span = (id: string, words: string, from: number, to: number): Span => ({ id, words, from, to });
  return [
    span('today', 'Today so far', today, Math.floor(now / 60_000) * 60_000),
    span('monday', `Last Monday (${sayDate(monday).replace(/^\S+ /, '')})`, monday, daysBefore(now, back - 1)),
    span('week', 'Last 7 days', daysBefore(now, 7), today),
    span('month', 'Last 31 days', daysBefore(now, 31), today),
  ];
}
