import type { Indicator } from '$shared/model/unit';

/** Places on a row's scale, 0 to 1; worse is always to the right. Cut-offs stand at the same places in every row. */
export interface IndicatorPlaces {
  readonly now: number | null;
  readonly usual: number | null;
}

export const CUTOFF_PLACES = [0.46, 0.64, 0.82] as const;
const EDGE = 0.03;

/**
 * Where a value lies among the three cut-offs: linear between them, so that the zone says the points. `better` is a
 * value that lies comfortably on the good side, and sets the scale there.
 */
export function placeOf(value: number, cutoffs: readonly [number, number, number], better: number): number {
  const [first, second, third] = cutoffs;
  const sign = third >= first ? 1 : -1;
  const v = value * sign;
  const [a, b, c] = [first * sign, second * sign, third * sign];
  const span = Math.max(c - a, Math.abs(a) * 0.25, 1e-9);
  const [p1, p2, p3] = CUTOFF_PLACES;
  if (v < a) return Math.max(EDGE, p1 - (p1 - 0.1) * ((a - v) / Math.max(a - better * sign, span * 0.5, 1e-9)));
  if (v < b) return p1 + ((v - a) / (b - a || 1)) * (p2 - p1);
  if (v < c) return p2 + ((v - b) / (c - b || 1)) * (p3 - p2);
  return Math.min(1 - EDGE, p3 + ((v - c) / span) * 0.1 + 0.04);
}

/** Places of the present and the usual value of an indicator; nothing where there is no scale. */
export function placesOf(indicator: Indicator): IndicatorPlaces {
  const { cutoffs, value, usual } = indicator;
  if (!cutoffs) return { now: null, usual: null };
  const sign = cutoffs[2] >= cutoffs[0] ? 1 : -1;
  const good = usual !== null && usual * sign < cutoffs[0] * sign ? usual : cutoffs[0] - (cutoffs[2] - cutoffs[0]);
  return {
    now: value === null ? null : placeOf(value, cutoffs, good),
    usual: usual === null ? null : placeOf(usual, cutoffs, good),
  };
}
