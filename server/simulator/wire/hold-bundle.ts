import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { uuidOf } from '../random.ts';
import { appointmentAt, type Appointment } from '../world/appointments.ts';
import type { Day } from '../world/day.ts';
import { changesAt, holdAt, statusesAt, type HoldSpan, type SlotBook } from '../world/slot-book.ts';
import { slotIds } from './slot-ids.ts';
import { utc } from './slot-resources.ts';

/** The extension that says for whom, by what key and until when a slot is held. */
export const HOLD_URL = 'https://headroom.example/fhir/hold';
/** FHIR's words in the order of the book's statuses. */
const STATUSES = ['free', 'busy', 'busy-tentative', 'busy-unavailable'];

const etag = (version: number) => `W/"${String(version)}"`;
const searchset = (resources: readonly object[]) =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.length,
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
  });

/** The named slots as they are at `wall`; names that are not the day's are left out. */
export function slotsById(site: UnitDef, day: Day, book: SlotBook, wall: number, wanted: ReadonlySet<string>): string {
  const statuses = statusesAt(book, wall);
  const changes = changesAt(book, wall);
  const ids = slotIds(site, day, book.slots.length);
  return searchset(
    book.slots.flatMap((slot, index) => {
      const id = ids[index] ?? '';
      if (!wanted.has(id)) return [];
      const start = day.epochOf(slot.start);
      const hold = holdAt(book, index, wall);
      return {
        resourceType: 'Slot',
        id,
        meta: { versionId: String((changes[index] ?? 0) + 1) },
        ...(hold ? { extension: [extensionOf(hold)] } : {}),
        status: STATUSES[statuses[index] ?? 0],
        start: utc(start),
        end: utc(start + slot.minutes * 60_000),
      };
    }),
  );
}

const extensionOf = (hold: HoldSpan) => ({
  url: HOLD_URL,
  extension: [
    { url: 'key', valueString: hold.key },
    { url: 'until', valueInstant: toInstant(hold.until) },
    { url: 'for', valueString: hold.for },
    ...(hold.need === null ? [] : [{ url: 'need', valueCode: hold.need }]),
  ],
});

/** Answers each entry of a transaction; `versions` of the slots after it. */
export const transactionResponse = (versions: readonly number[], at: EpochMs): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction-response',
    entry: versions.map((version) => ({
      response: { status: '200 OK', etag: etag(version), lastModified: toInstant(at) },
    })),
  });

/** Bookings by `wall` that were made out of holds of the named slots. */
export function appointmentsOfHolds(
  site: UnitDef,
  day: Day,
  book: SlotBook,
  appointments: readonly Appointment[],
  wall: number,
  wanted: ReadonlySet<string>,
): string {
  const ids = slotIds(site, day, book.slots.length);
  return searchset(
    (book.holds ?? []).flatMap(({ slot, bookedAt }) => {
      const id = ids[slot] ?? '';
      if (!wanted.has(id) || bookedAt === null) return [];
      const appointment = appointments.find((one) => one.slot === slot && one.made === bookedAt);
      const state = appointment && appointmentAt(appointment, wall);
      if (!state) return [];
      const start = day.epochOf(appointment.start);
      return {
        resourceType: 'Appointment',
        id: uuidOf(site.id, day.date, 'appointment', appointment.key),
        status: state.status,
        start: utc(start),
        end: utc(start + appointment.minutes * 60_000),
        slot: [{ reference: `Slot/${id}` }],
      };
    }),
  );
}
