import type { Unit } from '$shared/model/unit';
import { HOUR, MINUTE } from '$shared/model/time';
import { atHour, dayStart } from '../format/time.ts';

/** The stretch of the day a unit's charts show, epoch ms. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * Hours of a unit's day worth seeing: a practice's 7am to 7pm, 7am to 9pm where hubs belong, the whole day where the
 * service never closes. A moment outside widens the window, so that the now-line is always on it.
 */
export function dayWindow(unit: Pick<Unit, 'kind' | 'siteKind'>, now: number): DayWindow {
  const [first, last] = hoursOf(unit);
  const start = dayStart(now);
  // 30 hours on is the next day, also on a day of 25 hours.
  const end = dayStart(start + 30 * HOUR);
  const from = first === 0 ? start : atHour(now, first);
  const to = last === 24 ? end : atHour(now, last);
  return { from: now < from ? start : from, to: now > to ? end : to };
}

/** What of a window can be known by now: a replay must not see what came later. At least a minute. */
export function upToNow(window: DayWindow, now: number | null): DayWindow {
  return now === null ? window : { from: window.from, to: Math.max(window.from + MINUTE, Math.min(window.to, now)) };
}

function hoursOf({ kind, siteKind }: Pick<Unit, 'kind' | 'siteKind'>): readonly [number, number] {
  if (kind !== 'site') return [7, 21];
  switch (siteKind) {
    case 'practice':
      return [7, 19];
    case 'nhs111':
    case 'out-of-hours':
      return [0, 24];
    default:
      return [7, 21];
  }
}
