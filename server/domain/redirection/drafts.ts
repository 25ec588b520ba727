import { NEED_KINDS, type NeedKind } from '#shared/model/redirection-words.ts';
import { kindOf, type Offerable, type SlotKind } from './lots.ts';
import type { Flow, Problem } from './problem.ts';

/** Slots of one kind at one start, for patients of one kind of one practice. */
export interface DraftSlot extends SlotKind {
  readonly practice: string;
  readonly need: NeedKind;
  readonly count: number;
  /** Straight, to a slot in person; else null. */
  readonly km: number | null;
  /** The lot it came from. */
  readonly lot: string;
}

/** One hub's slots for the practices of one unit: what a lead decides on. */
export interface Draft {
  readonly hub: string;
  readonly unit: string;
  readonly borrowed: boolean;
  readonly slots: readonly DraftSlot[];
}

export const draftKey = ({ hub, unit }: Pick<Draft, 'hub' | 'unit'>): string => `${hub} ${unit}`;
export const slotsIn = ({ slots }: Pick<Draft, 'slots'>): number => slots.reduce((sum, { count }) => sum + count, 0);

/** For people who have not asked yet: such a slot is kept back for them, and offered once they have. */
export const isKeptBack = ({ needs, arcs }: Pick<Problem, 'needs' | 'arcs'>, { arc }: Flow): boolean =>
  needs[arcs[arc]?.need ?? -1]?.kind === 'expected';

/**
 * Turns a plan into offers: within a lot the most urgent get the earliest slots; what is kept back is in none. `parentOf`:
 * whose lead decides for a practice.
 */
export function draftsOf(
  problem: Problem,
  flows: readonly Flow[],
  slots: ReadonlyMap<string, readonly Offerable[]>,
  parentOf: (practice: string) => string,
): Draft[] {
  const offered = flows.filter((flow) => !isKeptBack(problem, flow));
  const byLot = Map.groupBy(offered, ({ arc }) => problem.arcs[arc]?.lot ?? -1);
  const drafts = new Map<string, { hub: string; unit: string; borrowed: boolean; slots: DraftSlot[] }>();
  for (const [lotIndex, mine] of byLot) {
    const lot = problem.lots[lotIndex];
    if (!lot) continue;
    const left = (slots.get(lot.id) ?? []).map((slot) => ({ ...slot }));
    for (const { flow, arc, need } of inOrder(problem, mine)) {
      const unit = parentOf(need.practice);
      const draft = drafts.get(`${lot.hub} ${unit}`) ?? { hub: lot.hub, unit, borrowed: arc.lent, slots: [] };
      drafts.set(`${lot.hub} ${unit}`, draft);
      let wanted = flow.count;
      for (const slot of left) {
        const count = Math.min(wanted, slot.free);
        if (count <= 0) continue;
        draft.slots.push({ ...kindOf(slot), practice: need.practice, need: need.kind, count, km: arc.km, lot: lot.id });
        slot.free -= count;
        wanted -= count;
      }
    }
  }
  for (const draft of drafts.values()) draft.slots.sort((a, b) => a.start - b.start);
  return [...drafts.values()];
}

function inOrder({ arcs, needs }: Problem, flows: readonly Flow[]) {
  const known = flows.flatMap((flow) => {
    const arc = arcs[flow.arc];
    const need = arc && needs[arc.need];
    return arc && need ? [{ flow, arc, need }] : [];
  });
  return known.sort(
    (a, b) =>
      NEED_KINDS.indexOf(a.need.kind) - NEED_KINDS.indexOf(b.need.kind) ||
      a.need.practice.localeCompare(b.need.practice),
  );
}

/**
 * The same offer with other counts a practice: fewer are taken off its last slots, more are taken from `spare` (free slots of
 * the same hub). Null where `spare` does not hold as many.
 */
export function withShares(
  draft: Draft,
  wanted: ReadonlyMap<string, number>,
  spare: readonly Offerable[],
): Draft | null {
  const slots: DraftSlot[] = [];
  const free = spare.map((slot) => ({ ...slot }));
  const give = new Map<string, number>();
  for (const slot of draft.slots) {
    const most = wanted.get(slot.practice) ?? 0;
    const taken = give.get(slot.practice) ?? 0;
    const count = Math.min(slot.count, most - taken);
    give.set(slot.practice, taken + Math.max(0, count));
    if (count > 0) slots.push({ ...slot, count });
    // What one practice gives up another may have.
    if (count < slot.count) free.push({ ...kindOf(slot), free: slot.count - Math.max(0, count) });
  }
  for (const [practice, most] of wanted) {
    let missing = most - (give.get(practice) ?? 0);
    const like = draft.slots.find((slot) => slot.practice === practice);
    for (const slot of free) {
      const count = Math.min(missing, slot.free);
      if (count <= 0) continue;
      slots.push({ ...kindOf(slot), practice, need: 'urgent', count, km: like?.km ?? null, lot: like?.lot ?? '' });
      slot.free -= count;
      missing -= count;
    }
    if (missing > 0) return null;
  }
  return { ...draft, slots: slots.sort((a, b) => a.start - b.start) };
}
