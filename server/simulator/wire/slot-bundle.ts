import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { uuidOf } from '../random.ts';
import type { Day } from '../world/day.ts';
import { BUSY, changedAt, changesAt, FREE, HELD, statusesAt, type SlotBook } from '../world/slot-book.ts';
import {
  healthcareServiceResource,
  keyOf,
  locationResource,
  practitionerResource,
  practitionerRoleResource,
  scheduleResource,
  slotResource,
  urn,
} from './slot-resources.ts';
import { slotIds } from './slot-ids.ts';

/** A checked search for slots. */
export interface SlotSearch {
  readonly free: boolean;
  readonly busy: boolean;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly includes: ReadonlySet<string>;
  /** Address of the search as it was honoured. */
  readonly self: string;
}

interface Entry {
  readonly fullUrl: string;
  readonly resource: object;
}

/**
 * BaRS 1.4 searchset. It carries no `timestamp` of its own (FHIR lets it out), so that an unchanged book can be answered
 * 304; `total` counts every entry, includes too, as the standard's example does.
 */
export function slotBundle(site: UnitDef, day: Day, book: SlotBook, wall: number, search: SlotSearch): string {
  const statuses = statusesAt(book, wall);
  const changes = changesAt(book, wall);
  const ids = slotIds(site, day, book.slots.length);
  const lastUpdated = toInstant(day.epochOf(changedAt(book, wall)));
  const entries: Entry[] = [];
  const used = new Set<number>();
  book.slots.forEach((slot, index) => {
    const status = shown(statuses[index] ?? FREE, search);
    const start = day.epochOf(slot.start);
    if (status === null || slot.release > wall || start < search.from || start > search.to) return;
    used.add(slot.clinician);
    const schedule = scheduleKey(book, slot.clinician);
    const id = ids[index] ?? '';
    const version = (changes[index] ?? 0) + 1;
    entries.push({
      fullUrl: urn(uuidOf(site.id, day.date, 'slot', index)),
      resource: slotResource(site, day, slot, { index, id, version, status }, schedule),
    });
  });
  if (search.includes.has('Slot:schedule')) addIncludes(entries, site, book, used, search, lastUpdated);
  return JSON.stringify({
    resourceType: 'Bundle',
    id: uuidOf(site.id, day.date, 'bundle'),
    meta: { lastUpdated },
    type: 'searchset',
    total: entries.length,
    link: [{ relation: 'self', url: search.self }],
    entry: entries,
  });
}

/** A held slot is `busy-tentative`, which a provider returns among the busy ones. */
function shown(status: number, search: SlotSearch): string | null {
  if (status === FREE) return search.free ? 'free' : null;
  if (status === BUSY) return search.busy ? 'busy' : null;
  return status === HELD && search.busy ? 'busy-tentative' : null;
}

const scheduleKey = (book: SlotBook, clinician: number) =>
  uuidOf(book.clinicians[clinician]?.key ?? clinician, 'schedule');

function addIncludes(
  entries: Entry[],
  site: UnitDef,
  book: SlotBook,
  used: ReadonlySet<number>,
  search: SlotSearch,
  lastUpdated: string,
): void {
  const service = keyOf(site, 'service');
  const location = keyOf(site, 'location');
  const wants = (include: string) => search.includes.has(include);
  for (const index of [...used].sort((a, b) => a - b)) {
    const clinician = book.clinicians[index];
    if (!clinician) continue;
    const person = uuidOf(clinician.key, 'practitioner');
    const role = uuidOf(clinician.key, 'role');
    const schedule = scheduleKey(book, index);
    entries.push({
      fullUrl: urn(schedule),
      resource: scheduleResource(site, schedule, [service, role, person], lastUpdated),
    });
    if (wants('Schedule:actor:Practitioner')) {
      entries.push({ fullUrl: urn(person), resource: practitionerResource(clinician, lastUpdated) });
    }
    if (wants('Schedule:actor:PractitionerRole')) {
      entries.push({ fullUrl: urn(role), resource: practitionerRoleResource(clinician, person, lastUpdated) });
    }
  }
  if (used.size === 0 || !wants('Schedule:actor:HealthcareService')) return;
  entries.push({ fullUrl: urn(service), resource: healthcareServiceResource(site, location, lastUpdated) });
  if (wants('HealthcareService:location')) {
    entries.push({ fullUrl: urn(location), resource: locationResource(site, location, lastUpdated) });
  }
}
