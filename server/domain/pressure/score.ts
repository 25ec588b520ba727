import type { Absence } from '#shared/model/absence.ts';
import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { judge, type Cutoffs, type Evidence, type ReadyRule } from './indicators.ts';

/** What the board remembers of an indicator: its last points, and since when it is absent. Part of the checkpoint. */
export interface Remembered {
  points: number;
  absentSince: EpochMs | null;
}

export interface Judged {
  readonly ready: ReadyRule;
  readonly evidence: Evidence;
  /** Null: left out. */
  readonly points: number | null;
  readonly cutoffs: Cutoffs | null;
  readonly absence: Absence | null;
  readonly detail: string | null;
  readonly held: boolean;
}

export interface SiteScore {
  /** 0-100, one decimal; null when too little is known, or when nothing can be judged now. */
  readonly score: number | null;
  readonly given: number;
  readonly possible: number;
  /** Share of the possible points, of those that could count now, that are known or held. 1 where none could. */
  readonly coverage: number;
  /** Nothing to judge at this hour or for this kind of site. */
  readonly idle: boolean;
  /** Least level that an escalator asks for. */
  readonly floor: Level;
  /** The score and floor that a fall is measured by: missing indicators count with their last points (decision 18). */
  readonly fallScore: number | null;
  readonly fallFloor: Level;
  readonly judged: readonly Judged[];
}

const MAX_POINTS = 3;
const FACTORS = [1, 10, 100, 1000] as const;
export const round = (value: number, decimals: number): number => {
  const factor = FACTORS[decimals] ?? 10 ** decimals;
  return Math.round(value * factor) / factor;
};
const percent = (given: number, possible: number) => round((given / possible) * 100, 1);

const escalated = (ready: ReadyRule, points: number, floor: Level): Level =>
  ready.escalates.reduce<Level>((level, e) => (points >= e.points && e.level > level ? e.level : level), floor);

/**
 * Judges one open site. An absent indicator keeps its last points for `holdMs`, then drops out of both sides. `memory` is
 * updated in place: one entry a rule, undefined until the indicator was first known.
 */
export function scoreSite(
  rules: readonly ReadyRule[],
  evidenceOf: (ready: ReadyRule) => Evidence,
  memory: (Remembered | undefined)[],
  now: { at: EpochMs; minute: number; holdMs: (ready: ReadyRule) => number; minimumCoverage: number },
): SiteScore {
  const sums = { given: 0, possible: 0, expected: 0, fallGiven: 0, fallPossible: 0 };
  let floor: Level = 1;
  let fallFloor: Level = 1;
  const judged: Judged[] = [];
  for (const ready of rules) {
    const evidence = evidenceOf(ready);
    const result = judgeWithMemory(ready, evidence, memory, now);
    judged.push(result.judged);
    if (!result.counts) continue;
    const { weight } = ready.rule;
    sums.expected += weight;
    const { points } = result.judged;
    if (points !== null) {
      sums.given += points * weight;
      sums.possible += MAX_POINTS * weight;
      floor = escalated(ready, points, floor);
    }
    if (result.lastPoints !== null) {
      sums.fallGiven += result.lastPoints * weight;
      sums.fallPossible += MAX_POINTS * weight;
      fallFloor = escalated(ready, result.lastPoints, fallFloor);
    }
  }
  const idle = sums.expected === 0;
  const coverage = idle ? 1 : round(sums.possible / (MAX_POINTS * sums.expected), 3);
  const known = sums.possible > 0 && coverage >= now.minimumCoverage;
  const score = known ? percent(sums.given, sums.possible) : null;
  return {
    score,
    given: sums.given,
    possible: sums.possible,
    coverage,
    idle,
    floor,
    fallScore: score === null ? null : Math.max(score, percent(sums.fallGiven, sums.fallPossible)),
    fallFloor,
    judged,
  };
}

function judgeWithMemory(
  ready: ReadyRule,
  evidence: Evidence,
  memory: (Remembered | undefined)[],
  now: { at: EpochMs; minute: number; holdMs: (ready: ReadyRule) => number },
): { judged: Judged; counts: boolean; lastPoints: number | null } {
  const result = judge(ready, evidence, now.minute);
  const base = { ready, evidence, cutoffs: null, absence: null, detail: null, held: false };
  if (result.kind === 'idle') {
    memory[ready.index] = undefined;
    return { judged: { ...base, points: null }, counts: false, lastPoints: null };
  }
  if (result.kind === 'judged') {
    memory[ready.index] = { points: result.points, absentSince: null };
    return {
      judged: { ...base, points: result.points, cutoffs: result.cutoffs },
      counts: true,
      lastPoints: result.points,
    };
  }
  const last = memory[ready.index];
  if (last) last.absentSince ??= now.at;
  const held = last !== undefined && now.at - (last.absentSince ?? now.at) <= now.holdMs(ready);
  const judged: Judged = {
    ...base,
    points: held ? last.points : null,
    absence: result.absence,
    detail: result.detail,
    held,
  };
  return { judged, counts: true, lastPoints: last?.points ?? null };
}
