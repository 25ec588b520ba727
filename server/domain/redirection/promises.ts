import type { NeedKind } from '#shared/model/redirection-words.ts';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import { slotsIn, type DraftSlot } from './drafts.ts';
import { slotKey } from './lots.ts';
import type { Committed } from './needs.ts';
import { bookedOf, outstanding, type RedirectionRecord } from './record.ts';

/**
 * Slots that are promised and that the hub's feed does not count as taken yet, by `slotKey`. `seenAt`: when the hub's feed
 * was last true. A hold made after that is not in its figures; one at a hub that is rung up may never be.
 */
export function promisedSlots(
  records: Iterable<RedirectionRecord>,
  seenAt: (hub: string) => EpochMs | null,
): Map<string, number> {
  const promised = new Map<string, number>();
  for (const record of records) {
    const { hub } = record.draft;
    const add = (key: string, count: number) => promised.set(key, (promised.get(key) ?? 0) + count);
    if (record.state === 'holding' || (record.state === 'held' && !record.written)) {
      for (const { slot, told } of toldSlots(record)) if (slot.count > told) add(slotKey(hub, slot), slot.count - told);
    } else if (record.heldAt !== null && record.heldAt >= (seenAt(hub) ?? -Infinity)) {
      for (const { slot, state } of record.held.values())
        if (state === 'held' || state === 'booked') add(slotKey(hub, slot), 1);
    }
  }
  return promised;
}

/** Urgent patients of each practice who were booked out of today's holds; 0 of those whose bookings came to nothing. */
export function placedToday(records: Iterable<RedirectionRecord>, at: EpochMs): Map<string, number> {
  const midnight = dayStart(at);
  const counts = new Map<string, number>();
  for (const record of records) {
    if (record.decidedAt === null || record.decidedAt < midnight) continue;
    for (const { practice } of record.draft.slots) if (!counts.has(practice)) counts.set(practice, 0);
    for (const { practice, need, count } of bookedIn(record))
      if (need === 'urgent') counts.set(practice, (counts.get(practice) ?? 0) + count);
  }
  return counts;
}

/**
 * Need that is met and that nothing else takes off: slots held, bookings of patients who are not urgent since then (null: since
 * midnight), and of urgent ones those beyond `counted`, the number that a practice's count of waiting is less by already.
 */
export function committedTo(
  records: readonly RedirectionRecord[],
  at: EpochMs,
  counted: (practice: string) => number,
): Committed {
  const midnight = dayStart(at);
  const urgent = placedToday(records, at);
  const byPractice = new Map<string, { at: EpochMs; booked: boolean; need: NeedKind; count: number }[]>();
  for (const record of records) {
    const { decidedAt } = record;
    if (decidedAt === null || decidedAt < midnight) continue;
    const add = ({ practice, need, count }: Part, booked: boolean) => {
      const known = byPractice.get(practice) ?? [];
      known.push({ at: decidedAt, booked, need, count });
      byPractice.set(practice, known);
    };
    for (const part of stillHeld(record)) add(part, false);
    for (const part of bookedIn(record)) if (part.need !== 'urgent') add(part, true);
  }
  return (practice, since) => {
    const counts: Partial<Record<NeedKind, number>> = {
      urgent: Math.max(0, (urgent.get(practice) ?? 0) - counted(practice)),
    };
    for (const each of byPractice.get(practice) ?? [])
      if (!each.booked || each.at >= (since ?? midnight)) counts[each.need] = (counts[each.need] ?? 0) + each.count;
    return counts;
  };
}

type Part = Pick<DraftSlot, 'practice' | 'need' | 'count'>;

/** Held, or about to be, and not booked. */
function stillHeld(record: RedirectionRecord): readonly Part[] {
  if (record.state !== 'holding' && record.state !== 'held') return [];
  if (record.held.size > 0) return outstanding(record).map((slot) => ({ ...slot, count: 1 }));
  return toldSlots(record).map(({ slot, told }) => ({ ...slot, count: slot.count - told }));
}

/** How many of each slot are booked by what a person told: the first ones, in the order in which they were offered. */
function toldSlots({ draft, toldBooked }: RedirectionRecord): { readonly slot: DraftSlot; readonly told: number }[] {
  let left = toldBooked ?? 0;
  return draft.slots.map((slot) => {
    const told = Math.min(left, slot.count);
    left -= told;
    return { slot, told };
  });
}

/** By practice: what is held, and what has been booked. */
export function inHand(record: RedirectionRecord): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (practice: string, count: number) => counts.set(practice, (counts.get(practice) ?? 0) + count);
  const open = record.state === 'holding' || record.state === 'held';
  if (open && record.held.size === 0) for (const { practice, count } of record.draft.slots) add(practice, count);
  for (const { slot, state } of record.held.values())
    if (state === 'booked' || (open && state === 'held')) add(slot.practice, 1);
  return counts;
}

/** Booked, by practice and kind; where a person told the number, spread as it was offered. */
function bookedIn(record: RedirectionRecord): readonly Part[] {
  if (record.toldBooked === null)
    return [...record.held.values()].flatMap(({ slot, state }) => (state === 'booked' ? [{ ...slot, count: 1 }] : []));
  return toldSlots(record).map(({ slot, told }) => ({ ...slot, count: told }));
}

/** By practice. */
export function bookedBy(record: RedirectionRecord): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { practice, count } of bookedIn(record))
    if (count > 0) counts.set(practice, (counts.get(practice) ?? 0) + count);
  return counts;
}

/** Slots that went back unbooked. */
export const returnedOf = (record: RedirectionRecord): number =>
  record.written
    ? [...record.held.values()].filter(({ state }) => state === 'back').length
    : Math.max(0, slotsIn(record.draft) - bookedOf(record));
