import type { Definition, UnitDef } from '#shared/model/definition.ts';
import { createRandom, trait, type Random } from '../random.ts';
import { clinicians } from './clinicians.ts';
import type { Day } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { openSpans, weeklyMinutes, type Span } from './opening.ts';
import {
  createBooking,
  EMPTY_BOOK,
  settle,
  WITHDRAWN,
  type SlotBook,
  type SlotEvent,
  type SlotSpec,
} from './slot-book.ts';

/** How a kind of service works: minutes a slot, share booked before the day, expected share booked over the day by others. */
interface ServiceStyle {
  readonly minutes: number;
  readonly clinicians: number;
  readonly before: readonly [number, number];
  readonly during: number;
  readonly noticeSeconds: number;
}

const STYLES: Partial<Record<NonNullable<UnitDef['siteKind']>, ServiceStyle>> = {
  hub: { minutes: 15, clinicians: 3, before: [0.3, 0.65], during: 0.12, noticeSeconds: 1200 },
  'urgent-treatment': { minutes: 15, clinicians: 5, before: [0.02, 0.1], during: 0.75, noticeSeconds: 0 },
  'acute-visiting': { minutes: 45, clinicians: 4, before: [0.05, 0.2], during: 0.8, noticeSeconds: 0 },
  'clinical-response': { minutes: 20, clinicians: 4, before: [0.02, 0.1], during: 0.8, noticeSeconds: 0 },
};

export const takesBookings = (site: UnitDef) => site.siteKind !== null && STYLES[site.siteKind] !== undefined;

/** Wall second by which everybody who booked before the day stands in its book: until then nobody outside may hold. */
export const BOOK_OPENS = 600;

/** Weekly capacity in minutes: the definition's for hubs, by clinicians at once for the other services. */
function capacity(site: UnitDef, definition: Definition, style: ServiceStyle): number {
  const stated = Number(site.identifiers['minutes']);
  return Number.isFinite(stated) && stated > 0 ? stated : style.clinicians * weeklyMinutes(site, definition);
}

/**
 * A hub's or service's day: capacity over its opening hours, partly booked before, then by patients whom their own
 * practices had to turn away (`overflow`, wall seconds) and by other routes. `steps`: what comes from outside, in order
 * of time; nothing before a step depends on it.
 */
export function createServiceBook(
  site: UnitDef,
  definition: Definition,
  day: Day,
  overflow: readonly number[],
  effects: SiteEffects,
  seed: number,
  steps: readonly SlotEvent[] = [],
): SlotBook {
  const style = site.siteKind === null ? undefined : STYLES[site.siteKind];
  const spans = openSpans(site, definition, day);
  if (!style || spans.length === 0) return EMPTY_BOOK;
  const random = createRandom(seed, day.date, site.id, 'service');
  const atOnce = capacity(site, definition, style) / Math.max(1, weeklyMinutes(site, definition));
  const slots = layOut(site, spans, style, atOnce, seed);
  const people = clinicians(Math.max(1, Math.ceil(atOnce)), 'service', seed, site.id, day.date);
  const booking = createBooking(slots, (count) => Math.floor(random.next() ** 1.5 * count));
  const before = random.between(...style.before);
  const early = Math.round(slots.length * before);
  for (let i = 0; i < early; i++) booking.take(Math.floor(random.between(0, BOOK_OPENS)), 0, slots.length);
  const asks = [...overflow, ...otherAsks(slots, style, random)].sort((a, b) => a - b);
  const turnedAway: number[] = [];
  let done = 0;
  const stepsBefore = (at: number) => {
    for (let step = steps[done]; step && step.at < at; step = steps[++done]) booking.turn(step);
  };
  for (const at of asks) {
    stepsBefore(at);
    const hold = random.next() < 0.35 ? Math.floor(random.between(120, 420)) : 0;
    if (!booking.take(at, style.noticeSeconds, 10, hold)) turnedAway.push(at);
    if (random.next() < 0.02) booking.cancelOne(at + 1, random.next());
  }
  stepsBefore(Infinity);
  const events = settle(slots, booking.events, withdrawals(slots, effects, seed, site.id));
  return { slots, clinicians: people, events, turnedAway, releases: [] };
}

/** A fractional number of clinicians at once is dealt over the day so that the total stays right. */
function layOut(site: UnitDef, spans: readonly Span[], style: ServiceStyle, atOnce: number, seed: number): SlotSpec[] {
  const slots: SlotSpec[] = [];
  let owed = trait(seed, site.id, 'rounding');
  for (const span of spans) {
    for (let start = span.from; start + style.minutes * 60 <= span.to; start += style.minutes * 60) {
      owed += atOnce;
      for (let clinician = 0; owed >= 1; clinician++, owed--) {
        const telephone = trait(seed, site.id, 'channel', clinician, start) < 0.25;
        slots.push({
          start,
          minutes: style.minutes,
          clinician,
          channel: telephone ? 'Telephone' : 'In-person',
          release: 0,
        });
      }
    }
  }
  return slots;
}

function otherAsks(slots: readonly SlotSpec[], style: ServiceStyle, random: Random): number[] {
  const first = slots[0]?.start ?? 0;
  const last = slots[slots.length - 1]?.start ?? 0;
  const from = Math.max(0, Math.min(first - 3600, 8 * 3600));
  return Array.from({ length: random.poisson(slots.length * style.during) }, () =>
    Math.floor(random.between(from, last)),
  );
}

function withdrawals(slots: readonly SlotSpec[], effects: SiteEffects, seed: number, site: string): SlotEvent[] {
  const events: SlotEvent[] = [];
  slots.forEach((slot, i) => {
    const closed = effects.closures.find((event) => slot.start >= event.start && slot.start < event.stop);
    const absent = effects.absences.find(
      (event) =>
        event.staff !== 'reception' &&
        slot.start >= event.start &&
        slot.start < event.stop &&
        trait(seed, site, 'absent', slot.clinician, event.from) < event.share,
    );
    const cause = closed ?? absent;
    if (cause) events.push({ at: cause.start, slot: i, becomes: WITHDRAWN });
  });
  return events;
}
