import type { UnitDef } from '#shared/model/definition.ts';
import type { Appointment } from './appointments.ts';
import type { PracticeCalls } from './calls.ts';
import { createDayCache } from './day-cache.ts';
import type { Day } from './day.ts';
import { kmBetween } from './distance.ts';
import { withoutRepeats } from './fewer-calls.ts';
import { heldAppointments } from './held-appointments.ts';
import { holdsOf, stepsOf, type Hold, type OutsideEvent } from './outside.ts';
import type { OwnWays } from './own-way.ts';
import { contactPatients, NO_CONTACTS, type Contacts, type Offered, type Placement } from './redirected.ts';
import type { Sites } from './sites.ts';
import type { HoldSpan, SlotBook, SlotEvent } from './slot-book.ts';
import { isUrgent } from './urgency.ts';

/** The world as it would be without anybody from outside; redirections stand on it and never the other way. */
export interface Untouched {
  calls(site: UnitDef, day: Day): PracticeCalls | null;
  book(site: UnitDef, day: Day): SlotBook;
  appointments(site: UnitDef, day: Day): readonly Appointment[];
}

export interface Redirections {
  /** One more event from outside, later than those before; what depends on it is made anew. Returns practices touched. */
  take(event: OutsideEvent): readonly UnitDef[];
  book(site: UnitDef, day: Day): SlotBook;
  appointments(site: UnitDef, day: Day): readonly Appointment[];
  calls(practice: UnitDef, day: Day): PracticeCalls | null;
  contacts(practice: UnitDef, day: Day): Contacts;
}

interface Deps {
  readonly sites: Sites;
  readonly seed: number;
  readonly ownWays: OwnWays;
  readonly untouched: Untouched;
  /** The hub's day with these steps in it. */
  readonly makeBook: (hub: UnitDef, day: Day, steps: readonly SlotEvent[]) => SlotBook;
  readonly keptDays: number;
}

const codeOf = (site: UnitDef) => site.odsCode ?? site.id;
/** Practices that slots were ever kept for in these events: of all slots, or of some. */
const codesIn = (events: readonly OutsideEvent[], slots?: ReadonlySet<number>) =>
  new Set(
    events
      .flatMap((event) => event.changes)
      .flatMap((change) => (change.becomes === 'held' && (slots?.has(change.slot) ?? true) ? change.for : [])),
  );

