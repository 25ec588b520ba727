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

const lower = (now: Level | null, then: Level): Level | null => (now === null ? null : then < now ? then : now);

/**
 * A site's pressure by the rules in force, were these metrics what they say. All else stays as it is, and the level is the
 * one that the readings alone would give: holding it for a while is the board's, not the offer's.
 */
export function siteAfter(
  unit: Unit,
  changed: ReadonlyMap<MetricName, number>,
  rules: JudgedBy,
  way: 'relieved' | 'loaded' = 'relieved',
): State {
  if (unit.score === null) return { level: unit.level, score: null };
  let [given, possible, floor] = [0, 0, 1 as Level];
  let moved = false;
  for (const { indicator, metric, weight, cutoffs, direction, points } of unit.indicators) {
    if (points === null) continue;
    const value = changed.get(metric as MetricName);
    const now = value === undefined || cutoffs === null ? points : pointsFor(direction, cutoffs, value);
    moved ||= now !== points;
    given += now * weight;
    possible += 3 * weight;
    for (const escalator of rules.escalators)
      if (escalator.indicator === indicator && now >= escalator.points && escalator.level > floor)
        floor = escalator.level;
  }
  if (!moved || possible === 0) return { level: unit.level, score: unit.score };
  const score = round((given / possible) * 100, 1);
  const level = levelOf(score, rules.levels);
  const judged = level > floor ? level : floor;
  if (way === 'relieved') return { level: lower(unit.level, judged), score };
  return { level: unit.level === null ? null : judged > unit.level ? judged : unit.level, score };
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
  const now = scoreGroup(partsOf(practices, new Map()), rules).score;
  const then = scoreGroup(partsOf(practices, after), rules);
  if (now === null || then.score === null) return { level: group.level, score: group.score };
  const score = round(Math.max(0, group.score + Math.min(0, then.score - now)), 1);
  const level = levelOf(score, rules.levels);
  return { level: lower(group.level, level > then.floor ? level : then.floor), score };
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
