import type { Confidence, Indicator } from '#shared/model/unit.ts';
import { round } from './score.ts';

/** Parts of what a unit is judged by that cannot be relied on in full, as shares of the whole (0-1), each in one only. */
export interface Doubt {
  /** Not known at all. */
  readonly missing: number;
  /** Known points of a feed that has gone quiet. */
  readonly held: number;
  /** Derived by a stated formula rather than measured. */
  readonly estimated: number;
  /** Judged against a normal with little own history behind it. */
  readonly thin: number;
}

export const NO_DOUBT: Doubt = { missing: 0, held: 0, estimated: 0, thin: 0 };
export const ALL_MISSING: Doubt = { missing: 1, held: 0, estimated: 0, thin: 0 };

const KINDS = ['missing', 'held', 'estimated', 'thin'] as const;
/** What is missing or held says nothing of now; an estimate and a thin normal say half of it. */
const COUNTS: Readonly<Record<keyof Doubt, number>> = { missing: 1, held: 1, estimated: 0.5, thin: 0.5 };
const HIGH = 0.85;
const MEDIUM = 0.6;
/** What is less than this is not worth a word. */
const WORTH = 0.05;

const SAYS: Readonly<Record<keyof Doubt, string>> = {
  missing: 'is missing',
  held: 'stands on the last values of feeds that have gone quiet',
  estimated: 'is estimated',
  thin: 'is judged against a normal with little history of its own',
};

const WORDS = ['low', 'medium', 'high'] as const;

/**
 * Confidence as a share (1 less what is doubtful, weighed) and its word: high from 85%, medium from 60%, one lower where
 * the most deprived are under-represented. `of` says what the shares are of; `short` says that they are.
 */
export function confidenceOf(doubt: Doubt, of: string, short: string | null): Confidence {
  const doubtful = KINDS.reduce((sum, kind) => sum + doubt[kind] * COUNTS[kind], 0);
  const share = round(Math.min(1, Math.max(0, 1 - doubtful)), 2);
  const rank = (share >= HIGH ? 2 : share >= MEDIUM ? 1 : 0) - (short === null ? 0 : 1);
  const said = KINDS.filter((kind) => doubt[kind] >= WORTH)
    .sort((a, b) => doubt[b] * COUNTS[b] - doubt[a] * COUNTS[a])
    .map((kind) => `**${Math.round(doubt[kind] * 100)}%** ${SAYS[kind]}`);
  const parts = said.length === 0 ? [] : [`of ${of} ${said.join(', ')}`];
  const reason = [...(short === null ? [] : [short]), ...parts].join('; ');
  return { word: WORDS[Math.max(0, rank)] ?? 'low', share, reason };
}

/** Which of the doubts an indicator falls under, the gravest first; null: none, or it does not count now. */
function doubtOf({ points, absence, held, estimated, thin }: Indicator): keyof Doubt | null {
  if (points === null) return absence === null ? null : 'missing';
  if (held === true) return 'held';
  return estimated === true ? 'estimated' : thin === true ? 'thin' : null;
}

/** Doubt of a site from its indicators, by weight. */
export function siteDoubt(indicators: readonly Indicator[]): Doubt {
  const sums = { missing: 0, held: 0, estimated: 0, thin: 0 };
  let all = 0;
  for (const indicator of indicators) {
    if (indicator.points === null && indicator.absence === null) continue;
    all += indicator.weight;
    const kind = doubtOf(indicator);
    if (kind !== null) sums[kind] += indicator.weight;
  }
  if (all === 0) return NO_DOUBT;
  return { missing: sums.missing / all, held: sums.held / all, estimated: sums.estimated / all, thin: sums.thin / all };
}
