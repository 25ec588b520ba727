import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { judge } from '../pressure/indicators.ts';
import { levelOf, NO_STANDING, step, type Standing } from '../pressure/levels.ts';
import { scoreSite, type Judged, type Remembered, type SiteScore } from '../pressure/score.ts';
import type { PlanRule, PlanSide, PlanSite } from './plan.ts';
import { evidenceOf, type Readings } from './readings.ts';
import { STATE } from './track.ts';

/** What one set of rules remembers of one site, exactly as the board does. */
export interface SideState {
  memory: (Remembered | undefined)[];
  standing: Standing;
  lastScore: number | null;
  score: SiteScore | null;
  /** What each indicator last came to, by its place among the site's: points, or one of the two below. */
  readonly verdicts: Int8Array;
}

/** Verdicts beside points. */
export const IDLE = -1;
const ABSENT = -2;

export const createSideState = (side: PlanSide): SideState => ({
  memory: [],
  standing: NO_STANDING,
  lastScore: null,
  score: null,
  verdicts: new Int8Array(side.rules.length).fill(ABSENT),
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
      if (verdictOf(site, readings, rule, now) !== state.verdicts[rule.place]) return true;
    }
  }
  return false;
}

function verdictOf(site: PlanSite, readings: Readings, rule: PlanRule, { minute }: Now): number {
  const result = judge(rule.ready, evidenceOf(site, readings, rule), minute);
  return result.kind === 'judged' ? result.points : result.kind === 'idle' ? IDLE : ABSENT;
}

const verdictIn = ({ points, held, absence }: Judged): number => (absence !== null || held ? ABSENT : (points ?? IDLE));

function ruleOf(side: PlanSide, index: number): PlanRule {
  const rule = side.byIndex.get(index);
  if (!rule) throw new Error(`rule ${index} is not of this site`);
  return rule;
}

/** Judges the site anew, by the same code as the board. */
export function rescore(
  site: PlanSite,
  side: PlanSide,
  state: SideState,
  readings: Readings,
  now: Now,
  rules: Rules,
): void {
  state.score = scoreSite(side.ready, (ready) => evidenceOf(site, readings, ruleOf(side, ready.index)), state.memory, {
    ...now,
    holdMs: (ready) => site.metrics[ruleOf(side, ready.index).metric]?.holdMs ?? 0,
    minimumCoverage: rules.minimumCoverage,
  });
  state.score.judged.forEach((judged, i) => (state.verdicts[i] = verdictIn(judged)));
  if (state.score.score !== null) state.lastScore = state.score.score;
}

/** One reading of what the site was last judged at. */
export function read(state: SideState, at: EpochMs, fresh: boolean, rules: Rules): void {
  if (!state.score) return;
  state.standing = step(state.standing, { ...state.score, at, fresh }, rules);
}

const CLOSED_READING = { score: null, floor: 1, fallScore: null, fallFloor: 1, fresh: false } as const;

/** Closed is its own truth: what was known before closing says nothing about the next opening. */
export function close(state: SideState, at: EpochMs, rules: Rules): void {
  state.memory = [];
  state.lastScore = null;
  state.score = null;
  state.standing = step(state.standing, { ...CLOSED_READING, at }, rules);
}

/** An indicator that is held will be let go of as time passes. */
export const holds = (state: SideState): boolean => state.score?.judged.some(({ held }) => held) === true;

/** By how many levels the score alone would be above what stands; 0 where either is not known. */
function ahead({ score, standing }: SideState, rules: Rules): number {
  if (!score || score.score === null || standing.level === null) return 0;
  return Math.max(levelOf(score.score, rules.levels), score.floor) - standing.level;
}
/** A rise that waits for its next reading. */
export const waits = (state: SideState, rules: Rules): boolean => ahead(state, rules) > 0;
/** A level that is held though the score alone would no longer give it. */
export const fades = (state: SideState, rules: Rules): boolean => ahead(state, rules) < 0;

export function stateNow({ score, standing }: SideState): number {
  if (score?.idle === true) return STATE.notJudged;
  return standing.level ?? STATE.unknown;
}

export const severityNow = ({ standing }: SideState): number => standing.level ?? standing.lost?.level ?? 1;
