import type { Level } from '$shared/model/level-words';
import { QUARTER } from '$shared/model/time';

export interface Piece {
  /** Share of the day at which it begins, and its width, 0 to 1. */
  readonly from: number;
  readonly width: number;
  readonly level: Level | null;
}

/** Runs of the level that a score alone would give, along one day. `starts`: where levels 2, 3 and 4 begin. */
export function stripOf(
  scores: readonly (readonly [number, number | null])[],
  starts: readonly number[],
  day: { readonly from: number; readonly to: number },
): Piece[] {
  const span = day.to - day.from;
  const pieces: { from: number; width: number; level: Level | null }[] = [];
  for (const [at, score] of scores) {
    if (score === null || at < day.from || at >= day.to) continue;
    const level = (1 + starts.filter((start) => score >= start).length) as Level;
    const from = (at - day.from) / span;
    const width = Math.min(QUARTER, day.to - at) / span;
    const last = pieces.at(-1);
    if (last?.level === level && Math.abs(last.from + last.width - from) < 1e-9) last.width += width;
    else pieces.push({ from, width, level });
  }
  return pieces;
}
