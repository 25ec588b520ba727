import { HOUR, MINUTE } from '$shared/model/time';
import { atHour, dayStart } from '../format/time.ts';

/** The last moment before `now` that a typed time names by the London clock: `9:15`, `9.15am`, `replay 5pm`; null for none. */
export function readMoment(query: string, now: number): number | null {
  const match = /^(?:replay\s+)?(?:from\s+|at\s+)?(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$/i.exec(query.trim());
  const [, hours = '', minutes, half] = match ?? [];
  // A bare number is no time: it may begin a code.
  if (!match || (minutes === undefined && half === undefined)) return null;
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hours);
  const minute = Number(minutes ?? 0);
  if (hour > 23 || minute > 59 || (half && Number(hours) > 12)) return null;
  const today = atHour(now, hour) + minute * MINUTE;
  return today < now ? today : atHour(dayStart(now) - HOUR, hour) + minute * MINUTE;
}

/** An hour before `now`, to the minute. */
export const hourBefore = (now: number): number => Math.floor((now - HOUR) / MINUTE) * MINUTE;
