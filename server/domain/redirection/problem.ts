import type { NeedKind } from '#shared/model/redirection-words.ts';
import type { EpochMs } from '#shared/model/time.ts';

/** People of one practice who need a slot, of one kind. */
export interface Need {
  /** Practice. */
  readonly practice: string;
  readonly kind: NeedKind;
  /** Whole people, at least 1. */
  readonly count: number;
  /** The earliest and the latest at which a slot may begin for them. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Free slots of one hub that begin in one stretch of the day and are alike in all that matters for whom they suit. */
export interface Lot {
  readonly id: string;
  readonly hub: string;
  /** First and last start in it. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly inPerson: boolean;
  /** Whole slots that may be promised, at least 1: free, less what is promised already. */
  readonly free: number;
  /** Of those, at most so many to practices that the hub does not serve. */
  readonly lendable: number;
}

/** That this need may be met from this lot, and what one patient so placed is worth. */
export interface Arc {
  /** Index of the need and of the lot. */
  readonly need: number;
  readonly lot: number;
  /** Above 0. */
  readonly worth: number;
  /** The hub does not serve the practice: it counts against what the lot may lend. */
  readonly lent: boolean;
  /** Km to the slot; null: not known, or no way at all. */
  readonly km: number | null;
  /** The first `keep` patients are worth `bonus` more: so many were proposed here before. */
  readonly keep: number;
  readonly bonus: number;
}

/**
 * A transport problem. Maximise the worth of patients placed: each need at most once, each lot no more than it has, and
 * to others no more than it may lend. The limits are nested on either side, so that its matrix is totally unimodular and
 * every vertex of the linear program is whole: no branching is needed for an exact answer.
 */
export interface Problem {
  readonly needs: readonly Need[];
  readonly lots: readonly Lot[];
  readonly arcs: readonly Arc[];
}

/** So many patients of a need to a lot; arcs that carry nobody are left out. */
export interface Flow {
  readonly arc: number;
  readonly count: number;
}

export interface Plan {
  readonly flows: readonly Flow[];
  /** Worth of it all. */
  readonly worth: number;
  /** The best that any plan could be worth, less this one, as a share of the former: 0 is proven best. */
  readonly gap: number;
}

/** Worth of so many patients along an arc. */
export const worthOf = ({ worth, keep, bonus }: Arc, count: number): number =>
  worth * count + bonus * Math.min(count, keep);

export const totalWorth = ({ arcs }: Problem, flows: readonly Flow[]): number =>
  flows.reduce((sum, { arc, count }) => sum + (arcs[arc] ? worthOf(arcs[arc], count) : 0), 0);

/** What is broken by a plan, in words; empty where every limit holds. */
export function faultsOf({ needs, lots, arcs }: Problem, flows: readonly Flow[]): string[] {
  const faults: string[] = [];
  const met = new Array<number>(needs.length).fill(0);
  const used = new Array<number>(lots.length).fill(0);
  const lent = new Array<number>(lots.length).fill(0);
  for (const { arc: index, count } of flows) {
    const arc = arcs[index];
    if (!arc) {
      faults.push(`there is no arc ${index}`);
      continue;
    }
    if (!Number.isInteger(count) || count < 0) faults.push(`arc ${index} carries ${count}`);
    met[arc.need] = (met[arc.need] ?? 0) + count;
    used[arc.lot] = (used[arc.lot] ?? 0) + count;
    if (arc.lent) lent[arc.lot] = (lent[arc.lot] ?? 0) + count;
  }
  needs.forEach(({ practice, kind, count }, i) => {
    if ((met[i] ?? 0) > count) faults.push(`${practice} ${kind}: ${met[i]} placed of ${count}`);
  });
  lots.forEach(({ id, free, lendable }, i) => {
    if ((used[i] ?? 0) > free) faults.push(`${id}: ${used[i]} of ${free} used`);
    if ((lent[i] ?? 0) > lendable) faults.push(`${id}: ${lent[i]} of ${lendable} lent`);
  });
  return faults;
}
