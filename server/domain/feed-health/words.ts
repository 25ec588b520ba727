import type { FeedFamily } from '#shared/model/feed-metrics.ts';
import { HOUR, localDate, MINUTE, sayTime, weekday, type EpochMs } from '#shared/model/time.ts';
import { sayCount } from '../pressure/phrases.ts';

export const FAMILY_LABELS: Readonly<Record<FeedFamily, string>> = {
  telephony: 'Telephony',
  slots: 'Slots',
  appointments: 'Appointments',
  online: 'Online requests',
  urgent: 'Out-of-hours and 111',
  declared: 'Declared states',
  staffing: 'Rotas',
  other: 'Other',
};

/** One feed of a family, in the sentence: "Oldham telephony has not answered". */
export const FAMILY_FEEDS: Readonly<Record<FeedFamily, string>> = {
  telephony: 'telephony',
  slots: 'slot feed',
  appointments: 'appointment feed',
  online: 'online-request feed',
  urgent: 'urgent-care feed',
  declared: 'declared-level feed',
  staffing: 'rota',
  other: 'feed',
};

/** What is missing when a family's data are: "calls left out". */
export const FAMILY_NOUNS: Readonly<Record<FeedFamily, string>> = {
  telephony: 'calls',
  slots: 'slots',
  appointments: 'appointments',
  online: 'online requests',
  urgent: 'urgent queues',
  declared: 'declared states',
  staffing: 'staff',
  other: 'figures',
};

const DAY = 24 * HOUR;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** A time not after `now`, as people say it: 9:29am, Sunday 5:10pm, 12 January. */
export function sayWhen(at: EpochMs, now: EpochMs): string {
  if (localDate(at) === localDate(now)) return sayTime(at);
  if (now - at < 6 * DAY) return `${WEEKDAYS[weekday(at) - 1] ?? ''} ${sayTime(at)}`;
  const [, month = '1', day = '1'] = localDate(at).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''}`;
}

/** How long something has lasted: 48 s, 13 min, 9 h 42 min, 1 d 7 h. */
export function sayAge(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  const [unit, part, of, rest] = ms < DAY ? (['h', HOUR, 'min', MINUTE] as const) : (['d', DAY, 'h', HOUR] as const);
  const whole = Math.floor(ms / part);
  const left = Math.floor((ms % part) / rest);
  return left === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${left} ${of}`;
}

/** "1 practice", "7 practices", "1,263 feeds". */
export const some = (count: number, one: string, many = `${one}s`): string =>
  `${sayCount(count)} ${Math.round(count) === 1 ? one : many}`;

const NUMBERS = 'none one two three four five six seven eight nine ten eleven twelve'.split(' ');
/** Small numbers in words, larger ones in digits. */
export const inWords = (count: number): string => NUMBERS[count] ?? sayCount(count);

/** A share as a whole percentage that says neither all nor none where it is not so. */
export function percentOf(share: number): number {
  if (share <= 0 || share >= 1) return Math.round(share * 100);
  return Math.min(99, Math.max(1, Math.round(share * 100)));
}

/** A supplier without a name of its own, from its id: `calder-voice` is Calder Voice. */
export const nameOfId = (id: string): string =>
  id.replace(/(^|-)([a-z0-9])/g, (_, gap: string, letter: string) => (gap === '' ? '' : ' ') + letter.toUpperCase());
