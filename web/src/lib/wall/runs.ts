import { runsOfDay, type Run } from '../format/day.ts';

/** A stretch of equal quarter hours on a wall's strip; `from` and `to` count from the strip's left edge. */
export interface WallRun extends Run {
  /** What to write where the run starts; null where it would repeat the calm or has no room. */
  readonly digit: string | null;
}

/** Runs of a unit's day between two quarter hours, a digit where a run above level 1 (or an unknown one) starts. */
export function wallRuns(day: string, first: number, last: number, now: number): WallRun[] {
  return runsOfDay(day, first, last, now).map(({ level, from, to }) => ({
    level,
    from: from - first,
    to: to - first,
    digit: level === 1 || to - from < 2 ? null : level === 0 ? '?' : String(level),
  }));
}
