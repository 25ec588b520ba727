import type { ChartBand, ChartBars, ChartLine, Point } from './types.ts';

/** The value that stands at `at`: the last point at or before it, unless it is older than `reach` (then a gap). */
export function valueAt(points: readonly Point[], at: number, reach: number): number | null {
  let low = 0;
  let high = points.length - 1;
  let found: Point | undefined;
  while (low <= high) {
    const mid = (low + high) >> 1;
    const point = points[mid];
    if (!point) break;
    if (point[0] <= at) {
      found = point;
      low = mid + 1;
    } else high = mid - 1;
  }
  return found && at - found[0] < reach ? found[1] : null;
}

/** Smallest distance between neighbouring points; `fallback` where there are not two. */
export function stepOf(points: readonly Point[], fallback: number): number {
  let step = Infinity;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a && b && b[0] > a[0]) step = Math.min(step, b[0] - a[0]);
  }
  return Number.isFinite(step) ? step : fallback;
}

/** Sum of what is there; null when nothing is. */
export function total(points: readonly Point[]): number | null {
  let sum: number | null = null;
  for (const [, value] of points) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}

/** Points whose neighbours are both gaps: a line through them would be invisible. */
export function isolated(points: readonly Point[]): Point[] {
  return points.filter(
    ([, value], i) => value !== null && (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null,
  );
}

/** Highest value of what is drawn, bars stacked, for an axis that holds still while values swap. */
export function highest(
  lines: readonly ChartLine[],
  bars: readonly ChartBars[],
  bands: readonly (ChartBand | undefined)[],
): number {
  let top = 0;
  const stack = new Map<number, number>();
  for (const layer of bars) for (const [at, value] of layer.points) stack.set(at, (stack.get(at) ?? 0) + (value ?? 0));
  for (const height of stack.values()) top = Math.max(top, height);
  const reach = (points: readonly Point[]) => {
    for (const [, value] of points) top = Math.max(top, value ?? 0);
  };
  for (const { points } of lines) reach(points);
  for (const band of bands) {
    reach(band?.points ?? []);
    reach(band?.high ?? []);
  }
  return top;
}

/** The next round number at or above: 1, 2, 2.5, 4, 5, 6, 8 times a power of ten, so axes change seldom. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = power === 1 ? [1, 2, 3, 4, 5, 6, 8, 10] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  return (steps.find((s) => s * power >= value - 1e-9) ?? 10) * power;
}

/** Figures of a value axis that ends at `top`: about `wanted` of them, on round numbers, zero left out. */
export function axisTicks(top: number, wanted: number): number[] {
  const rough = top / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = ([1, 2, 2.5, 5, 10].find((s) => s * power >= rough - 1e-9) ?? 10) * power;
  const even = top >= 4 ? Math.max(1, Math.round(step)) : step;
  const ticks: number[] = [];
  for (let value = even; value <= top + 1e-9; value += even) ticks.push(value);
  return ticks;
}

/** Steps of a clock, as shares of an hour. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440].map((minutes) => minutes / 60);

/** Top and figures of an axis of durations, on steps that a clock knows; `hour` is an hour in the values' unit. */
export function durationAxis(value: number, wanted: number, hour: number): { top: number; ticks: number[] } {
  const rough = value / hour / Math.max(1, wanted);
  const step = (CLOCK_STEPS.find((s) => s >= rough - 1e-9) ?? 24 * Math.ceil(rough / 24)) * hour;
  const count = Math.max(1, Math.ceil(value / step - 1e-9));
  return { top: count * step, ticks: Array.from({ length: count }, (_, i) => (i + 1) * step) };
}
