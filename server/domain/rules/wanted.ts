import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { Unit } from '#shared/model/unit.ts';
import { levelOf } from '../pressure/levels.ts';

/**
 * The level that a unit's score, points and parts would give by these rules, whatever it is kept at; null: unknown. What
 * concentrated distress asks for is taken as it was worked out when the unit was last judged.
 */
export function wantedLevel(
  { score, indicators, rollup }: Pick<Unit, 'score' | 'indicators' | 'rollup'>,
  rules: Rules,
): Level | null {
  if (score === null) return null;
  let level = levelOf(score, rules.levels);
  if (rollup && rollup.floor > level) level = rollup.floor;
  for (const escalator of rules.escalators) {
    const points = indicators.find((indicator) => indicator.indicator === escalator.indicator)?.points ?? 0;
    if (points >= escalator.points && escalator.level > level) level = escalator.level;
  }
  return level;
}