/** Slots kept for practices, the patients who take them, and what that changes at hubs and practices. */
export function createRedirections(deps: Deps): Redirections {
  const { sites, seed, ownWays, untouched, keptDays } = deps;
  const practices = new Map(sites.practices.map((practice) => [codeOf(practice), practice]));
  /** Events by date and site. */
  const days = new Map<string, Map<string, OutsideEvent[]>>();
  const made = {
    holds: createDayCache<readonly Hold[]>(keptDays),
    contacts: createDayCache<Contacts>(keptDays),
    books: createDayCache<SlotBook>(keptDays),
    appointments: createDayCache<readonly Appointment[]>(keptDays),
    calls: createDayCache<PracticeCalls | null>(keptDays),
  };
  const eventsAt = (day: Pick<Day, 'date'>, hub: string) => days.get(day.date)?.get(hub) ?? [];
  /** Hubs that kept slots for one of the practices on the day. */
  const hubsFor = (day: Pick<Day, 'date'>, codes: ReadonlySet<string>) =>
    [...(days.get(day.date) ?? [])].flatMap(([hub, events]) => (codesIn(events).isDisjointFrom(codes) ? [] : hub));
  const isTouched = (hub: UnitDef, day: Day) => days.get(day.date)?.has(hub.id) ?? false;
  const holds = (hub: UnitDef, day: Day) =>
    made.holds.of(day, hub.id, () => holdsOf(eventsAt(day, hub.id), day, untouched.book(hub, day)));

  const offersFor = (practice: UnitDef, day: Day): Offered[] =>
    hubsFor(day, new Set([codeOf(practice)]))
      .flatMap((id): Offered[] => {
        const hub = sites.byId(id);
        if (!hub) return [];
        const { slots } = untouched.book(hub, day);
        const km = kmBetween(practice, hub);
        return holds(hub, day).flatMap((hold) => {
          const slot = slots[hold.slot];
          return slot && hold.for === codeOf(practice) ? [{ hold, slot, km }] : [];
        });
      })
      .sort((a, b) => a.hold.from - b.hold.from);

  const contacts = (practice: UnitDef, day: Day): Contacts =>
    made.contacts.of(day, practice.id, () => {
      const offers = offersFor(practice, day);
      if (offers.length === 0) return NO_CONTACTS;
      const patients = untouched
        .book(practice, day)
        .turnedAway.flatMap((at, patient) =>
          ownWays.sentTo(practice, day, patient).length > 0
            ? []
            : [{ at, patient, urgent: isUrgent(practice, day, patient, seed) }],
        );
      return contactPatients(practice, day, patients, offers, seed);
    });

  /** Whoever was booked out of the hub's holds, by the place of the hold among them. */
  const placedAt = (hub: UnitDef, day: Day): Map<number, Placement> =>
    new Map(
      [...codesIn(eventsAt(day, hub.id))].flatMap((code) => {
        const practice = practices.get(code);
        const placements = practice ? contacts(practice, day).placements : [];
        return placements.flatMap((placement) => {
          const { hold } = placement.offered;
          return hold.hub === hub.id ? [[hold.order, placement] as const] : [];
        });
      }),
    );

  const makeBook = (hub: UnitDef, day: Day): SlotBook => {
    const placed = placedAt(hub, day);
    const booked = (hold: Hold) => placed.get(hold.order) ?? null;
    const kept = holds(hub, day);
    const book = deps.makeBook(hub, day, stepsOf(kept, booked));
    return { ...book, holds: kept.map((hold) => spanOf(hold, booked(hold))) };
  };

  const book: Redirections['book'] = (site, day) =>
    isTouched(site, day) ? made.books.of(day, site.id, () => makeBook(site, day)) : untouched.book(site, day);

  const makeAppointments = (hub: UnitDef, day: Day): Appointment[] => {
    const without = { book: untouched.book(hub, day), appointments: untouched.appointments(hub, day) };
    return heldAppointments(hub, day, book(hub, day), without, [...placedAt(hub, day).values()], seed);
  };

  const makeCalls = (practice: UnitDef, day: Day): PracticeCalls | null => {
    const base = untouched.calls(practice, day);
    const { placements } = base ? contacts(practice, day) : NO_CONTACTS;
    return base && placements.length > 0 ? withoutRepeats(base, placements, [seed, day.date, practice.id]) : base;
  };

  /** Forgets the practices whose slots the event keeps or gives back, and every hub that keeps slots for one of them. */
  const forget = (event: OutsideEvent): UnitDef[] => {
    const slots = new Set(event.changes.map((change) => change.slot));
    const codes = codesIn(eventsAt(event, event.site), slots);
    made.holds.drop(event, event.site);
    for (const hub of new Set([event.site, ...hubsFor(event, codes)])) {
      made.books.drop(event, hub);
      made.appointments.drop(event, hub);
    }
    const touched = [...codes].flatMap((code) => practices.get(code) ?? []);
    for (const practice of touched) {
      made.contacts.drop(event, practice.id);
      made.calls.drop(event, practice.id);
    }
    return touched;
  };

  return {
    take: (event) => {
      const hubs = days.get(event.date) ?? new Map<string, OutsideEvent[]>();
      days.set(event.date, hubs);
      const events = hubs.get(event.site) ?? [];
      hubs.set(event.site, [...events, event]);
      return forget(event);
    },
    book,
    appointments: (site, day) =>
      isTouched(site, day)
        ? made.appointments.of(day, site.id, () => makeAppointments(site, day))
        : untouched.appointments(site, day),
    calls: (practice, day) =>
      days.has(day.date)
        ? made.calls.of(day, practice.id, () => makeCalls(practice, day))
        : untouched.calls(practice, day),
    contacts,
  };
}

function spanOf(
  { slot, key, for: code, need, until, from, ends, withdrawn }: Hold,
  placement: Placement | null,
): HoldSpan {
  const over = placement ? (placement.cancelled ?? withdrawn) : ends;
  return { slot, key, for: code, need, until, from, bookedAt: placement?.at ?? null, over };
}
