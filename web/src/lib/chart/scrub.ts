import type { ChartBand, ChartBars, ChartLine } from './types.ts';
import { valueAt } from './values.ts';

export interface Reading {
  readonly label: string;
  readonly value: number | null;
  /** The interval about it, where one is known. */
  readonly low?: number;
  readonly high?: number;
}

/** Everything a crosshair can read. */
export interface Readable {
  readonly lines: readonly ChartLine[];
  readonly bars: readonly ChartBars[];
  readonly usual?: ChartBand | undefined;
  readonly forecast?: ChartBand | undefined;
  /** Milliseconds between points. */
  readonly step: number;
  /** What was measured is not missed after this; null: never. */
  readonly now: number | null;
}

/** What every drawn thing says at `at`. Nothing is read between points: a gap reads as null. */
export function readingsAt(at: number, { lines, bars, usual, forecast, step, now }: Readable): Reading[] {
  const toCome = now !== null && at > now;
  const measured = [
    ...[...bars].reverse().map(({ label, points }) => ({ label, value: valueAt(points, at, step) })),
    ...lines.map(({ label, points }) => ({ label, value: valueAt(points, at, step * 1.5) })),
  ].filter(({ value }) => !toCome || value !== null);
  return [...measured, ...bandAt(forecast, at, step), ...bandAt(usual, at, step)];
}

function bandAt(band: ChartBand | undefined, at: number, step: number): Reading[] {
  const value = band ? valueAt(band.points, at, step * 1.5) : null;
  if (!band || value === null) return [];
  const low = band.low ? valueAt(band.low, at, step * 1.5) : null;
  const high = band.high ? valueAt(band.high, at, step * 1.5) : null;
  return [{ label: band.label, value, ...(low === null || high === null ? {} : { low, high }) }];
}

/** A reading in words: `31`, `31, 24 to 38`, or that there is none. */
export function sayReading({ value, low, high }: Reading, say: (value: number) => string): string {
  if (value === null) return 'no data';
  return low === undefined || high === undefined ? say(value) : `${say(value)}, ${say(low)} to ${say(high)}`;
}

/** Where a key moves the crosshair: a step left or right, four with Page keys, Home to the edge, End to now, Escape away. */
export function nextAt(
  key: string,
  at: number | null,
  axis: { from: number; to: number; now: number | null; step: number },
): number | null | undefined {
  const end = Math.min(axis.to, axis.now ?? axis.to);
  const here = at ?? end;
  const move = (by: number) => {
    const target = axis.from + Math.round((here - axis.from) / axis.step + by) * axis.step;
    return Math.min(axis.to, Math.max(axis.from, target));
  };
  switch (key) {
    case 'ArrowLeft':
      return at === null ? end : move(-1);
    case 'ArrowRight':
      return at === null ? end : move(1);
    case 'PageUp':
      return move(4);
    case 'PageDown':
      return move(-4);
    case 'Home':
      return axis.from;
    case 'End':
      return end;
    case 'Escape':
      return at === null ? undefined : null;
    default:
      return undefined;
  }
}
