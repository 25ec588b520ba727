import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import { round } from './score.ts';

/**
 * A group as the sum of the practices beneath it, all by population. Sums add up through nested groups, so nesting never
 * distorts. Practices that are closed are in none of them.
 */
export interface Parts {
  /** Population of open practices, and of those with a known score. */
  readonly open: number;
  readonly known: number;
  /** Score x population, of the known. */
  readonly scored: number;
  /** Population at level 3 or more, and at level 4. */
  readonly distressed: number;
  readonly extreme: number;
  /** Highest score of a part; -1 where none is known. */
  readonly worst: number;
  /** The same with the last known scores of practices that have gone quiet: what a fall is measured by. */
  readonly lastKnown: number;
  readonly lastScored: number;
  readonly lastDistressed: number;
  readonly lastExtreme: number;
  readonly lastWorst: number;
}

export interface GroupScore {
  readonly score: number | null;
  /** What the score is the sum of; null without a score. */
  readonly mean: number | null;
  readonly uplift: number | null;
  readonly coverage: number;
  /** Least level that concentrated distress asks for. */
  readonly floor: Level;
  readonly fallScore: number | null;
  readonly fallFloor: Level;
  /** No practice is open: neither calm nor unknown. */
  readonly closed: boolean;
}

type RollupRules = Pick<Rules, 'uplift' | 'minimumCoverage' | 'concentrated'>;

const uplifted = (mean: number, share: number, uplift: number, worst: number) =>
  round(Math.min(Math.max(mean, 0) + share * uplift, Math.max(worst, 0)), 1);

/** Level that a group's own parts at `part` or worse ask for: by their share of its open patients. */
function floorOf(distressed: number, extreme: number, open: number, { concentrated }: RollupRules): Level {
  if (!concentrated) return 1;
  const patients = concentrated.part === 4 ? extreme : distressed;
  return patients > 0 && patients >= (concentrated.share ?? 0) * open ? concentrated.least : 1;
}

const UNKNOWN = { score: null, mean: null, uplift: null, floor: 1, fallScore: null, fallFloor: 1 } as const;

/**
 * Population-weighted mean plus an uplift for concentrated distress, never above the worst part (decision 20); and the
 * least level that concentrated distress asks for, never above the level of the parts that ask for it.
 */
export function scoreGroup(parts: Parts, rules: RollupRules): GroupScore {
  if (parts.open <= 0) return { ...UNKNOWN, coverage: 1, closed: true };
  const coverage = round(parts.known / parts.open, 3);
  if (parts.known <= 0 || coverage < rules.minimumCoverage) return { ...UNKNOWN, coverage, closed: false };
  const mean = parts.scored / parts.known;
  const score = uplifted(mean, parts.distressed / parts.known, rules.uplift, parts.worst);
  const last =
    parts.lastKnown > 0
      ? uplifted(
          parts.lastScored / parts.lastKnown,
          parts.lastDistressed / parts.lastKnown,
          rules.uplift,
          parts.lastWorst,
        )
      : score;
  return {
    score,
    mean: Math.min(round(mean, 1), score),
    uplift: round(Math.max(0, score - round(mean, 1)), 1),
    coverage,
    floor: floorOf(parts.distressed, parts.extreme, parts.open, rules),
    fallScore: Math.max(score, last),
    fallFloor: floorOf(parts.lastDistressed, parts.lastExtreme, parts.open, rules),
    closed: false,
  };
}

/** Patients in the most deprived fifth and in the others, of open practices whose fifth is known: all, and the known. */
export interface Deprivation {
  readonly most: number;
  readonly mostKnown: number;
  readonly others: number;
  readonly othersKnown: number;
}

const DEFAULT_GAP = 0.05;

/** Coverage of the most deprived fifth beside the others'; null where either has no patients. */
export function coverageByDeprivation(
  patients: Deprivation,
  rules: Pick<Rules, 'deprivation'>,
): { coverage: number; others: number; short: boolean } | null {
  if (patients.most <= 0 || patients.others <= 0) return null;
  const coverage = round(patients.mostKnown / patients.most, 3);
  const others = round(patients.othersKnown / patients.others, 3);
  return { coverage, others, short: round(others - coverage, 3) > (rules.deprivation?.gap ?? DEFAULT_GAP) };
}
