import { QUARTER } from '#shared/model/time.ts';
import type { LeadLag } from '#shared/protocol/spread.ts';
import { chanceCorrelation, outlying } from './chance.ts';
import {
  correlationAt,
  memoryOf,
  noSums,
  pearson,
  plus,
  redundancy,
  sumsByBlock,
  type Memory,
  type Sums,
} from './correlate.ts';
import type { Departures, Track } from './track.ts';

interface Scale {
  readonly name: LeadLag['scale'];
  readonly step: number;
  /** Steps looked at in each direction. */
  readonly reach: number;
  /** Steps over which a track's memory of itself is taken into account. */
  readonly memory: number;
  /** Steps that are taken together where a lag is held against no lag: they may owe something to each other. */
  readonly block: number;
  readonly leastPairs: number;
  /** Score points by which a track must depart from its usual, on the whole, to be compared. */
  readonly leastMovement: number;
}

const DAY = 24 * 60 * 60_000;
export const HOURS: Scale = {
  name: 'hours',
  step: QUARTER,
  reach: 24,
  memory: 288,
  block: 96,
  leastPairs: 200,
  leastMovement: 0.5,
};
export const DAYS: Scale = {
  name: 'days',
  step: DAY,
  reach: 7,
  memory: 10,
  block: 1,
  leastPairs: 14,
  leastMovement: 0.25,
};

/** A unit's departures with what every comparison asks of them. */
export interface Side {
  readonly track: Track;
  readonly memory: Memory;
  /** Root mean square of the departures, in points. */
  readonly movement: number;
}

export interface Sides {
  readonly hours: Side;
  readonly days: Side;
}

export function sidesOf({ quarters, days }: Departures): Sides {
  return { hours: sideOf(quarters, HOURS), days: sideOf(days, DAYS) };
}

function sideOf(track: Track, scale: Scale): Side {
  const squares = track.places.reduce((sum, place) => sum + (track.values[place] ?? 0) ** 2, 0);
  const movement = track.places.length === 0 ? 0 : Math.sqrt(squares / track.places.length);
  return { track, memory: memoryOf(track, scale.memory), movement };
}

/**
 * - `first`, `second`: which of them rises before the other.
 * - `together`: they go together, and neither is clearly first.
 * - `none`: nothing stands out of chance, or not clearly at one lag.
 * - `little`: too little is known of both at once; `flat`: one of them hardly departs from its usual.
 */
export type Verdict = 'first' | 'second' | 'together' | 'none' | 'little' | 'flat';

export interface Finding {
  readonly lead: LeadLag;
  readonly verdict: Verdict;
  /** The highest correlation, whether or not it stands out. */
  readonly highest: number | null;
  /** Of a flat pair: whether the first, the second or both. */
  readonly flat: readonly [boolean, boolean];
}

interface Best {
  readonly lag: number;
  readonly r: number;
  readonly pairs: number;
}

/**
 * Lead and lag of two units at one scale. `comparisons`: how many such pairs are looked at for the best; the more, the
 * higher what chance alone reaches.
 */
