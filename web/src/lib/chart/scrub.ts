import type { ChartBars, ChartLine, ChartUsual } from './types.ts';
import { valueAt } from './values.ts';

export interface Reading {
  readonly label: string;
  readonly value: number | null;
}

/** What every drawn thing says at `at`. Nothing is read between points: a gap reads as null. */
export function readingsAt(
  at: number,
  lines: readonly ChartLine[],
  bars: readonly ChartBars[],
  usual: ChartUsual | undefined,
  step: number,
): Reading[] {
  const measured = [
    ...[...bars].reverse().map(({ label, points }) => ({ label, value: valueAt(points, at, step) })),
    ...lines.map(({ label, points }) => ({ label, value: valueAt(points, at, step * 1.5) })),
  ];
  const expected = usual ? valueAt(usual.points, at, step * 1.5) : null;
  return usual && expected !== null ? [...measured, { label: usual.label, value: expected }] : measured;
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
