import Type, { type Static } from 'typebox';
import { dayEnd, dayStart, localDate, type EpochMs } from '#shared/model/time.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Reading } from '../../domain/ports.ts';
import { conceptsOf, ConceptSchema, ConceptsSchema } from './fhir.ts';
import type { SlotTyping } from './slot-types.ts';
import { compiled, parseInstant, refuse, type Refusals } from './values.ts';

export const APPOINTMENT_STATUSES = [
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
type Status = (typeof APPOINTMENT_STATUSES)[number];

/** Participants, descriptions, comments and reasons are not named, so they are never read. */
const AppointmentSchema = compiled(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 200 }),
    status: Type.Enum([...APPOINTMENT_STATUSES]),
    start: Type.Optional(Type.String()),
    created: Type.Optional(Type.String()),
    serviceType: Type.Optional(ConceptsSchema),
    serviceCategory: Type.Optional(ConceptsSchema),
    appointmentType: Type.Optional(ConceptSchema),
  }),
);
type Appointment = Static<ReturnType<(typeof AppointmentSchema)['Type']>>;

/** All that is kept of an appointment, besides the opaque id it is kept under. */
export interface Kept {
  readonly status: Status;
  readonly category: 'urgent' | 'other' | 'unmapped' | 'none';
  /** Made on the London day on which it takes place; null: it does not say. */
  readonly sameDay: boolean | null;
}

export type Day = ReadonlyMap<string, Kept>;

const URGENT = 'general-consultation-acute';
/** A date as a redacted copy shows it: nothing is wrong with it, but it can no longer be told. */
const HIDDEN_DATE = '####-##-##';
const DATE = /^\d{4}-\d\d-\d\d$/;
/** Requests that nobody has given a time yet may lack one; anything that stands in a diary may not. */
const UNTIMED: ReadonlySet<Status> = new Set(['proposed', 'waitlist', 'cancelled', 'entered-in-error', 'pending']);

export interface DayReading {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly typing: SlotTyping;
  readonly refusals: Refusals;
}

/** Takes one appointment into the day, or out of it where it has gone elsewhere. */
export function takeAppointment(day: Map<string, Kept>, resource: unknown, place: string, reading: DayReading): void {
  const { from, to, typing, refusals } = reading;
  if (!AppointmentSchema.Check(resource)) return refuse(refusals, place, AppointmentSchema, resource);
  const { id, status, created } = resource;
  const start = parseInstant(resource.start);
  if (start === null && resource.start === undefined && UNTIMED.has(status)) return withoutTime(day, id, status);
  if (start === null) return refusals.add(`${place}/start`, 'must be a date and time with its offset');
  if (start < from || start >= to) return void day.delete(id);
  const sameDay = created === undefined ? null : madeOn(created, start);
  if (created !== undefined && sameDay === null && created !== HIDDEN_DATE)
    refusals.add(`${place}/created`, 'must be a date, or a date and time with its offset');
  day.set(id, { status, category: categoryOf(resource, typing), sameDay });
}

/** One that was known to be today's and is cancelled stays one of today's: some systems give its time free. */
function withoutTime(day: Map<string, Kept>, id: string, status: Status): void {
  const known = day.get(id);
  if (known && status === 'cancelled') day.set(id, { ...known, status });
  else day.delete(id);
}

/** `created` may be a date without a time. Null: it is neither. */
function madeOn(created: string, start: EpochMs): boolean | null {
  if (DATE.test(created)) return created === localDate(start);
  const at = parseInstant(created);
  return at === null ? null : at >= dayStart(start) && at < dayEnd(start);
}

function categoryOf(appointment: Appointment, typing: SlotTyping): Kept['category'] {
  const { serviceType, appointmentType, serviceCategory } = appointment;
  let named = false;
  for (const concepts of [conceptsOf(serviceType), appointmentType && [appointmentType], conceptsOf(serviceCategory)]) {
    const type = typing.of(concepts);
    if (typeof type === 'object') return type.code === URGENT ? 'urgent' : 'other';
    named ||= type === 'unmapped';
  }
  return named ? 'unmapped' : 'none';
}

/** The day's counts. `practice`: with the national measure of urgent appointments. */
export function dayReadings(site: string, day: Day, practice: boolean): Reading[] {
  const tally: Partial<Record<Status, number>> = {};
  for (const { status } of day.values()) tally[status] = (tally[status] ?? 0) + 1;
  const of = (...which: Status[]) => which.reduce((sum, status) => sum + (tally[status] ?? 0), 0);
  return [
    { site, metric: 'appointments.booked', value: of('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow') },
    { site, metric: 'appointments.attended', value: of('arrived', 'checked-in', 'fulfilled') },
    { site, metric: 'appointments.no-show', value: of('noshow') },
    { site, metric: 'appointments.cancelled', value: of('cancelled') },
    ...(practice ? urgentReadings(site, day) : []),
  ];
}

/**
 * Urgent ones (GPAD General Consultation Acute), those made on the day itself, and those of a type without a mapping.
 * Where no appointment names a type, none of this can be said; where an urgent one does not say when it was made, how
 * many were made on the day cannot.
 */
function urgentReadings(site: string, day: Day): Reading[] {
  const standing = [...day.values()].filter(({ status }) => STANDING.has(status));
  const urgent = standing.filter(({ category }) => category === 'urgent');
  const unmapped = standing.filter(({ category }) => category === 'unmapped' || category === 'none').length;
  const typed = standing.length === 0 || standing.some(({ category }) => category !== 'none');
  const dated = typed && urgent.every(({ sameDay }) => sameDay !== null);
  const count = (metric: MetricName, value: number, known: boolean): Reading =>
    known ? { site, metric, value } : { site, metric, value: null, absence: 'not-reported', detail: 'missing-field' };
  return [
    count('appointments.urgent', urgent.length, typed),
    count('appointments.urgent-same-day', urgent.filter(({ sameDay }) => sameDay === true).length, dated),
    count('appointments.unmapped', unmapped, typed),
  ];
}

/** Booked for somebody, whatever came of it; not cancelled, not a wish, not a mistake. */
const STANDING: ReadonlySet<Status> = new Set(['booked', 'arrived', 'checked-in', 'fulfilled', 'noshow']);
