import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, hash32 } from '../random.ts';
import { booking, fate, inOrder, lastEvents, NO_SHOW_SAME_DAY, type Appointment } from './appointments.ts';
import type { Day } from './day.ts';
import type { Placement } from './redirected.ts';
import { BUSY, FREE, type SlotBook, type SlotEvent } from './slot-book.ts';

const keyOf = (slot: number | null, at: number) => `${String(slot)} ${String(at)}`;

/** A day's book, and what its bookings came to. */
interface Booked {
  readonly book: SlotBook;
  readonly appointments: readonly Appointment[];
}

/**
 * Appointments of a book that was changed from outside. Bookings that are also in the book as it would have been
 * (`without`) keep their fate: nobody's day changes in hindsight because somebody else's slot was kept.
 */
export function heldAppointments(
  site: UnitDef,
  day: Day,
  book: SlotBook,
  without: Booked,
  placements: readonly Placement[],
  seed: number,
): Appointment[] {
  const known = new Map(without.appointments.map((a) => [keyOf(a.slot, a.made), a]));
  const placed = new Map(placements.map((p) => [keyOf(p.offered.hold.slot, p.at), p]));
  const freedBefore = lastEvents(without.book, FREE);
  const freedNow = lastEvents(book, FREE);
  const parts = [seed, day.date, site.id, 'outside'];
  const settledOf = ({ slot, at }: SlotEvent, spec: SlotBook['slots'][number]) => {
    const before = known.get(keyOf(slot, at));
    if (before && freedBefore(slot, at) === null) return { key: before.key, turns: before.turns };
    // No cancelling: it might lie before the moment at which the two books part.
    const turns = fate(spec.start, spec.minutes, at, NO_SHOW_SAME_DAY, createRandom(...parts, slot, at), 0);
    return { key: before?.key ?? hash32(...parts, slot, at), turns };
  };
  return book.events
    .flatMap((event): Appointment[] => {
      const spec = book.slots[event.slot];
      if (!spec || event.becomes !== BUSY) return [];
      const placement = placed.get(keyOf(event.slot, event.at));
      if (placement) return [booking(hash32(...parts, event.slot, event.at), event, spec, placement.turns)];
      const { key, turns } = settledOf(event, spec);
      const freed = freedNow(event.slot, event.at);
      const cancelled = freed !== null && freed <= (turns[0]?.at ?? Infinity);
      return [booking(key, event, spec, cancelled ? [{ at: freed, status: 'cancelled' }] : turns)];
    })
    .sort(inOrder);
}
