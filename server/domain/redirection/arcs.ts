import type { NeedKind } from '#shared/model/redirection-words.ts';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import type { Ground, Pair } from './ground.ts';
import type { Arc, Lot, Need } from './problem.ts';

/** What was received for need lately: 1 all of it, 0 nothing. Who is not in it and needs something now has received nothing. */
export type Received = ReadonlyMap<string, number>;

/** How many patients of a practice were proposed to a hub's lot the last time, by `keepKey`. */
export type Kept = ReadonlyMap<string, number>;
export const keepKey = (practice: string, kind: NeedKind, lot: string): string => `${practice} ${kind} ${lot}`;

/** A hub that a practice's lead refused is left in peace for a while: these pairs are no arc. */
export const barKey = ({ practice, hub }: Pick<Pair, 'practice' | 'hub'>): string => `${practice} ${hub}`;

/**
 * All that may be matched, and what a patient so placed is worth: what placing is worth, weighted for fairness, less the
 * wait and the way. What is worth nothing or less is no arc. A slot must begin within the need's time, whole lots of them.
 */
export function arcsOf(
  ground: Ground,
  needs: readonly Need[],
  lots: readonly Lot[],
  given: {
    readonly at: EpochMs;
    readonly received: Received;
    readonly kept: Kept;
    readonly barred?: ReadonlySet<string>;
  },
): Arc[] {
  const byHub = Map.groupBy(lots.keys(), (index) => lots[index]?.hub ?? '');
  const arcs: Arc[] = [];
  needs.forEach((need, needIndex) => {
    const worth = patientWorth(ground, need, given.received);
    for (const pair of ground.pairs.get(need.practice) ?? []) {
      if (given.barred?.has(barKey(pair)) === true) continue;
      if (ground.terms.get(pair.hub)?.takes?.includes(need.kind) === false) continue;
      for (const lotIndex of byHub.get(pair.hub) ?? []) {
        const lot = lots[lotIndex];
        if (!lot || lot.from < need.from || lot.to > need.to) continue;
        const way = wayOf(ground, pair, lot);
        if (way === null) continue;
        const value =
          worth - way.cost - waitCost(ground, lot, given.at) + (pair.own ? ground.policy.objective.own.value : 0);
        if (value <= 0) continue;
        const keep = Math.min(given.kept.get(keepKey(need.practice, need.kind, lot.id)) ?? 0, need.count, lot.free);
        const bonus = keep > 0 ? ground.policy.objective.keep.value : 0;
        arcs.push({ need: needIndex, lot: lotIndex, worth: value, lent: !pair.own, km: way.km, keep, bonus });
      }
    }
  });
  return arcs;
}

/** Before wait and way: what placing one of them is worth, more where people are deprived and where little was received. */
export function patientWorth({ policy, deprivation }: Ground, { kind, practice }: Need, received: Received): number {
  const { place, deprived, owed } = policy.objective;
  const fifth = deprivation.get(practice) ?? 3;
  const short = 1 - (received.get(practice) ?? 0);
  return place[kind].value * (1 + (deprived.value * (5 - fifth)) / 4) * (1 + owed.value * short);
}

const waitCost = ({ policy }: Ground, lot: Lot, at: EpochMs): number =>
  (policy.objective.perHour.value * Math.max(0, lot.from - at)) / HOUR;

/** Null: out of reach. Where a position is not known only the practice's own hub is within reach, at half of the reach. */
export function wayOf(
  { policy }: Ground,
  { km, own }: Pair,
  lot: Pick<Lot, 'inPerson'>,
): { km: number | null; cost: number } | null {
  if (!lot.inPerson) return { km: null, cost: 0 };
  const { inPersonKm } = policy.reach;
  const { value } = policy.objective.perKm;
  if (km === null) return own ? { km, cost: (value * inPersonKm) / 2 } : null;
  return km <= inPersonKm ? { km, cost: value * km } : null;
}
