import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryBirthDate, canaryNhsNumber, canaryPerson, canaryPhone, canaryText } from '../canaries.ts';
import { uuidOf } from '../random.ts';
import { appointmentAt, type Appointment, type AppointmentStatus } from '../world/appointments.ts';
import type { Day } from '../world/day.ts';
import { appointmentName } from './type-names.ts';

export interface AppointmentSearch {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Changed at or after this; null: all. */
  readonly updatedFrom: EpochMs | null;
  readonly count: number;
  readonly page: number;
  /** Address of page `n` of the same search, as it stood when the first page was read. */
  readonly pageUrl: (page: number) => string;
}

interface Row {
  readonly appointment: Appointment;
  readonly status: AppointmentStatus;
  readonly changedAt: EpochMs;
}

/** FHIR R4 searchset of one page, in order of start. */
export function appointmentBundle(
  site: UnitDef,
  day: Day,
  appointments: readonly Appointment[],
  wall: number,
  search: AppointmentSearch,
): string {
  const rows = appointments.flatMap((appointment): Row[] => {
    const start = day.epochOf(appointment.start);
    if (start < search.from || start >= search.to) return [];
    const state = appointmentAt(appointment, wall);
    if (!state) return [];
    const changedAt = momentOf(day, state.changed);
    if (search.updatedFrom !== null && changedAt < search.updatedFrom) return [];
    return [{ appointment, status: state.status, changedAt }];
  });
  const from = search.page * search.count;
  const link = [{ relation: 'self', url: search.pageUrl(search.page) }];
  if (rows.length > from + search.count) link.push({ relation: 'next', url: search.pageUrl(search.page + 1) });
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    total: rows.length,
    link,
    entry: rows.slice(from, from + search.count).map((row) => {
      const id = uuidOf(site.id, day.date, 'appointment', row.appointment.key);
      return { fullUrl: `urn:uuid:${id}`, resource: resource(site, day, row, id), search: { mode: 'match' } };
    }),
  });
}

/** Wall seconds below zero are days before. */
const momentOf = (day: Day, wall: number) => (wall < 0 ? day.start + wall * 1000 : day.epochOf(wall));

function resource(site: UnitDef, day: Day, { appointment, status, changedAt }: Row, id: string) {
  const start = day.epochOf(appointment.start);
  const text = canaryText(id);
  return {
    resourceType: 'Appointment',
    id,
    meta: { lastUpdated: toInstant(changedAt) },
    status,
    serviceType: [{ text: appointmentName(site, appointment.made >= 0, appointment.key) }],
    start: toInstant(start),
    end: toInstant(start + appointment.minutes * 60_000),
    minutesDuration: appointment.minutes,
    created: toInstant(momentOf(day, appointment.made)),
    ...(text === null ? {} : { description: text, comment: text }),
    participant: [patient(id), practitioner(site, id)],
  };
}

function patient(id: string) {
  const person = canaryPerson(id, 'patient');
  return {
    actor: {
      reference: `Patient/${uuidOf(id, 'patient')}`,
      identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: canaryNhsNumber(id) },
      display: `${person.given} ${person.family} (born ${canaryBirthDate(id)}, ${canaryPhone(id)})`,
    },
    status: 'accepted',
  };
}

function practitioner(site: UnitDef, id: string) {
  const person = canaryPerson(site.id, id.slice(0, 1));
  return {
    actor: {
      reference: `Practitioner/${uuidOf(site.id, person.family)}`,
      display: `Dr ${person.given} ${person.family}`,
    },
    status: 'accepted',
  };
}
