import type { Level } from '#shared/model/level.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { Effect } from '#shared/protocol/redirections.ts';
import { pointsFor } from '../pressure/indicators.ts';
import { levelOf } from '../pressure/levels.ts';
import { scoreGroup, type Parts } from '../pressure/rollup.ts';
import { round } from '../pressure/score.ts';

type JudgedBy = Pick<Rules, 'levels' | 'escalators' | 'uplift' | 'minimumCoverage' | 'concentrated'>;
interface State {
  readonly level: Level | null;
  readonly score: number | null;
}

/**
 * The level shown may be held above what the readings give: only by as much as the readings themselves move does it move,
 * or an offer would be praised for what time does.
 */
function moved(now: Level | null, before: Level, after: Level): Level | null {
  if (now === null) return null;
  return Math.min(4, Math.max(1, now + after - before)) as Level;
}
const higher = (a: Level, b: Level): Level => (a > b ? a : b);

/**
 * A site's pressure by the rules in force, were these metrics what they say. All else stays as it is, and the level is the
 * one that the readings alone would give: holding it for a while is the board's, not the offer's.
 */
export function siteAfter(unit: Unit, changed: ReadonlyMap<MetricName, number>, rules: JudgedBy): State {
  if (unit.score === null) return { level: unit.level, score: null };
  const before = { given: 0, floor: 1 as Level };
  const after = { given: 0, floor: 1 as Level };
  let possible = 0;
  const add = (sum: { given: number; floor: Level }, indicator: string, points: number, weight: number) => {
    sum.given += points * weight;
    for (const { indicator: of_, points: least, level } of rules.escalators)
      if (of_ === indicator && points >= least) sum.floor = higher(sum.floor, level);
  };
  for (const { indicator, metric, weight, cutoffs, direction, points } of unit.indicators) {
    if (points === null) continue;
    const value = changed.get(metric as MetricName);
    possible += 3 * weight;
    add(before, indicator, points, weight);
    add(
      after,
      indicator,
      value === undefined || cutoffs === null ? points : pointsFor(direction, cutoffs, value),
      weight,
    );
  }
  if (before.given === after.given || possible === 0) return { level: unit.level, score: unit.score };
  const levelWith = ({ given, floor }: typeof before) =>
    higher(levelOf(round((given / possible) * 100, 1), rules.levels), floor);
  return {
    level: moved(unit.level, levelWith(before), levelWith(after)),
    score: round((after.given / possible) * 100, 1),
  };
}

export const effectOf = (unit: Unit, after: State): Effect => ({
  unit: unit.id,
  name: unit.name,
  before: { level: unit.level, score: unit.score },
  after,
});

/** A group's pressure were some of its practices as they are in `after`. */
export function groupAfter(
  group: Unit,
  practices: readonly Unit[],
  after: ReadonlyMap<string, State>,
  rules: JudgedBy,
): State {
  if (group.score === null || after.size === 0) return { level: group.level, score: group.score };
  const now = scoreGroup(partsOf(practices, new Map()), rules);
  const then = scoreGroup(partsOf(practices, after), rules);
  if (now.score === null || then.score === null) return { level: group.level, score: group.score };
  const score = round(Math.max(0, group.score + Math.min(0, then.score - now.score)), 1);
  if (score === group.score) return { level: group.level, score };
  const levelWith = (value: number, floor: Level) => higher(levelOf(value, rules.levels), floor);
  return { level: moved(group.level, levelWith(group.score, now.floor), levelWith(score, then.floor)), score };
}

function partsOf(practices: readonly Unit[], after: ReadonlyMap<string, State>): Parts {
  let [open, known, scored, distressed, extreme, worst] = [0, 0, 0, 0, 0, -1];
  for (const unit of practices) {
    const people = unit.population ?? 0;
    if (unit.open !== true || people <= 0) continue;
    open += people;
    const { score, level } = after.get(unit.id) ?? unit;
    if (score === null) continue;
    known += people;
    scored += score * people;
    if (level !== null && level >= 3) distressed += people;
    if (level === 4) extreme += people;
    worst = Math.max(worst, score);
  }
  const last = { lastKnown: 0, lastScored: 0, lastDistressed: 0, lastExtreme: 0, lastWorst: -1 };
  return { open, known, scored, distressed, extreme, worst, ...last };
}