export function findLead(scale: Scale, a: Side, b: Side, comparisons = 1): Finding {
  const lags = Array.from({ length: 2 * scale.reach + 1 }, (_, i) => i - scale.reach);
  const found = lags.map((lag) => ({ lag, ...correlationAt(a.track, b.track, lag) }));
  const usable = found.flatMap(({ lag, r, pairs }) =>
    r !== null && pairs >= scale.leastPairs ? { lag, r, pairs } : [],
  );
  const curve = found.map(({ lag, r, pairs }): [number, number | null] => [
    lag,
    r === null || pairs < scale.leastPairs ? null : Math.round(r * 1e4) / 1e4,
  ]);
  const flat = [a.movement < scale.leastMovement, b.movement < scale.leastMovement] as const;
  const best = highest(usable);
  const pairs = best?.pairs ?? Math.max(0, ...found.map((f) => f.pairs));
  const shown = { scale: scale.name, step: scale.step, curve, pairs };
  const silent = (verdict: Verdict, chance: number | null): Finding => ({
    lead: { ...shown, lagMs: null, correlation: null, chance },
    verdict,
    highest: best?.r ?? null,
    flat,
  });
  if (pairs < scale.leastPairs) return silent('little', null);
  if (flat[0] || flat[1]) return silent('flat', null);
  if (best === null) return silent('none', null);
  const spare = redundancy(a.memory, b.memory);
  // Neighbouring lags say nearly the same: so many of them count as one, too.
  const tried = comparisons * (1 + (usable.length - 1) / spare);
  const free = Math.min(a.track.freedom, b.track.freedom);
  const chance = chanceCorrelation((best.pairs * free) / spare, tried);
  if (chance === null) return silent('little', null);
  const verdict = judge(scale, a, b, best, usable, chance, tried);
  const rounded = Math.round(chance * 1e4) / 1e4;
  if (verdict === 'none') return silent('none', rounded);
  const at = verdict === 'together' ? (usable.find((u) => u.lag === 0) ?? best) : best;
  const lead = { ...shown, lagMs: at.lag * scale.step, correlation: Math.round(at.r * 1e4) / 1e4, chance: rounded };
  return { lead: { ...lead, pairs: at.pairs }, verdict, highest: best.r, flat };
}

/** The highest; null where two lags share it, or where nothing is known. */
function highest(usable: readonly Best[]): Best | null {
  let best: Best | null = null;
  let shared = false;
  for (const one of usable) {
    if (best === null || one.r > best.r) [best, shared] = [one, false];
    else if (one.r === best.r) shared = true;
  }
  return shared ? (usable.find((u) => u.lag === 0 && u.r === best?.r) ?? null) : best;
}

function judge(
  scale: Scale,
  a: Side,
  b: Side,
  best: Best,
  usable: readonly Best[],
  chance: number,
  tried: number,
): Verdict {
  if (best.r <= chance) return 'none';
  const same = usable.find((u) => u.lag === 0);
  // At the edge of what was looked at, the true lag may lie beyond.
  const within = Math.abs(best.lag) < scale.reach;
  if (best.lag !== 0 && within && same !== undefined && clearlyAbove(scale, a.track, b.track, best.lag, tried)) {
    return best.lag > 0 ? 'first' : 'second';
  }
  return same !== undefined && same.r > chance ? 'together' : 'none';
}

/**
 * Whether the correlation at `lag` lies further above that at no lag than leaving out one day after another makes
 * believe (a jackknife over blocks): two units that simply share their days are highest somewhere near no lag, by chance.
 */
function clearlyAbove(scale: Scale, a: Track, b: Track, lag: number, tried: number): boolean {
  const lagged = sumsByBlock(a, b, lag, scale.block);
  const same = sumsByBlock(a, b, 0, scale.block);
  const [allLagged, allSame] = [total(lagged), total(same)];
  const whole = difference(allLagged, allSame);
  if (whole === null) return false;
  const without: number[] = [];
  for (const block of new Set([...lagged.keys(), ...same.keys()])) {
    const d = difference(
      plus(allLagged, lagged.get(block) ?? noSums(), -1),
      plus(allSame, same.get(block) ?? noSums(), -1),
    );
    if (d !== null) without.push(d);
  }
  const n = without.length;
  if (n < 10) return false;
  const mean = without.reduce((sum, d) => sum + d, 0) / n;
  const variance = ((n - 1) / n) * without.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return whole > outlying(tried) * Math.sqrt(variance);
}

const total = (blocks: ReadonlyMap<number, Sums>): Sums =>
  [...blocks.values()].reduce((sum, one) => plus(sum, one, 1), noSums());

function difference(lagged: Sums, same: Sums): number | null {
  const [r, r0] = [pearson(lagged), pearson(same)];
  return r === null || r0 === null ? null : r - r0;
}
