import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant } from '#shared/model/time.ts';
import { canaryNhsNumber, canaryPerson, canaryPhone } from '../canaries.ts';
import { hash32, uuidOf } from '../random.ts';
import type { Day } from '../world/day.ts';
import type { Clinician, SlotSpec } from '../world/slot-book.ts';

const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition';
const DELIVERY_CHANNEL = `${UK_CORE}/Extension-UKCore-DeliveryChannel`;

export const urn = (id: string) => `urn:uuid:${id}`;
const meta = (profile: string, lastUpdated: string) => ({ lastUpdated, profile: [`${UK_CORE}/UKCore-${profile}`] });

/** What a site's slots are for, in the words that its schedules carry. */
export function serviceTypeOf(site: UnitDef): { code: string; display: string } {
  switch (site.siteKind) {
    case 'hub':
      return { code: 'extended-access', display: 'Extended Access' };
    case 'urgent-treatment':
      return { code: 'urgent-care', display: 'Urgent Care' };
    case 'acute-visiting':
      return { code: 'acute-visiting', display: 'Acute Visiting' };
    case 'clinical-response':
      return { code: 'clinical-response', display: 'Clinical Response' };
    default:
      return { code: 'general-consultation-acute', display: 'General Consultation Acute' };
  }
}

/** DoS service id, or a stand-in where the definition names none. */
export const dosOf = (site: UnitDef) =>
  site.identifiers['dos'] ?? String(2_000_000_000 + (hash32(site.id) % 90_000_000));

/** What a slot is called and what it is at the moment. `version`: of the slot, for whoever means to change it. */
export interface SlotState {
  readonly index: number;
  readonly id: string;
  readonly version: number;
  readonly status: string;
}

export function slotResource(site: UnitDef, day: Day, slot: SlotSpec, state: SlotState, schedule: string) {
  const { index, status } = state;
  const type = serviceTypeOf(site);
  const start = day.epochOf(slot.start);
  return {
    resourceType: 'Slot',
    id: state.id,
    meta: { versionId: String(state.version) },
    extension: [{ url: DELIVERY_CHANNEL, valueCode: slot.channel }],
    serviceType: [{ coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ServiceType', ...type }] }],
    appointmentType: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0276', code: 'WALKIN', display: 'Same day' }],
    },
    schedule: { reference: urn(schedule) },
    status,
    start: utc(start),
    end: utc(start + slot.minutes * 60_000),
    ...(status === 'free' || index % 5 > 0 ? {} : { comment: slotComment(site, day, index) }),
  };
}

/** What a receptionist wrote into the slot: who it is for. */
function slotComment(site: UnitDef, day: Day, index: number): string {
  const person = canaryPerson(site.id, day.date, index);
  return `${person.given} ${person.family} ${canaryNhsNumber(site.id, day.date, index)}`;
}

/** As the standard's examples write them: milliseconds and a numeric offset. */
export const utc = (at: number) => toInstant(at).replace('Z', '+00:00');

export function scheduleResource(site: UnitDef, key: string, actors: readonly string[], lastUpdated: string) {
  return {
    resourceType: 'Schedule',
    id: `sched-${key.slice(0, 8)}`,
    meta: meta('Schedule', lastUpdated),
    identifier: [{ system: 'https://diary.example.org/id', value: key }],
    serviceCategory: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/service-category', code: '17', display: 'General Practice' },
        ],
      },
    ],
    serviceType: [
      { coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ServiceType', ...serviceTypeOf(site) }] },
    ],
    actor: actors.map((actor) => ({ reference: urn(actor) })),
  };
}

export function healthcareServiceResource(site: UnitDef, location: string, lastUpdated: string) {
  return {
    resourceType: 'HealthcareService',
    id: dosOf(site),
    meta: meta('HealthcareService', lastUpdated),
    identifier: [{ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: dosOf(site) }],
    location: [{ reference: urn(location) }],
    name: site.name,
    telecom: [{ system: 'phone', value: canaryPhone(site.id), use: 'work' }],
  };
}

export function practitionerResource(clinician: Clinician, lastUpdated: string) {
  const number = String(hash32(clinician.key, 'sds') % 1e9).padStart(9, '0');
  return {
    resourceType: 'Practitioner',
    id: `prac-${clinician.key.slice(0, 8)}`,
    meta: meta('Practitioner', lastUpdated),
    identifier: [{ system: 'https://fhir.nhs.uk/Id/sds-user-id', value: number }],
    name: [{ family: clinician.family, given: [clinician.given], prefix: [clinician.prefix] }],
  };
}

export function practitionerRoleResource(clinician: Clinician, practitioner: string, lastUpdated: string) {
  return {
    resourceType: 'PractitionerRole',
    id: `role-${clinician.key.slice(0, 8)}`,
    meta: meta('PractitionerRole', lastUpdated),
    practitioner: {
      reference: urn(practitioner),
      display: `${clinician.prefix} ${clinician.given} ${clinician.family}`,
    },
    code: [
      {
        coding: [
          {
            system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName',
            code: clinician.role,
            display: clinician.roleName,
          },
        ],
      },
    ],
  };
}

export function locationResource(site: UnitDef, key: string, lastUpdated: string) {
  return {
    resourceType: 'Location',
    id: `loc-${key.slice(0, 8)}`,
    meta: meta('Location', lastUpdated),
    name: site.name,
    ...(site.position ? { position: { longitude: site.position.lon, latitude: site.position.lat } } : {}),
  };
}

export const keyOf = (site: UnitDef, what: string) => uuidOf(site.id, what);
