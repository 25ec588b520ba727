import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, trait } from '../random.ts';
import { clinicians } from './clinicians.ts';
import { wallSeconds, type Day } from './day.ts';
import { appointmentsOn, sameDayShare } from './practice-slots.ts';
import type { Clinician, SlotSpec } from './slot-book.ts';

/** A slot of a day to come, and how long before its day begins somebody takes it (negative: nobody did). */
export interface AheadSlot extends SlotSpec {
  readonly takenBeforeMs: number;
}
export interface AheadBook {
  readonly slots: readonly AheadSlot[];
  readonly clinicians: readonly Clinician[];
}

/** Share of a day's appointments booked ahead that other organisations may book. */
const OPENED = 0.3;
const DAY_MS = 86_400_000;
/** Mean days ahead at which such a slot goes, and the share that nobody takes before its day. */
const MEAN_LEAD_DAYS = 5;
const LEFT = 0.12;
const MORNING = [wallSeconds('08:30'), wallSeconds('12:30')] as const;
const AFTERNOON = [wallSeconds('14:00'), wallSeconds('18:00')] as const;
const MINUTES = 10;
/** Days before which a practice does not let a slot be seen (its booking window), by practice. */
const WINDOWS = [7, 10, 14, 14, 21];

/** How many days ahead the practice's slots can be booked. */
export const bookingWindowDays = (site: UnitDef, seed: number) =>
  WINDOWS[Math.floor(trait(seed, site.id, 'booking-window') * WINDOWS.length)] ?? 14;

/**
 * What a practice has opened for booking on a day to come: filling up as the day nears, the same at every asking. What
 * is left over when the day begins goes into that day's own book.
 */
export function createAheadBook(site: UnitDef, day: Day, seed: number): AheadBook {
  const random = createRandom(seed, day.date, site.id, 'ahead');
  const size = Math.round(appointmentsOn(site, day) * (1 - sameDayShare(site, seed)) * OPENED);
  if (size === 0) return { slots: [], clinicians: [] };
  const people = clinicians(Math.max(1, Math.round(size / 10)), 'practice', seed, site.id, day.date);
  const slots = Array.from({ length: size }, (_, i): AheadSlot => {
    const [from, to] = random.next() < 0.6 ? MORNING : AFTERNOON;
    const places = (to - from) / (MINUTES * 60);
    const chance = random.next();
    return {
      start: from + Math.floor(random.next() * places) * MINUTES * 60,
      minutes: MINUTES,
      clinician: i % people.length,
      channel: chance < 0.3 ? 'Telephone' : chance < 0.34 ? 'Video' : 'In-person',
      release: 0,
      takenBeforeMs: random.next() < LEFT ? -1 : random.exponential(MEAN_LEAD_DAYS * DAY_MS),
    };
  });
  return { slots: slots.sort((a, b) => a.start - b.start || a.clinician - b.clinician), clinicians: people };
}

/** Free at `at`, which is before the day: not taken yet. */
export const isFreeAhead = (slot: AheadSlot, day: Day, at: number) => at < day.start - Math.max(0, slot.takenBeforeMs);
