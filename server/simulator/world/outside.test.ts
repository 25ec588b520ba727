import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appointmentAt } from './appointments.ts';
import { dayOfDate, wallSeconds } from './day.ts';
import { judge } from './hold-rules.ts';
import type { OutsideChange, OutsideEvent } from './outside.ts';
import { BUSY, changesAt, FREE, HELD, holdAt, statusesAt } from './slot-book.ts';
import { queueStateAt } from './telephony.ts';
import { eventOf, freeSlots, hold, MONDAY, twoHubs, unit, worldOf } from './two-hubs.ts';
import type { World } from './world.ts';

/** Everything that could be seen of hubs and practices up to `wall`. */
function seenBy(world: World, wall: number): string {
  const hubs = ['SHUB1', 'SHUB2'].map((id) => {
    const hub = unit(world, id);
    const book = world.slots(hub, MONDAY);
    const events = book.events.filter((event) => event.at <= wall);
    const appointments = world
      .appointments(hub, MONDAY)
      .flatMap((one) => (one.made > wall ? [] : [[one.key, one.slot, one.made, appointmentAt(one, wall)]]));
    return [events, appointments, [...changesAt(book, wall)]];
  });
  const practices = world.sites.practices.map((site) => {
    const calls = world.calls(site, MONDAY);
    const placed = world
      .truth(site, MONDAY)
      .map(({ at, became }) => became.kind === 'placed' && became.placedAt <= wall && at);
    return [calls && queueStateAt(calls, wall), placed, world.declared(site, MONDAY).filter((one) => one.at <= wall)];
  });
  return JSON.stringify([hubs, practices]);
}

const eventsBy = (world: World, wall: number) =>
  ['SHUB1', 'SHUB2'].flatMap((id) => world.slots(unit(world, id), MONDAY).events.filter((event) => event.at <= wall))
    .length;

const NOON = wallSeconds('12:00');
const codes = twoHubs().units.flatMap((site) => (site.siteKind === 'practice' ? [site.id] : []));

