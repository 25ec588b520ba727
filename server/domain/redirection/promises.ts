import { dayStart, HOUR, type EpochMs } from '#shared/model/time.ts';
import { slotsIn } from './drafts.ts';
import { slotKey } from './lots.ts';
import { bookedOf, type RedirectionRecord } from './record.ts';

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
      let told = record.toldBooked ?? 0;
      for (const slot of record.draft.slots) {
        const gone = Math.min(told, slot.count);
        told -= gone;
        if (slot.count > gone) add(slotKey(hub, slot), slot.count - gone);
      }
    } else if (record.heldAt !== null && record.heldAt >= (seenAt(hub) ?? -Infinity)) {
      for (const { slot, state } of record.held.values())
        if (state === 'held' || state === 'booked') add(slotKey(hub, slot), 1);
    }
  }
  return promised;
}

/** Slots held for or booked by each practice's patients since then (null: since midnight), which is need that is met. */
export function committedTo(
  records: readonly RedirectionRecord[],
  at: EpochMs,
): (practice: string, since: EpochMs | null) => number {
  const midnight = dayStart(at);
  const byPractice = new Map<string, { at: EpochMs; count: number }[]>();
  for (const record of records) {
    const { decidedAt } = record;
    if (decidedAt === null || decidedAt < midnight) continue;
    for (const [practice, count] of inHand(record)) {
      const known = byPractice.get(practice) ?? [];
      known.push({ at: decidedAt, count });
      byPractice.set(practice, known);
    }
  }
  return (practice, since) =>
    (byPractice.get(practice) ?? []).reduce(
      (sum, each) => (each.at >= (since ?? midnight) ? sum + each.count : sum),
      0,
    );
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

const FOUR_WEEKS = 28 * 24 * HOUR;

/** Of the urgent need that practices showed in the last four weeks, the part that redirections met; by practice. */
export function receivedLately(records: Iterable<RedirectionRecord>, at: EpochMs): Map<string, number> {
  const need = new Map<string, Map<EpochMs, number>>();
  const received = new Map<string, number>();
  for (const record of records) {
    if (record.proposedAt < at - FOUR_WEEKS) continue;
    const day = dayStart(record.proposedAt);
    for (const [practice, counts] of Object.entries(record.seen.waiting)) {
      const days = need.get(practice) ?? new Map<EpochMs, number>();
      days.set(day, Math.max(days.get(day) ?? 0, counts.urgent ?? 0));
      need.set(practice, days);
    }
    for (const [practice, count] of bookedBy(record)) received.set(practice, (received.get(practice) ?? 0) + count);
  }
  const shares = new Map<string, number>();
  for (const [practice, days] of need) {
    const all = [...days.values()].reduce((sum, count) => sum + count, 0);
    if (all > 0) shares.set(practice, Math.min(1, (received.get(practice) ?? 0) / all));
  }
  return shares;
}

/** By practice; where a person told the number, spread as it was offered. */
export function bookedBy(record: RedirectionRecord): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (practice: string, count: number) => counts.set(practice, (counts.get(practice) ?? 0) + count);
  for (const { slot, state } of record.held.values()) if (state === 'booked') add(slot.practice, 1);
  if (record.toldBooked === null) return counts;
  let left = Math.min(record.toldBooked, slotsIn(record.draft));
  for (const { practice, count } of record.draft.slots) {
    const told = Math.min(left, count);
    left -= told;
    if (told > 0) add(practice, told);
  }
  return counts;
}

/** Slots that went back unbooked. */
export const returnedOf = (record: RedirectionRecord): number =>
  record.written
    ? [...record.held.values()].filter(({ state }) => state === 'back').length
    : Math.max(0, slotsIn(record.draft) - bookedOf(record));
