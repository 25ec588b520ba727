import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { pointsFor, resolveCutoffs, type Cutoffs } from '../pressure/indicators.ts';
import { levelOf, NO_STANDING, step, type Standing } from '../pressure/levels.ts';
import type { PlanRule, PlanSide, PlanSite } from './plan.ts';
import { absenceAt, baseBehind, type Readings } from './readings.ts';
import { ABSENT, createScore, IDLE, scoreVerdicts, type Score } from './side-score.ts';
import { STATE } from './track.ts';

/** What one set of rules remembers of one site, exactly as the board does. */
export interface SideState {
  standing: Standing;
  lastScore: number | null;
  /** False until the site is judged after it opened. */
  scored: boolean;
  readonly score: Score;
  /** What each indicator last came to, by its place among the site's: points, or one of the two below. */
  readonly verdicts: Int8Array;
  /** Cut-offs as they apply, and the usual value they follow from. */
  readonly cutoffs: (Cutoffs | null)[];
  readonly cutoffsFor: Float64Array;
  /** Of entangled indicators: the value at which the fences of value and base meet; NaN: there is none. */
  readonly meets: Float64Array;
}

/** No usual value: it is what a cut-off has been worked out from as long as it has not been at all. */
const NOT_YET = Infinity;

export const createSideState = (side: PlanSide): SideState => ({
  standing: NO_STANDING,
  lastScore: null,
  scored: false,
  score: createScore(side.rules.length),
  verdicts: new Int8Array(side.rules.length).fill(ABSENT),
  cutoffs: side.rules.map(() => null),
  cutoffsFor: new Float64Array(side.rules.length).fill(NOT_YET),
  meets: new Float64Array(side.rules.length).fill(NaN),
});

export interface Now {
  readonly at: EpochMs;
  /** Local minute of the day, with its fraction. */
  readonly minute: number;
}

/** Whether a look at what has changed gives an indicator another verdict than before. */
export function turns(
  site: PlanSite,
  side: PlanSide,
  state: SideState,
  readings: Readings,
  changed: readonly number[],
  now: Now,
): boolean {
  for (const place of changed) {
    for (const rule of side.looking[place] ?? []) {
      if (verdictOf(site, state, readings, rule, now.minute) !== state.verdicts[rule.place]) return true;
    }
  }
  return false;
}

/** Cut-offs in the metric's own unit; null where the own normal or list size is not known. */
export function cutoffsOf(site: PlanSite, state: SideState, readings: Readings, rule: PlanRule): Cutoffs | null {
  const usual = rule.needsUsual ? (readings.usuals[rule.metric] ?? NaN) : NaN;
  if (!Object.is(state.cutoffsFor[rule.place], usual)) {
    const population = site.practice ? site.population : null;
    state.cutoffs[rule.place] = resolveCutoffs(rule.ready.rule, Number.isNaN(usual) ? null : usual, population);
    state.cutoffsFor[rule.place] = usual;
  }
  return state.cutoffs[rule.place] ?? null;
}

/** `judge` of what is known, as a number: it is asked for a hundred million times a month of a system. */
function verdictOf(site: PlanSite, state: SideState, readings: Readings, rule: PlanRule, minute: number): number {
  const { fromMinute, toMinute, rule: stated } = rule.ready;
  if (minute < fromMinute || minute >= toMinute) return IDLE;
  const value = readings.values[rule.metric] ?? NaN;
  if (Number.isNaN(value)) return absenceAt(site, readings, rule.metric) === null ? IDLE : ABSENT;
  if (stated.minimumBase !== undefined && baseBehind(readings, rule, value) < stated.minimumBase) return IDLE;
  const cutoffs = cutoffsOf(site, state, readings, rule);
  return cutoffs === null ? ABSENT : pointsFor(stated.direction, cutoffs, value);
}

/** Judges the site anew. */
export function rescore(
  site: PlanSite,
  side: PlanSide,
  state: SideState,
  readings: Readings,
  now: Now,
  rules: Rules,
): void {
  const { verdicts, score } = state;
  for (const rule of side.rules) verdicts[rule.place] = verdictOf(site, state, readings, rule, now.minute);
  scoreVerdicts(site, side, verdicts, score, now.at, rules.minimumCoverage);
  state.scored = true;
  if (score.score !== null) state.lastScore = score.score;
}

/** One reading of what the site was last judged at. */
export function read(state: SideState, at: EpochMs, fresh: boolean, rules: Rules): void {
  if (!state.scored) return;
  const { score, floor, fallScore, fallFloor } = state.score;
  state.standing = step(state.standing, { score, floor, fallScore, fallFloor, at, fresh }, rules);
}

const CLOSED_READING = { score: null, floor: 1, fallScore: null, fallFloor: 1, fresh: false } as const;

/** Closed is its own truth: what was known before closing says nothing about the next opening. */
export function close(state: SideState, at: EpochMs, rules: Rules): void {
  state.lastScore = null;
  state.scored = false;
  Object.assign(state.score, createScore(state.verdicts.length));
  state.standing = step(state.standing, { ...CLOSED_READING, at }, rules);
}

/** An indicator that is held will be let go of as time passes. */
export const holds = (state: SideState): boolean => state.scored && state.score.holds;

/** By how many levels the score alone would be above what stands; 0 where either is not known. */
function ahead({ scored, score, standing }: SideState, rules: Rules): number {
  if (!scored || score.score === null || standing.level === null) return 0;
  return Math.max(levelOf(score.score, rules.levels), score.floor) - standing.level;
}
/** A rise that waits for its next reading. */
export const waits = (state: SideState, rules: Rules): boolean => ahead(state, rules) > 0;

/**
 * A level that is held though the score alone would no longer give it, and whose time is over at `at`. Until then a reading
 * of the same score can change nothing that a later one would not.
 */
export function fades(state: SideState, at: EpochMs, rules: Rules): boolean {
  const { level, until } = state.standing;
  return level !== null && level > 1 && at > (until[level - 2] ?? 0) && ahead(state, rules) < 0;
}

export function stateNow({ scored, score, standing }: SideState): number {
  if (scored && score.idle) return STATE.notJudged;
  return standing.level ?? STATE.unknown;
}

export const severityNow = ({ standing }: SideState): number => standing.level ?? standing.lost?.level ?? 1;
