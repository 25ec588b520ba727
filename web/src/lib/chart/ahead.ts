import type { ChartForecast, Point } from './types.ts';

/** What of a forecast lies ahead: the past is told by what was measured. Without a now-line all of it. */
export function aheadOf(forecast: ChartForecast | undefined, now: number | null): ChartForecast | undefined {
  if (!forecast || now === null) return forecast;
  const later = (points: readonly Point[]) => points.filter(([at]) => at >= now);
  const points = later(forecast.points);
  if (points.length === 0) return undefined;
  return {
    ...forecast,
    points,
    ...(forecast.low ? { low: later(forecast.low) } : {}),
    ...(forecast.high ? { high: later(forecast.high) } : {}),
  };
}
