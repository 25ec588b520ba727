import Type, { type Static } from 'typebox';
import { dayEnd, dayStart, HOUR, localDate, type EpochMs } from '#shared/model/time.ts';
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
  /** Of a category that the national 2-week measure (ACC-08) counts. */
  readonly measured: boolean;
  /** London days from the one on which it was made to the one on which it takes place; null: it does not say. */
  readonly daysAhead: number | null;
}

export type Day = ReadonlyMap<string, Kept>;

const URGENT = 'general-consultation-acute';
/** A date as a redacted copy shows it: nothing is wrong with it, but it can no longer be told. */
const HIDDEN_DATE = '####-##-##';
const DAY = 24 * HOUR;
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
  const daysAhead = created === undefined ? null : daysBetween(created, start);
  if (created !== undefined && daysAhead === null && created !== HIDDEN_DATE)
    refusals.add(`${place}/created`, 'must be a date, or a date and time with its offset');
  day.set(id, { status, ...categoryOf(resource, typing), daysAhead });
}

/** One that was known to be today's and is cancelled stays one of today's: some systems give its time free. */
function withoutTime(day: Map<string, Kept>, id: string, status: Status): void {
  const known = day.get(id);
  if (known && status === 'cancelled') day.set(id, { ...known, status });
  else day.delete(id);
}

/** `created` may be a date without a time; by dates, as the published figures count. Null: it is neither. */
function daysBetween(created: string, start: EpochMs): number | null {
  const at = DATE.test(created) ? null : parseInstant(created);
  // Most are made on the day itself, and comparing moments is cheaper than dates.
  if (at !== null && at >= dayStart(start) && at < dayEnd(start)) return 0;
  const date = DATE.test(created) ? created : at === null ? null : localDate(at);
  return date === null ? null : daysApart(date, localDate(start));
}

/** Null where `from` is no day of any month. */
function daysApart(from: string, to: string): number | null {
  const at = Date.parse(from);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== from) return null;
  return (Date.parse(to) - at) / DAY;
}

function categoryOf(appointment: Appointment, typing: SlotTyping): Pick<Kept, 'category' | 'measured'> {
  const { serviceType, appointmentType, serviceCategory } = appointment;
  let named = false;
  for (const concepts of [conceptsOf(serviceType), appointmentType && [appointmentType], conceptsOf(serviceCategory)]) {
    const type = typing.of(concepts);
    if (typeof type === 'object') return { category: type.code === URGENT ? 'urgent' : 'other', measured: type.counts };
    named ||= type === 'unmapped';
  }
  return { category: named ? 'unmapped' : 'none', measured: false };
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
 * Urgent ones (GPAD General Consultation Acute), those made on the day itself, those of a type without a mapping, and how
 * long before the day those were made that the 2-week measure counts. Where no appointment names a type, none of this can
 * be said; where one that counts does not say when it was made, how many were made in time cannot.
 */
function urgentReadings(site: string, day: Day): Reading[] {
  const standing = [...day.values()].filter(({ status }) => STANDING.has(status));
  const urgent = standing.filter(({ category }) => category === 'urgent');
  const measured = standing.filter((kept) => kept.measured);
  const unmapped = standing.filter(({ category }) => category === 'unmapped' || category === 'none').length;
  const typed = standing.length === 0 || standing.some(({ category }) => category !== 'none');
  const dated = typed && urgent.every(({ daysAhead }) => daysAhead !== null);
  const allDated = typed && measured.every(({ daysAhead }) => daysAhead !== null);
  const count = (metric: MetricName, value: number, known: boolean): Reading =>
    known ? { site, metric, value } : { site, metric, value: null, absence: 'not-reported', detail: 'missing-field' };
  // Made after its own time: whoever wrote it down later, nobody waited for it.
  const within = (days: number) => measured.filter(({ daysAhead }) => daysAhead !== null && daysAhead <= days).length;
  return [
    count('appointments.urgent', urgent.length, typed),
    count('appointments.urgent-same-day', urgent.filter(({ daysAhead }) => daysAhead === 0).length, dated),
    count('appointments.unmapped', unmapped, typed),
    count('appointments.measured', measured.length, allDated),
    count('appointments.within-48h', within(2), allDated),
    count('appointments.within-7d', within(7), allDated),
    count('appointments.within-14d', within(14), allDated),
  ];
}

/** Booked for somebody, whatever came of it; not cancelled, not a wish, not a mistake. */
const STANDING: ReadonlySet<Status> = new Set(['booked', 'arrived', 'checked-in', 'fulfilled', 'noshow']);
