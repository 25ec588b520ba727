import Type from 'typebox';
import { dayEnd, dayStart, HOUR, MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import { fillTemplate } from '../../domain/feed-instances.ts';
import type { Reading } from '../../domain/ports.ts';
import type { Asking, MakeAdapter } from './adapter.ts';
import { FHIR_REDACTION, readSearchset, resourceOf } from './fhir.ts';
import { compiled, createRefusals, parseInstant, payloadTime, refuse } from './values.ts';

const STATUSES = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
] as const;
type Status = (typeof STATUSES)[number];

/** Participants, descriptions, comments and reasons are not named, so they are never read. */
const AppointmentSchema = compiled(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 200 }),
    status: Type.Enum([...STATUSES]),
    start: Type.Optional(Type.String()),
  }),
);

const WHOLE_EVERY = HOUR;
/** Read again from this long before the last read: what the other side wrote while it answered must not fall between. */
const OVERLAP = 5 * MINUTE;

/** Today's appointments by opaque id: in memory only, dropped at midnight. */
export interface AppointmentMemory {
  readonly day: EpochMs;
  readonly wholeAt: EpochMs;
  readonly readAt: EpochMs;
  readonly statuses: ReadonlyMap<string, Status>;
}

/** Whether the next poll reads the whole day: on start, on a new day, hourly, and when the clock went back. */
const readsWhole = (memory: AppointmentMemory, now: EpochMs): boolean =>
  memory.day !== dayStart(now) || now - memory.wholeAt >= WHOLE_EVERY || now < memory.readAt;

/** Appointments of the London day by FHIR R4, paged by `link[next]`, between whole reads by `_lastUpdated`. */
export const fhirAppointments: MakeAdapter<AppointmentMemory> = () => ({
  name: 'fhir-appointments',
  redaction: FHIR_REDACTION,
  timeKeys: ['timestamp', 'lastUpdated'],
  heavy: true,
  memory: () => ({ day: -1, wholeAt: 0, readAt: 0, statuses: new Map() }),
  request: (asking, memory) => ({
    url: appointmentSearch(asking, memory),
    headers: { accept: 'application/fhir+json' },
  }),
  read(payload, { instance, askedAt, now, page }, memory) {
    const bundle = readSearchset(payload);
    if (!bundle.ok) return bundle;
    const refusals = createRefusals();
    const observedAt = payloadTime(bundle.timestamp, now, '/timestamp', refusals);
    const whole = page === 0 && readsWhole(memory, askedAt);
    const day = dayStart(askedAt);
    const ends = dayEnd(askedAt);
    const statuses = new Map(whole ? [] : memory.statuses);
    bundle.entries.forEach((entry, index) => {
      const place = `/entry/${index}/resource`;
      const resource = resourceOf(entry);
      if (!resource) return refusals.add(place, 'must be an object');
      if (resource['resourceType'] !== 'Appointment') return;
      if (!AppointmentSchema.Check(resource)) return refuse(refusals, place, AppointmentSchema, resource);
      const start = parseInstant(resource.start);
      // Requests that nobody has given a time yet may lack one; anything that stands in a diary may not.
      if (start === null && resource.start === undefined && UNTIMED.has(resource.status))
        return void statuses.delete(resource.id);
      if (start === null) return refusals.add(`${place}/start`, 'must be a date and time with its offset');
      if (start >= day && start < ends) statuses.set(resource.id, resource.status);
      else statuses.delete(resource.id);
    });
    const site = instance.sites[0];
    return {
      ok: true,
      observedAt,
      readings: bundle.next === null && site ? counts(site.id, statuses) : [],
      slots: [],
      rejected: refusals.list,
      rejectedCount: refusals.count,
      next: bundle.next,
      volume: bundle.entries.length,
      memory: { day, wholeAt: whole ? askedAt : memory.wholeAt, readAt: askedAt, statuses },
    };
  },
});

const UNTIMED: ReadonlySet<Status> = new Set(['proposed', 'waitlist', 'cancelled', 'entered-in-error', 'pending']);

function counts(site: string, statuses: ReadonlyMap<string, Status>): Reading[] {
  const tally: Partial<Record<Status, number>> = {};
  for (const status of statuses.values()) tally[status] = (tally[status] ?? 0) + 1;
  const of = (...which: Status[]) => which.reduce((sum, status) => sum + (tally[status] ?? 0), 0);
  return [
    { site, metric: 'appointments.booked', value: of('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow') },
    { site, metric: 'appointments.attended', value: of('arrived', 'checked-in', 'fulfilled') },
    { site, metric: 'appointments.no-show', value: of('noshow') },
    { site, metric: 'appointments.cancelled', value: of('cancelled') },
  ];
}

const offset = (at: EpochMs) => toInstant(at).replace(/\.\d+Z$/, '%2B00:00');

function appointmentSearch({ instance, now }: Asking, memory: AppointmentMemory): string {
  const site = instance.sites[0];
  const base = site ? fillTemplate(instance.feed.url, site) : instance.feed.url;
  const query = [`date=ge${offset(dayStart(now))}`, `date=lt${offset(dayEnd(now))}`];
  if (!readsWhole(memory, now)) query.push(`_lastUpdated=ge${offset(memory.readAt - OVERLAP)}`);
  return `${base.replace(/\/$/, '')}/Appointment?${query.join('&')}`;
}
