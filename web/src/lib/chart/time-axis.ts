import { londonMinutes } from './london.ts';

const HOUR = 3_600_000;

export interface TimeMark {
  readonly at: number;
  readonly label: string;
  /** 0 at the left edge, 1 at the right. */
  readonly share: number;
}

/** An hour as people say it: 7am, midday, midnight. `minutes` are local, after midnight. */
export function sayHour(minutes: number): string {
  const hour = Math.round(minutes / 60) % 24;
  if (hour === 0) return 'midnight';
  if (hour === 12) return 'midday';
  return `${hour % 12}${hour < 12 ? 'am' : 'pm'}`;
}

/** Where a moment lies between `from` and `to`; below 0 or above 1 when outside. */
export function shareOf(at: number, from: number, to: number): number {
  return to > from ? (at - from) / (to - from) : 0;
}

/** Hours between marks so that each mark has at least `minPx` of room. */
export function hoursApart(from: number, to: number, widthPx: number, minPx = 46): number {
  const perHour = (widthPx * HOUR) / Math.max(HOUR, to - from);
  return [1, 2, 3, 4, 6, 12].find((n) => n * perHour >= minPx) ?? 24;
}

/** Marks on the whole hours of the London clock. Its offsets are whole hours, so they fall on whole hours of UTC too. */
export function hourMarks(from: number, to: number, every: number): TimeMark[] {
  const marks: TimeMark[] = [];
  for (let at = Math.ceil(from / HOUR) * HOUR; at <= to; at += HOUR) {
    const minutes = londonMinutes(at);
    if (Math.round(minutes / 60) % every !== 0) continue;
    marks.push({ at, label: sayHour(minutes), share: shareOf(at, from, to) });
  }
  return marks;
}
