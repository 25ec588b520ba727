import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, trait, type Random } from '../random.ts';
import { ANSWERED, CALLBACK } from './call-profile.ts';
import type { PracticeCalls } from './calls.ts';
import { clinicians } from './clinicians.ts';
import { wallSeconds, type Day } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { listSize } from './sites.ts';
import { isAway } from './staff.ts';
import {
  createBooking,
  EMPTY_BOOK,
  settle,
  WITHDRAWN,
  type SlotBook,
  type SlotEvent,
  type SlotSpec,
} from './slot-book.ts';

/** Appointments by all staff a week per 1,000 patients (2024), and how a week's supply falls over its days. */
const WEEKLY_PER_1000 = 111;
const SUPPLY_BY_WEEKDAY = [1.12, 1.04, 0.98, 0.95, 0.91, 0, 0];
/** Share of appointments that are for the same day (about 43 %), and its spread over practices. */
const SAME_DAY = 0.43;
const AFTERNOON_RELEASE = wallSeconds('13:00');
const OPEN = wallSeconds('08:00');
const AFTERNOON_THINS = wallSeconds('16:30');
const MORNING = [wallSeconds('08:30'), wallSeconds('12:30')] as const;
const AFTERNOON = [wallSeconds('14:00'), wallSeconds('18:00')] as const;
/** Share of the practices whose slots are gone soon after 8:50. */
const RUNS_OUT_EARLY = 0.13;

export const appointmentsOn = (site: UnitDef, day: Day) =>
  day.bankHoliday ? 0 : ((listSize(site) * WEEKLY_PER_1000) / 5000) * (SUPPLY_BY_WEEKDAY[day.weekday - 1] ?? 0);

export const sameDayShare = (site: UnitDef, seed: number) =>
  Math.min(0.66, SAME_DAY * Math.exp(0.3 * (2.4 * trait(seed, site.id, 'same-day') - 1.2)));

/**
 * The practice's same-day slots and who takes them: callers once answered, callbacks once made, online requests once
 * read (`onlineContacts`, wall seconds).
 */
export function createPracticeBook(
  site: UnitDef,
  day: Day,
  calls: PracticeCalls,
  onlineContacts: readonly number[],
  effects: SiteEffects,
  seed: number,
): SlotBook {
  const random = createRandom(seed, day.date, site.id, 'slots');
  const size = Math.round(appointmentsOn(site, day) * sameDayShare(site, seed) * random.between(0.92, 1.08));
  if (size === 0) return EMPTY_BOOK;
  const staged = trait(seed, site.id, 'staged-release') < 0.35;
  const people = clinicians(Math.max(2, Math.round(size / 13)), 'practice', seed, site.id, day.date);
  const slots = layOut(size, people.length, staged, random);
  const booking = createBooking(slots, (count) => Math.floor(random.next() ** 1.5 * count));
  const gone = trait(seed, site.id, 'runs-out') < RUNS_OUT_EARLY;
  const early = trait(seed, site.id, 'pre-taken') * 0.3 + (gone ? 0.35 : 0.04);
  slots.forEach((slot) => {
    if (slot.release === 0 && random.next() < early) booking.take(Math.floor(random.between(0, 900)), 0, slots.length);
  });
  const contacts = [...callContacts(calls, random), ...onlineContacts].sort((a, b) => a - b);
  const turnedAway = fill(contacts, slots, booking, site, seed, random);
  const withdrawn = absent(slots, effects, seed, site.id);
  return {
    slots,
    clinicians: people,
    events: settle(slots, booking.events, withdrawn),
    turnedAway,
    releases: staged ? [AFTERNOON_RELEASE] : [],
  };
}

