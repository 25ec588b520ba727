import type { Definition, National, UnitDef } from '#shared/model/definition.ts';
import type { Scenario } from '#shared/model/scenario.ts';
import { createRandom } from '../random.ts';
import { createAheadBook, type AheadBook } from './ahead.ts';
import { createAppointments, type Appointment } from './appointments.ts';
import { applyToArrivals, arrivalTimes } from './arrivals.ts';
import { createCallProfile, nearestMonth, type CallProfile } from './call-profile.ts';
import { createPracticeCalls, type PracticeCalls } from './calls.ts';
import { createDayCache } from './day-cache.ts';
import { DAY_SECONDS, dayOfDate, type Day } from './day.ts';
import { createDeclarations, type Declaration } from './declared.ts';
import { effectsOn } from './effects.ts';
import { createNationalShape } from './national-shape.ts';
import { createOnlineDay, onlineContacts, shareOfMonth, workingDayBefore, worksOn, type OnlineDay } from './online.ts';
import { openSpans } from './opening.ts';
import type { OutsideEvent } from './outside.ts';
import { createOwnWays } from './own-way.ts';
import { createPracticeBook } from './practice-slots.ts';
import { createRedirections, type Untouched } from './redirections.ts';
import { createServiceBook } from './service-slots.ts';
import { createSites, type Sites } from './sites.ts';
import { EMPTY_BOOK, type SlotBook, type SlotEvent } from './slot-book.ts';
import { rotaAt, type Rota } from './staff.ts';
import { queueStateAt, type QueueState } from './telephony.ts';
import { truthOf, type TurnedAway } from './truth.ts';
import { isUrgent } from './urgency.ts';
import { createUrgentDay, type UrgentDay } from './urgent.ts';
import { drawBandCounts, replayCounts } from './volumes.ts';

export interface WorldInput {
  readonly definition: Definition;
  readonly national: National;
  readonly scenario: Scenario | null;
  readonly seed: number;
  /** What was done to it from outside so far, in order. */
  readonly outside?: readonly OutsideEvent[];
}

/**
 * The hidden world: every site's day as a function of (seed, definition, date, scenario, what was done from outside),
 * made when first asked for and kept for two days. Nothing in it depends on when it was asked or on what was asked
 * before; nothing before an event from outside depends on that event.
 */
export interface World {
  readonly sites: Sites;
  readonly scenario: Scenario | null;
  /** Whether the practice's calls of the day have been made already (asking for them costs about a millisecond). */
  hasCalls(site: UnitDef, day: Day): boolean;
  /** Null for a practice of which nothing is published. */
  calls(site: UnitDef, day: Day): PracticeCalls | null;
  hasTotals(site: UnitDef, day: Day): boolean;
  /** What the day's calls came to in the end, without keeping the calls themselves. */
  totals(site: UnitDef, day: Day): QueueState | null;
  slots(site: UnitDef, day: Day): SlotBook;
  /** What is open for booking on a day that has not begun; made anew at every asking. */
  ahead(site: UnitDef, day: Day): AheadBook;
  online(site: UnitDef, day: Day): OnlineDay;
  /** The last day before this one on which practices worked. */
  workingDayBefore(day: Day): Day;
  declared(site: UnitDef, day: Day): readonly Declaration[];
  appointments(site: UnitDef, day: Day): readonly Appointment[];
  /** Null on a day without work. */
  rota(site: UnitDef, day: Day, wall: number): Rota | null;
  urgent(site: UnitDef, day: Day): UrgentDay;
  /** One more event from outside, later than those before. */
  take(event: OutsideEvent): void;
  /** What became of everybody whom the practice turned away: for benches and tests, told to nobody over HTTP. */
  truth(practice: UnitDef, day: Day): readonly TurnedAway[];
}

const KEPT_DAYS = 2;

