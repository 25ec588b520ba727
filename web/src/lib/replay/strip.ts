import { QUARTER } from '$shared/model/time';
import { runsOfDay, type Run } from '../format/day.ts';
import type { Stretch } from './stretches.ts';

export interface Piece {
  /** Share of the day at which it begins, and its width, 0 to 1. */
  readonly from: number;
  readonly width: number;
  /** 0: not known. */
  readonly level: Run['level'];
}

/** A day's recorded levels (`Unit.day`) as shares of the day, which may have 23 or 25 hours. */
export function stripOf(levels: string, day: Stretch): Piece[] {
  const quarters = (day.to - day.from) / QUARTER;
  return runsOfDay(levels, 0, quarters, Infinity).map(({ level, from, to }) => ({
    level,
    from: from / quarters,
    width: (to - from) / quarters,
  }));
}
