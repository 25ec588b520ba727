import type { UnitDef } from '#shared/model/definition.ts';
import { ZONE, type EpochMs } from '#shared/model/time.ts';
import { canaryText } from '../canaries.ts';
import { hash32, trait } from '../random.ts';
import type { Day } from '../world/day.ts';
import type { Clinician } from '../world/slot-book.ts';
import { locationStu3, organizationStu3, practitionerStu3, STU3 } from './gp-connect-actors.ts';

/** A checked search for free slots. */
export interface FreeSlotSearch {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Whether the search names who books: by code, by type. Slots kept for some organisations show only then. */
  readonly namesCode: boolean;
  readonly namesType: boolean;
  readonly practitioners: boolean;
  readonly locations: boolean;
  readonly organizations: boolean;
}

/** A free slot that the practice lets be seen. */
export interface OfferedSlot {
  readonly day: Day;
  /** Its place in the day's book. */
  readonly index: number;
  readonly start: number;
  readonly minutes: number;
  readonly channel: string;
  /** Whose session it is in, and its place among those of the day. */
  readonly clinician: Clinician;
  readonly session: number;
  /** The practice's own name for the type. */
  readonly type: string;
}

/** STU3 times: what the clock in the surgery says, with its offset from UTC. */
export const localTime = (at: EpochMs): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(ZONE)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' });

const number = (...parts: readonly (string | number)[]) => String(hash32(...parts) % 10_000_000);

/** Ids are numbers of the practice's own system: no two slots, and no two sessions, have the same. */
const dayNumber = (day: Day) => Math.round(day.start / 86_400_000);
const slotId = ({ day, index }: OfferedSlot) => String(dayNumber(day) * 1000 + index);
const sessionId = ({ day, session }: OfferedSlot) => String(dayNumber(day) * 100 + session);

/** Sessions kept for organisations that are named by their code, or by their type. */
const FOR_CODES = 0.1;
const FOR_TYPES = 0.2;

function isShown(slot: OfferedSlot, site: UnitDef, search: FreeSlotSearch): boolean {
  const start = slot.day.epochOf(slot.start);
  // Only what lies wholly within the window: a slot that begins before it or ends after it is left out.
  if (start < search.from || start + slot.minutes * 60_000 > search.to) return false;
  const kept = trait(site.id, slot.clinician.key, 'kept-for');
  if (kept < FOR_CODES) return search.namesCode;
  return kept < FOR_TYPES ? search.namesType : true;
}

/** Searchset of free slots. With none it is an empty Bundle: not even the practice itself is in it. */
export function gpConnectBundle(site: UnitDef, offered: readonly OfferedSlot[], search: FreeSlotSearch): string {
  const entry: { fullUrl: string; resource: object }[] = [];
  const add = (type: string, id: string, resource: object) =>
    entry.push({ fullUrl: `${type}/${id}`, resource: { resourceType: type, id, ...resource } });
  const location = number(site.id, 'location');
  const organization = number(site.id, 'organization');
  const sessions = new Map<string, OfferedSlot[]>();
  for (const slot of offered) {
    if (!isShown(slot, site, search)) continue;
    const schedule = sessionId(slot);
    sessions.set(schedule, [...(sessions.get(schedule) ?? []), slot]);
    add('Slot', slotId(slot), slotStu3(slot, schedule));
  }
  for (const [schedule, slots] of sessions) {
    add('Schedule', schedule, scheduleStu3(slots, location, schedule));
  }
  if (search.practitioners) {
    for (const [session, [slot]] of sessions) {
      if (slot) add('Practitioner', session, practitionerStu3(slot.clinician));
    }
  }
  if (sessions.size > 0 && search.locations) add('Location', location, locationStu3(site, organization));
  if (sessions.size > 0 && search.organizations) add('Organization', organization, organizationStu3(site));
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry });
}

function slotStu3(slot: OfferedSlot, schedule: string) {
  const start = slot.day.epochOf(slot.start);
  const text = canaryText(schedule, slot.start);
  return {
    meta: { versionId: String(start), profile: [`${STU3}/StructureDefinition/GPConnect-Slot-1`] },
    extension: [{ url: `${STU3}/StructureDefinition/Extension-GPConnect-DeliveryChannel-2`, valueCode: slot.channel }],
    serviceType: [{ text: slot.type }],
    schedule: { reference: `Schedule/${schedule}` },
    status: 'free',
    start: localTime(start),
    end: localTime(start + slot.minutes * 60_000),
    ...(text === null ? {} : { comment: text }),
  };
}

function scheduleStu3(slots: readonly OfferedSlot[], location: string, practitioner: string) {
  const [first] = slots;
  const last = slots.at(-1) ?? first;
  if (!first || !last) return {};
  const { clinician } = first;
  return {
    meta: { versionId: String(first.day.start), profile: [`${STU3}/StructureDefinition/GPConnect-Schedule-1`] },
    extension: [
      {
        url: `${STU3}/StructureDefinition/Extension-GPConnect-PractitionerRole-1`,
        valueCodeableConcept: {
          coding: [
            {
              system: `${STU3}/CodeSystem/CareConnect-SDSJobRoleName-1`,
              code: clinician.role,
              display: clinician.roleName,
            },
          ],
        },
      },
    ],
    serviceCategory: { text: first.type },
    actor: [{ reference: `Location/${location}` }, { reference: `Practitioner/${practitioner}` }],
    planningHorizon: {
      start: localTime(first.day.epochOf(first.start)),
      end: localTime(last.day.epochOf(last.start) + last.minutes * 60_000),
    },
    comment: `Session of ${clinician.prefix} ${clinician.given} ${clinician.family}`,
  };
}
