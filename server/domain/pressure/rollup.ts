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
  /** Population at level 3 or more. */
  readonly distressed: number;
  /** Highest score of a part; -1 where none is known. */
  readonly worst: number;
  /** The same with the last known scores of practices that have gone quiet: what a fall is measured by. */
  readonly lastKnown: number;
  readonly lastScored: number;
  readonly lastDistressed: number;
  readonly lastWorst: number;
}

export interface GroupScore {
  readonly score: number | null;
  readonly coverage: number;
  readonly fallScore: number | null;
  /** No practice is open: neither calm nor unknown. */
  readonly closed: boolean;
}

const uplifted = (mean: number, share: number, uplift: number, worst: number) =>
  round(Math.min(Math.max(mean, 0) + share * uplift, Math.max(worst, 0)), 1);

/** Population-weighted mean plus an uplift for concentrated distress, never above the worst part (decision 20). */
export function scoreGroup(parts: Parts, rules: Pick<Rules, 'uplift' | 'minimumCoverage'>): GroupScore {
  if (parts.open <= 0) return { score: null, coverage: 1, fallScore: null, closed: true };
  const coverage = round(parts.known / parts.open, 3);
  if (parts.known <= 0 || coverage < rules.minimumCoverage) {
    return { score: null, coverage, fallScore: null, closed: false };
  }
  const score = uplifted(parts.scored / parts.known, parts.distressed / parts.known, rules.uplift, parts.worst);
  const last =
    parts.lastKnown > 0
      ? uplifted(
          parts.lastScored / parts.lastKnown,
          parts.lastDistressed / parts.lastKnown,
          rules.uplift,
          parts.lastWorst,
        )
      : score;
  return { score, coverage, fallScore: Math.max(score, last), closed: false };
}
