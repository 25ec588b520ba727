import type { Point } from './types.ts';

/**
 * As many points as `pixels` columns can show: of each column's points the first, the lowest, the highest and the last,
 * so that no peak is lost, and of each gap one null, so that no line is drawn across it. Points come in order of time;
 * what comes back is some of them, in the same order.
 */
export function decimate(points: readonly Point[], from: number, to: number, pixels: number): readonly Point[] {
  if (points.length <= 4 * pixels || to <= from || pixels < 1) return points;
  const column = ([at]: Point) => Math.floor(((at - from) / (to - from)) * pixels);
  const kept: Point[] = [];
  let run: Point[] = [];
  const close = () => {
    kept.push(...extremes(run));
    run = [];
  };
  for (const point of points) {
    const first = run[0];
    if (point[1] === null) {
      close();
      if (kept.at(-1)?.[1] !== null) kept.push(point);
    } else {
      if (first && column(first) !== column(point)) close();
      run.push(point);
    }
  }
  close();
  return kept;
}

/** First, lowest, highest and last of known points, each once, in order of time. */
function extremes(run: readonly Point[]): Point[] {
  const first = run[0];
  const last = run.at(-1);
  if (!first || !last) return [];
  let lowest = first;
  let highest = first;
  for (const point of run) {
    if ((point[1] ?? 0) < (lowest[1] ?? 0)) lowest = point;
    if ((point[1] ?? 0) > (highest[1] ?? 0)) highest = point;
  }
  const wanted = new Set([first, lowest, highest, last]);
  return run.filter((point) => wanted.has(point));
}