/** What happens to the two hubs over a morning, at random. */
const happenings = fc
  .array(
    fc.record({
      wall: fc.integer({ min: 600, max: wallSeconds('17:00') }),
      hub: fc.constantFrom('SHUB1', 'SHUB2'),
      practice: fc.constantFrom(...codes),
      picks: fc.array(fc.nat(400), { minLength: 1, maxLength: 12 }),
      minutes: fc.integer({ min: 1, max: 240 }),
      does: fc.constantFrom('hold', 'hold longer', 'free'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) => list.toSorted((a, b) => a.wall - b.wall));
type Happening = typeof happenings extends fc.Arbitrary<(infer T)[]> ? T : never;

/** The event that the happening makes of the world as it is then; null where there is nothing to change. */
function eventFor(world: World, { wall, hub, practice, picks, minutes, does }: Happening): OutsideEvent | null {
  const book = world.slots(unit(world, hub), MONDAY);
  const versions = changesAt(book, wall);
  const faultOf = judge(book, wall);
  const until = MONDAY.epochOf(wall) + minutes * 60_000;
  const keyOf = (slot: number) => holdAt(book, slot, wall)?.key ?? '';
  const changeOf = (slot: number): OutsideChange =>
    does === 'free'
      ? { slot, becomes: 'free', key: keyOf(slot) }
      : { slot, becomes: 'held', key: does === 'hold' ? `k${wall}` : keyOf(slot), until, for: practice };
  const able = book.slots.flatMap((_, slot) =>
    changeOf(slot).key !== '' && faultOf(changeOf(slot), (versions[slot] ?? 0) + 1) === null ? [slot] : [],
  );
  const chosen = new Set(picks.flatMap((pick) => able[pick % Math.max(1, able.length)] ?? []));
  const changes = [...chosen].map(changeOf);
  return changes.length === 0 ? null : eventOf(hub, wall, changes);
}

describe('what comes from outside', () => {
  test('changes nothing of what was before it, and a world started anew from the log is the same one', () => {
    fc.assert(
      fc.property(happenings, (list) => {
        const world = worldOf();
        const log: OutsideEvent[] = [];
        for (const happening of list) {
          const event = eventFor(world, happening);
          if (!event) continue;
          const { wall } = happening;
          const [past, present] = [seenBy(world, wall - 1), eventsBy(world, wall)];
          world.take(event);
          log.push(event);
          expect(seenBy(world, wall - 1)).toBe(past);
          // Held longer, a slot stays as it is.
          const changed = happening.does === 'hold longer' ? 0 : event.changes.length;
          expect(eventsBy(world, wall)).toBe(present + changed);
        }
        expect(seenBy(worldOf(log), 86_399)).toBe(seenBy(world, 86_399));
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  test('a slot is in one state at a time: every event changes it, and nobody takes a held one but its own', () => {
    fc.assert(
      fc.property(happenings, (list) => {
        const world = worldOf();
        for (const happening of list) {
          const event = eventFor(world, happening);
          if (event) world.take(event);
        }
        for (const id of ['SHUB1', 'SHUB2']) {
          const book = world.slots(unit(world, id), MONDAY);
          const state = new Map<number, number>();
          for (const event of book.events) {
            expect(event.becomes).not.toBe(state.get(event.slot) ?? FREE);
            const span = holdAt(book, event.slot, event.at - 1);
            if (state.get(event.slot) === HELD && event.becomes === BUSY && span) {
              expect(span.bookedAt).toBe(event.at);
            }
            state.set(event.slot, event.becomes);
          }
          for (const span of book.holds ?? []) expect(span.over).toBeGreaterThanOrEqual(span.from);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('other people who wanted a held slot take another, or find none', () => {
    const [plain, world] = [worldOf(), worldOf()];
    hold(world, 'SHUB1', wallSeconds('09:00'), 400, 'nobody', wallSeconds('20:00'));
    const book = world.slots(unit(world, 'SHUB1'), MONDAY);
    expect(book.turnedAway.length).toBeGreaterThan(plain.slots(unit(plain, 'SHUB1'), MONDAY).turnedAway.length);
  });

  test('a hold that runs out gives its slots back at its end, to be taken by others', () => {
    const world = worldOf();
    const event = hold(world, 'SHUB1', wallSeconds('09:00'), 60, 'nobody', NOON);
    const book = world.slots(unit(world, 'SHUB1'), MONDAY);
    for (const { slot } of event.changes) {
      const ends = Math.min(NOON, book.slots[slot]?.start ?? 0);
      expect(statusesAt(book, ends - 1)[slot]).toBe(HELD);
      expect(statusesAt(book, ends)[slot]).toBe(FREE);
    }
    const taken = event.changes.filter(({ slot }) => statusesAt(book, 86_399)[slot] === BUSY);
    expect(taken.length).toBeGreaterThan(0);
  });

  test.each(['2026-03-29', '2025-10-26'])('on %s, when the clocks change, walls and instants agree', (date) => {
    const day = dayOfDate(date);
    const world = worldOf();
    const hub = unit(world, 'SHUB1');
    const [slot] = freeSlots(world, 'SHUB1', wallSeconds('09:00'), 4 * 3600, day);
    if (slot === undefined) throw new Error('no slot');
    const until = day.epochOf(wallSeconds('10:30'));
    world.take(
      eventOf('SHUB1', wallSeconds('09:00'), [{ slot, becomes: 'held', key: 'k', until, for: 'nobody' }], day),
    );
    const statusAt = (at: number) => statusesAt(world.slots(hub, day), day.wallAt(at))[slot];
    expect(statusAt(until - 90 * 60_000 - 1000)).toBe(FREE);
    expect(statusAt(until - 90 * 60_000)).toBe(HELD);
    expect(statusAt(until - 1000)).toBe(HELD);
    expect(statusAt(until)).toBe(FREE);
  });
});
