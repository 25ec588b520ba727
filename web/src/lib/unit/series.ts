import type { MetricShape } from '$shared/model/metrics';
import type { Point } from '../chart/types.ts';

/**
 * Puts the live value at the end of what the history holds, so that a chart is as new as the figures beside it. A gauge
 * gets one more point at `now`; a counter of the day fills the running bucket with what the other buckets leave of it.
 */
export function withLive(
  points: readonly Point[],
  live: number | null | undefined,
  shape: MetricShape,
  now: number,
  step: number,
): readonly Point[] {
  if (live === null || live === undefined) return points;
  if (shape !== 'since-midnight') {
    const last = points.at(-1);
    return last && last[0] >= now ? points : [...points, [now, live]];
  }
  const running = Math.floor(now / step) * step;
  const before = points.filter(([at]) => at < running);
  // With a gap in the day nobody knows how much of the total falls into this bucket.
  if (before.length === 0 || before.some(([, value]) => value === null)) return points;
  const counted = before.reduce((sum, [, value]) => sum + (value ?? 0), 0);
  return live < counted ? points : [...before, [running, live - counted]];
}

/** What would usually have come by now: whole buckets plus the share of the running one; null where nothing is known. */
export function usualSoFar(usual: readonly Point[], now: number, step: number): number | null {
  let sum: number | null = null;
  for (const [at, value] of usual) {
    if (at >= now || value === null) continue;
    sum = (sum ?? 0) + value * Math.min(1, (now - at) / step);
  }
  return sum;
}

/** First time at which a falling measure usually reaches zero; null where it does not, or is not known. */
export function usualEnd(usual: readonly Point[]): number | null {
  const first = usual.findIndex(
    ([, value], i) => i > 0 && value !== null && value < 0.5 && (usual[i - 1]?.[1] ?? 0) >= 0.5,
  );
  return usual[first]?.[0] ?? null;
}
