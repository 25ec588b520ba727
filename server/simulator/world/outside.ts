import Type, { type Static } from 'typebox';
import type { EpochMs } from '#shared/model/time.ts';
import type { Day } from './day.ts';
import { BUSY, FREE, HELD, WITHDRAWN, type SlotBook, type SlotEvent } from './slot-book.ts';

const Slot = Type.Integer({ minimum: 0 });
const Key = Type.String({ minLength: 1 });

/**
 * What a caller from outside did to one slot of a day's book (`slot`: its place there). `for`: ODS code of a practice.
 * `need`: for whom of its patients; left out: whoever waits.
 */
const ChangeSchema = Type.Union([
  Type.Object({
    slot: Slot,
    becomes: Type.Literal('held'),
    key: Key,
    until: Type.Number(),
    for: Type.String(),
    need: Type.Optional(Type.String()),
  }),
  Type.Object({ slot: Slot, becomes: Type.Literal('free'), key: Key }),
]);
export type OutsideChange = Static<typeof ChangeSchema>;

/**
 * One request from outside that a site's booking system has granted, whole: the only part of the world that is not made
 * up from its seed. `seed` says which world it happened to.
 */
export const OutsideEventSchema = Type.Object({
  seed: Type.Integer(),
  at: Type.Number(),
  date: Type.String(),
  site: Type.String(),
  changes: Type.Array(ChangeSchema),
});
export type OutsideEvent = Static<typeof OutsideEventSchema>;

/** A slot kept for one practice's patients; times in wall seconds but `until`, as it was asked for. */
export interface Hold {
  readonly hub: string;
  /** Place among all that were granted at the hub on the day. */
  readonly order: number;
  readonly slot: number;
  readonly key: string;
  /** ODS code of the practice. */
  readonly for: string;
  /** For whom of its patients; null: whoever waits. */
  readonly need: string | null;
  readonly until: EpochMs;
  readonly from: number;
  /** When it is over if nobody is booked: released, run out, begun or withdrawn. */
  readonly ends: number;
  /** When the slot leaves the offer, whoever has it; Infinity: never. */
  readonly withdrawn: number;
}

/** A hold's patient: booked at `at`; `cancelled` null where the booking stood. */
export interface Booked {
  readonly at: number;
  readonly cancelled: number | null;
}

/** The day's holds of one site in the order they were granted. `book`: the day as it is without them. */
export function holdsOf(events: readonly OutsideEvent[], day: Day, book: SlotBook): Hold[] {
  const holds: Hold[] = [];
  const open = new Map<number, number>();
  const gone = new Map(book.events.flatMap((e) => (e.becomes === WITHDRAWN ? [[e.slot, e.at] as const] : [])));
  for (const event of events) {
    const from = day.wallAt(event.at);
    for (const change of event.changes) {
      const spec = book.slots[change.slot];
      if (!spec) continue;
      if (change.becomes === 'free') {
        const index = open.get(change.slot) ?? -1;
        const held = holds[index];
        if (held) holds[index] = { ...held, ends: Math.min(held.ends, from) };
        continue;
      }
      const { slot, key, until, need } = change;
      const withdrawn = gone.get(slot) ?? Infinity;
      // The first whole second at which `until` has come.
      const runsOut = day.wallAt(until - 1) + 1;
      const ends = Math.min(Math.max(runsOut, from + 1), spec.start, withdrawn);
      const before = holds[open.get(slot) ?? -1];
      if (before?.key === key && before.ends > from) {
        holds[before.order] = { ...before, until, ends };
        continue;
      }
      const order = holds.length;
      open.set(slot, order);
      holds.push({
        hub: event.site,
        order,
        slot,
        key,
        for: change.for,
        need: need ?? null,
        until,
        from,
        ends,
        withdrawn,
      });
    }
  }
  return holds;
}

/** What holds do to a book, in order of time. */
export function stepsOf(holds: readonly Hold[], bookedOf: (hold: Hold) => Booked | null): SlotEvent[] {
  return holds
    .flatMap((hold): SlotEvent[] => {
      const { slot } = hold;
      const booked = bookedOf(hold);
      const held = { at: hold.from, slot, becomes: HELD };
      if (!booked) return [held, { at: hold.ends, slot, becomes: FREE }];
      const busy = { at: booked.at, slot, becomes: BUSY };
      return booked.cancelled === null ? [held, busy] : [held, busy, { at: booked.cancelled, slot, becomes: FREE }];
    })
    .sort((a, b) => a.at - b.at);
}
