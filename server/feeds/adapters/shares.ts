import type { SharedAccount, UnitDef } from '#shared/model/definition.ts';

/** One site's part of what an account reports. */
export interface Share {
  readonly site: string;
  /** Of 1; null for the one that takes what the others leave. */
  readonly part: number | null;
}

/**
 * How an account is split over those of its sites that report nothing of their own: by list size, or equally where one
 * of them has none. The largest comes last and takes what is left over, so that nothing is lost or made.
 */
export function sharesOf(sites: readonly UnitDef[], split: SharedAccount['split']): Share[] {
  const known = split === 'list-size' && sites.every(({ population }) => population !== null && population > 0);
  const weights = sites.map((site) => ({ site: site.id, weight: known ? (site.population ?? 1) : 1 }));
  const whole = weights.reduce((sum, { weight }) => sum + weight, 0);
  const sorted = weights.toSorted((a, b) => a.weight - b.weight);
  return sorted.map(({ site, weight }, i) => ({ site, part: i === sorted.length - 1 ? null : weight / whole }));
}

/** Shares are whole multiples of this, which binary numbers add up without error in any order. */
const GRAIN = 2 ** 20;

/**
 * An account's count, split: the parts add up to it exactly, and none falls when it grows (rounding each to whole calls
 * would do neither, and a counter that falls looks like a supplier's restart).
 */
export function splitCount(count: number, shares: readonly Share[]): number[] {
  let left = count;
  return shares.map(({ part }) => {
    const own = part === null ? left : Math.floor(count * part * GRAIN) / GRAIN;
    left -= own;
    return own;
  });
}