export function createWorld(input: WorldInput): World {
  const { definition, national, scenario, seed, outside = [] } = input;
  const sites = createSites(definition);
  const shape = createNationalShape(national);
  const profiles = new Map<string, CallProfile>();
  const made = {
    calls: createDayCache<PracticeCalls | null>(KEPT_DAYS),
    books: createDayCache<SlotBook>(KEPT_DAYS),
    appointments: createDayCache<readonly Appointment[]>(KEPT_DAYS),
    urgent: createDayCache<UrgentDay>(KEPT_DAYS),
    replay: createDayCache<ReadonlyMap<string, readonly number[]> | null>(KEPT_DAYS),
    // The working day before today may lie four days back, over Easter.
    online: createDayCache<OnlineDay>(KEPT_DAYS + 1),
    declared: createDayCache<readonly Declaration[]>(KEPT_DAYS),
    totals: createDayCache<QueueState | null>(KEPT_DAYS),
    before: createDayCache<Day>(KEPT_DAYS),
    shareOfMonth: createDayCache<number>(KEPT_DAYS + 1),
  };
  const effects = (site: UnitDef, day: Day) => effectsOn(scenario, day, site, sites, seed);

  const profile = (site: UnitDef, day: Day): CallProfile | null => {
    const month = nearestMonth(sites.published(site.id), day.month);
    if (!month) return null;
    const key = `${site.id} ${month.month}`;
    const known = profiles.get(key) ?? createCallProfile(month, shape);
    profiles.set(key, known);
    return known;
  };

  const replayed = (day: Day): ReadonlyMap<string, readonly number[]> | null => {
    if (!scenario?.replay || scenario.date !== day.date) return null;
    const shares = shape.publishedDay(scenario.replay.date);
    if (!shares) return null;
    const month = scenario.replay.date.slice(0, 7);
    const practices = sites.practices.flatMap((site) => {
      const published = nearestMonth(sites.published(site.id), month);
      return published ? [{ id: site.id, inbound: published.inbound }] : [];
    });
    return replayCounts(practices, shares);
  };

  const makeCalls = (site: UnitDef, day: Day): PracticeCalls | null => {
    const own = profile(site, day);
    if (!own) return null;
    const counts = made.replay.of(day, '', () => replayed(day))?.get(site.id) ?? drawBandCounts(site, day, own, seed);
    const parts = [seed, day.date, site.id];
    const hand = effects(site, day);
    const times = applyToArrivals(
      arrivalTimes(counts, createRandom(...parts, 'arrivals')),
      hand,
      createRandom(...parts, 'scenario'),
    );
    return createPracticeCalls(times, day.kind, own, national.callDuration, hand, parts);
  };

  const ownWays = createOwnWays(sites, seed);
  const untouched: Untouched = {
    calls: (site, day) => made.calls.of(day, site.id, () => makeCalls(site, day)),
    book: (site, day) => made.books.of(day, site.id, () => makeBook(site, day, [])),
    appointments: (site, day) =>
      made.appointments.of(day, site.id, () => createAppointments(site, day, untouched.book(site, day), seed)),
  };
  const makeBook = (site: UnitDef, day: Day, steps: readonly SlotEvent[]): SlotBook => {
    if (site.siteKind !== 'practice') {
      const asks =
        site.siteKind === 'hub'
          ? ownWays.overflow(site, day, (practice) => untouched.book(practice, day).turnedAway)
          : [];
      return createServiceBook(site, definition, day, asks, effects(site, day), seed, steps);
    }
    const calls = untouched.calls(site, day);
    if (!calls) return EMPTY_BOOK;
    const contacts = worksOn(day)
      ? onlineContacts(world.online(site, day), world.online(site, world.workingDayBefore(day)))
      : [];
    return createPracticeBook(site, day, calls, contacts, effects(site, day), seed);
  };
  const redirections = createRedirections({ sites, seed, ownWays, untouched, makeBook, keptDays: KEPT_DAYS });
  for (const event of outside) redirections.take(event);

  const world: World = {
    sites,
    scenario,
    hasCalls: (site, day) => made.calls.has(day, site.id),
    calls: (site, day) => redirections.calls(site, day),
    hasTotals: (site, day) => made.totals.has(day, site.id),
    totals: (site, day) =>
      made.totals.of(day, site.id, () => {
        const isKept = made.calls.has(day, site.id) || redirections.contacts(site, day).placements.length > 0;
        const calls = isKept ? world.calls(site, day) : makeCalls(site, day);
        return calls && queueStateAt(calls, DAY_SECONDS);
      }),
    slots: (site, day) => redirections.book(site, day),
    ahead: (site, day) => createAheadBook(site, day, seed),
    appointments: (site, day) => redirections.appointments(site, day),
    rota: (site, day, wall) => rotaAt(site, day, world.slots(site, day), effects(site, day), wall, seed),
    online: (site, day) =>
      made.online.of(day, site.id, () => {
        const month = nearestMonth(sites.published(site.id), day.month)?.online ?? null;
        return createOnlineDay(
          site,
          day,
          month,
          made.shareOfMonth.of(day, '', () => shareOfMonth(day)),
          seed,
        );
      }),
    workingDayBefore: (day) => made.before.of(day, '', () => dayOfDate(workingDayBefore(day.date))),
    declared: (site, day) =>
      made.declared.of(day, site.id, () =>
        createDeclarations(site, day, untouched.calls(site, day), effects(site, day), seed),
      ),
    urgent: (site, day) =>
      made.urgent.of(day, site.id, () =>
        createUrgentDay({
          site,
          day,
          population: servedBy(site, sites),
          national,
          spans: openSpans(site, definition, day),
          effects: effects(site, day),
          seed,
        }),
      ),
    take: (event) => {
      for (const practice of redirections.take(event)) made.totals.drop(event, practice.id);
    },
    truth: (practice, day) =>
      truthOf(
        practice,
        day,
        untouched.book(practice, day).turnedAway,
        (patient) => isUrgent(practice, day, patient, seed),
        ownWays,
        redirections.contacts(practice, day),
      ),
  };
  return world;
}

/** Patients a 111 or out-of-hours service answers for: those under its parent, shared with its like there. */
function servedBy(site: UnitDef, sites: Sites): number {
  const alike = sites.all.filter((other) => other.siteKind === site.siteKind && other.parent === site.parent);
  return sites.population(site.parent ?? sites.system.id) / Math.max(1, alike.length);
}
