import { HOUR } from '$shared/model/time';
import { atHour, dayStart, sayTime } from '../format/time.ts';

export interface TimeMark {
  readonly at: number;
  readonly label: string;
  /** 0 at the left edge, 1 at the right. */
  readonly share: number;
}

/** Where a moment lies between `from` and `to`; below 0 or above 1 when outside. */
export function shareOf(at: number, from: number, to: number): number {
  return to > from ? (at - from) / (to - from) : 0;
}

/** Hours between marks so that each mark has at least `least` of the same units as `width`. */
export function hoursApart(from: number, to: number, width: number, least = 46): number {
  const perHour = (width * HOUR) / Math.max(HOUR, to - from);
  return [1, 2, 3, 4, 6, 12].find((n) => n * perHour >= least) ?? 24;
}

/** Marks on every so many hours of the London clock between two moments, both edges included. */
export function hourMarks(from: number, to: number, every: number): TimeMark[] {
  const marks: TimeMark[] = [];
  // 30 hours on is the next day, also on a day of 25 hours.
  for (let day = dayStart(from); day <= to; day = dayStart(day + 30 * HOUR)) {
    for (let hour = 0; hour < 24; hour += every) {
      const at = atHour(day, hour);
      if (at >= from && at <= to) marks.push({ at, label: sayTime(at), share: shareOf(at, from, to) });
    }
  }
  return marks;
}
