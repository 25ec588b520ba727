import { LEVELS, type Level } from '$shared/model/level-words';
import type { Indicator } from '$shared/model/unit';

/** The arithmetic under an indicator table: weighted points given, of those that could be given by what is known. */
export interface Sum {
  readonly given: number;
  readonly possible: number;
  readonly leftOut: number;
}

export function sumOf(indicators: readonly Indicator[]): Sum {
  let given = 0;
  let possible = 0;
  let leftOut = 0;
  for (const { points, weight } of indicators) {
    if (points === null) leftOut += 1;
    else {
      given += points * weight;
      possible += 3 * weight;
    }
  }
  return { given, possible, leftOut };
}

/** `level 3 from 62, level 4 from 86`: the starts that still lie ahead, or the last two. */
export function startsLine(starts: readonly number[], level: Level | null): string {
  const all = LEVELS.slice(1).map((l, i) => ({ level: l, from: starts[i] }));
  const ahead = all.filter((s) => s.level >= (level ?? 1));
  return ahead
    .slice(0, 2)
    .filter((s) => s.from !== undefined)
    .map((s) => `level ${s.level} from ${s.from}`)
    .join(', ');
}

/** Heaviest first, what is left out last; equals keep the order of the rules. */
export function byPoints(indicators: readonly Indicator[]): Indicator[] {
  const heaviness = (i: Indicator) => (i.points === null ? -1 : i.points * i.weight + i.weight / 100);
  return [...indicators].sort((a, b) => heaviness(b) - heaviness(a));
}
