import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { round } from '../pressure/score.ts';
import type { PlanRule, PlanSide, PlanSite } from './plan.ts';

/** What an indicator comes to where it gives no points: it has nothing to say, or what it looks at is missing. */
export const IDLE = -1;
export const ABSENT = -2;

/** What `scoreSite` makes of a site, as far as a level is told from it; kept from one judgement to the next. */
export interface Score {
  score: number | null;
  floor: Level;
  fallScore: number | null;
  fallFloor: Level;
  idle: boolean;
  /** An absent indicator still counts with its last points. */
  holds: boolean;
  /** Last points of each indicator (-1: none since it last had nothing to say) and since when it is absent (NaN: it is not). */
  readonly points: Int8Array;
  readonly absentSince: Float64Array;
}

export const createScore = (rules: number): Score => ({
  score: null,
  floor: 1,
  fallScore: null,
  fallFloor: 1,
  idle: false,
  holds: false,
  points: new Int8Array(rules).fill(-1),
  absentSince: new Float64Array(rules).fill(NaN),
});

const MOST_POINTS = 3;
const percent = (given: number, possible: number) => round((given / possible) * 100, 1);

function escalated({ ready }: PlanRule, points: number, floor: Level): Level {
  let least = floor;
  for (const { points: from, level } of ready.escalates) if (points >= from && level > least) least = level;
  return least;
}

/**
 * The score of `scoreSite` from verdicts that are known, without an object for each: a property test holds the two to each
 * other. Sums are added in the rules' order, so that they agree to the last digit.
 */
export function scoreVerdicts(
  site: PlanSite,
  side: PlanSide,
  verdicts: Int8Array,
  score: Score,
  at: EpochMs,
  minimumCoverage: number,
): void {
  let [given, possible, expected, fallGiven, fallPossible] = [0, 0, 0, 0, 0];
  let [floor, fallFloor]: [Level, Level] = [1, 1];
  score.holds = false;
  for (const rule of side.rules) {
    const verdict = verdicts[rule.place] ?? IDLE;
    const points = verdict === ABSENT ? missed(site, score, rule, at) : heard(score, rule.place, verdict);
    if (verdict === IDLE) continue;
    const { weight } = rule.ready.rule;
    expected += weight;
    if (points >= 0) {
      given += points * weight;
      possible += MOST_POINTS * weight;
      floor = escalated(rule, points, floor);
    }
    const last = score.points[rule.place] ?? -1;
    if (last >= 0) {
      fallGiven += last * weight;
      fallPossible += MOST_POINTS * weight;
      fallFloor = escalated(rule, last, fallFloor);
    }
  }
  score.idle = expected === 0;
  const coverage = score.idle ? 1 : round(possible / (MOST_POINTS * expected), 3);
  score.score = possible > 0 && coverage >= minimumCoverage ? percent(given, possible) : null;
  score.floor = floor;
  score.fallScore = score.score === null ? null : Math.max(score.score, percent(fallGiven, fallPossible));
  score.fallFloor = fallFloor;
}

/** Remembers points, or -1 that there is nothing to say. */
function heard(score: Score, place: number, verdict: number): number {
  score.points[place] = verdict;
  score.absentSince[place] = NaN;
  return verdict;
}

/** Points of an absent indicator: the last ones while they are held, -1 where there are none any more. */
function missed(site: PlanSite, score: Score, { place, metric }: PlanRule, at: EpochMs): number {
  const last = score.points[place] ?? -1;
  if (last < 0) return -1;
  const since = score.absentSince[place] ?? NaN;
  if (Number.isNaN(since)) score.absentSince[place] = at;
  if (at - (Number.isNaN(since) ? at : since) > (site.metrics[metric]?.holdMs ?? 0)) return -1;
  score.holds = true;
  return last;
}
