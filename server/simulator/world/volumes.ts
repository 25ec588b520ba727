import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, trait } from '../random.ts';
import type { CallProfile } from './call-profile.ts';
import type { Day } from './day.ts';
import { largestRemainder } from './largest-remainder.ts';
import { BAND_COUNT } from './national-shape.ts';

/** Spread of a day's volume about its expectation: the practice's own, and what a neighbourhood shares. */
const PRACTICE_SPREAD = 0.07;
const NEIGHBOURHOOD_SPREAD = 0.05;
/** How differently practices' days are shaped, for good. */
const SHAPE_SPREAD = 0.12;

const lognormal = (spread: number, normal: number) => Math.exp(spread * normal - (spread * spread) / 2);

/** Calls by band of one practice on one day: its expectation, its own shape, and the day's chance. */
export function drawBandCounts(site: UnitDef, day: Day, profile: CallProfile, seed: number): number[] {
  const random = createRandom(seed, day.date, site.id, 'volume');
  const shared = createRandom(seed, day.date, site.parent ?? '', 'neighbourhood');
  const factor = lognormal(PRACTICE_SPREAD, random.normal()) * lognormal(NEIGHBOURHOOD_SPREAD, shared.normal());
  const rates = Array.from({ length: BAND_COUNT }, (_, band) => profile.rates[(day.kind - 1) * BAND_COUNT + band] ?? 0);
  const shaped = rates.map((rate, band) => rate * (1 + SHAPE_SPREAD * (2 * trait(seed, site.id, 'shape', band) - 1)));
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  const shapedTotal = shaped.reduce((sum, rate) => sum + rate, 0);
  return shaped.map((rate) => random.poisson(shapedTotal > 0 ? (rate * factor * total) / shapedTotal : 0));
}

/**
 * Calls by practice and band for a published day: each practice's published month times the day's shares of its month.
 * Totals hold: every practice's bands sum to its rounded total, and these to the rounded total of all.
 */
export function replayCounts(
  practices: readonly { readonly id: string; readonly inbound: number }[],
  dayShares: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const whole = dayShares.reduce((sum, share) => sum + share, 0);
  const totals = largestRemainder(practices.map((practice) => practice.inbound * whole));
  return new Map(
    practices.map((practice, i) => [
      practice.id,
      largestRemainder(
        dayShares.map((share) => (totals[i] ?? 0) * (whole > 0 ? share / whole : 0)),
        totals[i] ?? 0,
      ),
    ]),
  );
}
