import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, hash32, type Random } from '../random.ts';
import { wallSeconds, type Day } from './day.ts';
import { appointmentsOn, sameDayShare } from './practice-slots.ts';
import { BUSY, FREE, type SlotBook, type SlotEvent, type SlotSpec } from './slot-book.ts';

export type AppointmentStatus = 'booked' | 'arrived' | 'fulfilled' | 'noshow' | 'cancelled';

/** One booking of the day and when it turns into what; wall seconds, `made` below zero for earlier days. */
export interface Appointment {
  readonly key: number;
  /** Its slot's place in the day's book; null where it was booked ahead. */
  readonly slot: number | null;
  readonly start: number;
  readonly minutes: number;
  readonly made: number;
  readonly channel: string;
  readonly turns: readonly { readonly at: number; readonly status: AppointmentStatus }[];
}

/** Did not attend: 4.9 % overall, 1.9 % of those booked on the day (published 2022-23); the rest follows. */
const NO_SHOW_BOOKED = 0.07;
export const NO_SHOW_SAME_DAY = 0.019;
const CANCELLED = 0.03;
const BOOKED_AHEAD_FROM = wallSeconds('08:30');
const BOOKED_AHEAD_TO = wallSeconds('17:50');

/** Every appointment of the day at the site: those booked ahead, and those that came out of its slots. */
export function createAppointments(site: UnitDef, day: Day, book: SlotBook, seed: number): Appointment[] {
  const random = createRandom(seed, day.date, site.id, 'appointments');
  const ahead =
    site.siteKind === 'practice' ? Math.round(appointmentsOn(site, day) * (1 - sameDayShare(site, seed))) : 0;
  const list: Appointment[] = [];
  for (let i = 0; i < ahead; i++) {
    const start = Math.floor(random.between(BOOKED_AHEAD_FROM, BOOKED_AHEAD_TO) / 300) * 300;
    const minutes = random.next() < 0.6 ? 10 : random.next() < 0.6 ? 15 : 20;
    const made = -Math.floor(random.between(1, 21 * 86_400));
    const key = hash32(seed, day.date, site.id, 'ahead', i);
    list.push({
      key,
      slot: null,
      start,
      minutes,
      made,
      channel: 'In-person',
      turns: fate(start, minutes, 0, NO_SHOW_BOOKED, random),
    });
  }
  const lastFree = lastEvents(book, FREE);
  book.events.forEach((event, i) => {
    const slot = book.slots[event.slot];
    if (!slot || event.becomes !== BUSY) return;
    const freedAt = lastFree(event.slot, event.at);
    const key = hash32(seed, day.date, site.id, 'slot', i);
    const turns =
      freedAt === null
        ? fate(slot.start, slot.minutes, event.at, NO_SHOW_SAME_DAY, random)
        : [{ at: freedAt, status: 'cancelled' as const }];
    list.push(booking(key, event, slot, turns));
  });
  return list.sort(inOrder);
}

export const inOrder = (a: Appointment, b: Appointment) => a.start - b.start || a.key - b.key;

/** The appointment that a slot's booking makes. */
export const booking = (
  key: number,
  { at, slot }: SlotEvent,
  { start, minutes, channel }: SlotSpec,
  turns: Appointment['turns'],
): Appointment => ({ key, slot, start, minutes, made: at, channel, turns });

/** When the slot next became free after `at`, which ends the booking made then. */
export function lastEvents(book: SlotBook, status: number) {
  const times = new Map<number, number[]>();
  for (const event of book.events) {
    if (event.becomes === status) times.set(event.slot, [...(times.get(event.slot) ?? []), event.at]);
  }
  return (slot: number, at: number) => times.get(slot)?.find((time) => time > at) ?? null;
}

/** What becomes of a booking: cancelled in time by a few, not attended by `noShow`, or kept. */
export function fate(
  start: number,
  minutes: number,
  made: number,
  noShow: number,
  random: Random,
  cancelled = CANCELLED,
): Appointment['turns'] {
  const chance = random.next();
  const notBefore = made + 30;
  if (chance < cancelled && start - 5400 > notBefore) {
    return [{ at: Math.floor(random.between(notBefore, start - 1800)), status: 'cancelled' }];
  }
  if (chance > 1 - noShow) return [{ at: start + Math.floor(random.between(900, 2400)), status: 'noshow' }];
  const late = Math.floor(random.exponential(420));
  const arrived = Math.max(notBefore, start - Math.floor(random.between(60, 600)));
  return [
    { at: arrived, status: 'arrived' },
    { at: Math.max(arrived + 60, start) + late + minutes * 60, status: 'fulfilled' },
  ];
}

/** Status and last change at `wall`, or null where it is not booked yet. */
export function appointmentAt(
  appointment: Appointment,
  wall: number,
): { status: AppointmentStatus; changed: number } | null {
  if (appointment.made > wall) return null;
  let state: { status: AppointmentStatus; changed: number } = { status: 'booked', changed: appointment.made };
  for (const turn of appointment.turns) if (turn.at <= wall) state = { status: turn.status, changed: turn.at };
  return state;
}
