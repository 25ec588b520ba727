import { HOUR } from '$shared/model/time';

type Points = readonly (readonly [number, number | null])[];

/** Values up to now as a rate an hour: a quarter hour that is still filling says nothing yet. */
export function hourly(points: Points, step: number, now: number): (readonly [number, number | null])[] {
  return points
    .filter(([at]) => at + step <= now)
    .map(([at, value]) => [at + step / 2, value === null ? null : (value * HOUR) / step] as const);
}

/** Measured values up to now. */
export function upTo(points: Points, now: number): Points {
  return points.filter(([at]) => at <= now);
}
