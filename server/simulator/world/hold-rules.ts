import type { OutsideChange } from './outside.ts';
import { BOOK_OPENS } from './service-slots.ts';
import { changesAt, FREE, HELD, holdAt, statusesAt, type SlotBook } from './slot-book.ts';

/** Why a book at `wall` does not take a change by somebody who has seen this version of the slot; null where it does. */
export function judge(book: SlotBook, wall: number): (change: OutsideChange, version: number) => string | null {
  const statuses = statusesAt(book, wall);
  const versions = changesAt(book, wall);
  return ({ slot, ...change }, version) => {
    const status = statuses[slot] ?? FREE;
    if (version !== (versions[slot] ?? 0) + 1) return 'the slot has changed since that version';
    // Whoever holds it may give it back, or hold it longer.
    if (status === HELD && holdAt(book, slot, wall)?.key === change.key) return null;
    if (change.becomes === 'free') return 'the slot is not held by this key';
    if (status !== FREE) return 'the slot is not free';
    if (wall < BOOK_OPENS) return 'the day’s book is not open yet';
    return (book.slots[slot]?.start ?? 0) > wall ? null : 'the slot has begun';
  };
}