/** Spread evenly over the clinicians' morning and afternoon sessions. */
function layOut(size: number, people: number, staged: boolean, random: Random): SlotSpec[] {
  const slots: SlotSpec[] = [];
  for (let person = 0; person < people; person++) {
    const own = Math.floor((size * (person + 1)) / people) - Math.floor((size * person) / people);
    const minutes = random.next() < 0.7 ? 10 : 15;
    const morning = Math.round(own * random.between(0.52, 0.66));
    const session = (count: number, from: number, to: number, release: number) => {
      const places = Math.floor((to - from) / (minutes * 60));
      for (let i = 0; i < count; i++) {
        const start = from + Math.floor(((i + random.next()) * places) / count) * minutes * 60;
        const chance = random.next();
        const channel = chance < 0.34 ? 'Telephone' : chance < 0.37 ? 'Video' : 'In-person';
        slots.push({ start, minutes, clinician: person, channel, release });
      }
    };
    session(morning, ...MORNING, 0);
    session(own - morning, ...AFTERNOON, staged ? AFTERNOON_RELEASE : 0);
  }
  return slots.sort((a, b) => a.start - b.start || a.clinician - b.clinician);
}

function callContacts(calls: PracticeCalls, random: Random): number[] {
  const contacts: number[] = [];
  for (let i = 0; i < calls.count; i++) {
    const outcome = calls.outcome[i];
    const at = outcome === ANSWERED ? (calls.leave[i] ?? 0) : (calls.done[i] ?? 0);
    const spoke = outcome === ANSWERED || (outcome === CALLBACK && calls.made[i] === 1);
    if (spoke && at >= OPEN) contacts.push(at + Math.floor(random.between(30, 150)));
  }
  return contacts;
}

/** When the practice's slots tend to be gone: some before 9am, most in the late morning, some never. Null: never. */
function usualEnd(site: UnitDef, seed: number, random: Random): number | null {
  const kind = trait(seed, site.id, 'runs-out') + 0.06 * random.normal();
  if (kind < RUNS_OUT_EARLY) return wallSeconds('08:50') + random.between(-300, 1200);
  if (kind < 0.42) return random.between(wallSeconds('10:00'), wallSeconds('12:10'));
  if (kind < 0.68) return random.between(wallSeconds('12:10'), wallSeconds('16:30'));
  return null;
}

function fill(
  contacts: readonly number[],
  slots: readonly SlotSpec[],
  booking: ReturnType<typeof createBooking>,
  site: UnitDef,
  seed: number,
  random: Random,
): number[] {
  const first = slots.filter((slot) => slot.release === 0).length - booking.events.length;
  const later = slots.length - booking.events.length - first;
  const end = usualEnd(site, seed, random);
  const until = end ?? wallSeconds('18:00');
  const before = contacts.filter((at) => at < until).length;
  const morningChance = Math.min(0.92, ((end === null ? 0.8 : 1.05) * first) / Math.max(1, before));
  const afternoon = contacts.filter((at) => at >= AFTERNOON_RELEASE && at < AFTERNOON_THINS).length;
  const laterChance = Math.min(0.92, (later * random.between(0.7, 1.3)) / Math.max(1, afternoon));
  const turnedAway: number[] = [];
  for (const at of contacts) {
    const chance = later > 0 && at >= AFTERNOON_RELEASE ? Math.max(laterChance, morningChance) : morningChance;
    if (random.next() >= chance) continue;
    // Shortest notice first; a patient who cannot come so soon gets one of the next.
    const taken = booking.take(at, 1200, 8, random.next() < 0.2 ? Math.floor(random.between(60, 240)) : 0);
    if (!taken) turnedAway.push(at);
    if (random.next() < 0.025) booking.cancelOne(at + 1, random.next());
  }
  return turnedAway;
}

/** Same-day slots of absent clinicians leave the offer when the absence begins. */
function absent(slots: readonly SlotSpec[], effects: SiteEffects, seed: number, site: string): SlotEvent[] {
  const events: SlotEvent[] = [];
  for (const event of effects.absences) {
    slots.forEach((slot, i) => {
      if (isAway(event, slot.clinician, seed, site) && slot.start >= event.start && slot.start < event.stop) {
        events.push({ at: event.start, slot: i, becomes: WITHDRAWN });
      }
    });
  }
  return events;
}
