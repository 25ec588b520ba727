import type { EpochMs } from '#shared/model/time.ts';

/** What a slot is at a moment. `withdrawn`: not offered any more (staff absent, hub closed). */
export const FREE = 0;
export const BUSY = 1;
export const HELD = 2;
export const WITHDRAWN = 3;

export interface SlotSpec {
  /** Wall second it starts. */
  readonly start: number;
  readonly minutes: number;
  /** Index into the book's clinicians. */
  readonly clinician: number;
  readonly channel: 'In-person' | 'Telephone' | 'Video';
  /** Wall second from which it is offered at all (0: since before midnight). */
  readonly release: number;
}

export interface Clinician {
  readonly key: string;
  readonly role: string;
  readonly roleName: string;
  readonly family: string;
  readonly given: string;
  readonly prefix: string;
}

export interface SlotEvent {
  readonly at: number;
  readonly slot: number;
  readonly becomes: number;
}

/** One site's bookable day: its slots in order of start, and everything that happens to them, in order of time. */
export interface SlotBook {
  readonly slots: readonly SlotSpec[];
  readonly clinicians: readonly Clinician[];
  readonly events: readonly SlotEvent[];
  /** Wall seconds at which somebody who wanted a slot here today found none. */
  readonly turnedAway: readonly number[];
  /** Wall seconds at which the answer to a search changes without an event: releases. */
  readonly releases: readonly number[];
  /** Slots kept for somebody from outside, in the order they were kept; absent where there were none. */
  readonly holds?: readonly HoldSpan[];
}

/** One hold as the book knows it; wall seconds. */
export interface HoldSpan {
  readonly slot: number;
  readonly key: string;
  /** ODS code of the practice. */
  readonly for: string;
  readonly need: string | null;
  readonly until: EpochMs;
  readonly from: number;
  /** Its patient's booking; null where there is none. */
  readonly bookedAt: number | null;
  /** From when the slot is no longer held nor booked by it; Infinity where it stays so. */
  readonly over: number;
}

export const EMPTY_BOOK: SlotBook = { slots: [], clinicians: [], events: [], turnedAway: [], releases: [] };

/** Events that have happened by `wall`: with the day, the version of the book. */
export function versionAt(book: SlotBook, wall: number): number {
  let low = 0;
  let high = book.events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((book.events[middle]?.at ?? 0) <= wall) low = middle + 1;
    else high = middle;
  }
  return low + book.releases.filter((release) => release <= wall).length;
}

/** Wall second of the last change by `wall`. */
export function changedAt(book: SlotBook, wall: number): number {
  let last = 0;
  for (const event of book.events) {
    if (event.at > wall) break;
    last = Math.max(last, event.at);
  }
  return Math.max(last, ...book.releases.filter((release) => release <= wall), 0);
}

/** Status of every slot at `wall`. */
export function statusesAt(book: SlotBook, wall: number): Uint8Array {
  const statuses = new Uint8Array(book.slots.length);
  for (const event of book.events) {
    if (event.at > wall) break;
    statuses[event.slot] = event.becomes;
  }
  return statuses;
}

/** How often every slot has changed by `wall`. */
export function changesAt(book: SlotBook, wall: number): Uint16Array {
  const changes = new Uint16Array(book.slots.length);
  for (const event of book.events) {
    if (event.at > wall) break;
    changes[event.slot] = (changes[event.slot] ?? 0) + 1;
  }
  return changes;
}

/** The hold that the slot is under at `wall`, also once its patient is booked. */
export const holdAt = (book: SlotBook, slot: number, wall: number): HoldSpan | null =>
  book.holds?.findLast((hold) => hold.slot === slot && hold.from <= wall && wall < hold.over) ?? null;

/** Fills a book as the day goes: asked in order of time for a free slot, and keeps what happened. */
export interface Booking {
  /** Takes one of the first free slots that start at least `notice` seconds after `at`; false when none is left. */
  take(at: number, notice: number, reach: number, hold?: number): boolean;
  /** The booked slot comes back at `at`, if it has not begun. */
  cancelOne(at: number, choice: number): void;
  /** Somebody from outside keeps, books or gives back the slot; what is booked so is never cancelled by `cancelOne`. */
  turn(event: SlotEvent): void;
  readonly events: readonly SlotEvent[];
}

export function createBooking(slots: readonly SlotSpec[], pick: (count: number) => number): Booking {
  const statuses = new Uint8Array(slots.length);
  const freeFrom = Float64Array.from(slots, (slot) => slot.release);
  const settledAt = new Float64Array(slots.length);
  const events: SlotEvent[] = [];
  // Asked in order of time: slots that have begun are never looked at again.
  let from = 0;
  const free = (i: number, at: number, notice: number) =>
    statuses[i] === FREE && (slots[i]?.start ?? 0) >= at + notice && (freeFrom[i] ?? 0) <= at;
  return {
    events,
    take: (at, notice, reach, hold = 0) => {
      const found: number[] = [];
      while (from < slots.length && (slots[from]?.start ?? 0) < at) from += 1;
      for (let i = from; i < slots.length && found.length < reach; i++) if (free(i, at, notice)) found.push(i);
      const slot = found[pick(found.length)];
      if (slot === undefined) return false;
      statuses[slot] = BUSY;
      if (hold > 0) events.push({ at, slot, becomes: HELD });
      events.push({ at: at + hold, slot, becomes: BUSY });
      settledAt[slot] = at + hold;
      return true;
    },
    cancelOne: (at, choice) => {
      const booked = slots.flatMap((slot, i) =>
        statuses[i] === BUSY && (settledAt[i] ?? 0) < at && slot.start > at + 900 ? [i] : [],
      );
      const slot = booked[Math.floor(choice * booked.length)];
      if (slot === undefined) return;
      statuses[slot] = FREE;
      freeFrom[slot] = at;
      events.push({ at, slot, becomes: FREE });
    },
    turn: (event) => {
      statuses[event.slot] = event.becomes;
      settledAt[event.slot] = Infinity;
      freeFrom[event.slot] = event.at;
      events.push(event);
    },
  };
}

/** The events in order of time, with the slots of a window taken out of the offer where they are free by then. */
export function settle(
  slots: readonly SlotSpec[],
  events: readonly SlotEvent[],
  withdrawn: readonly SlotEvent[],
): SlotEvent[] {
  const gone = new Map(withdrawn.map((event) => [event.slot, event.at]));
  return [...events.filter((event) => event.at < (gone.get(event.slot) ?? Infinity)), ...withdrawn]
    .filter((event) => event.slot < slots.length)
    .sort((a, b) => a.at - b.at || a.slot - b.slot);
}
