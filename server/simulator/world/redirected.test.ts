import { describe, expect, test } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import { appointmentAt } from './appointments.ts';
import { wallSeconds } from './day.ts';
import { acts } from './redirected.ts';
import { BUSY, HELD, statusesAt } from './slot-book.ts';
import { eventOf, freeSlots, hold, MONDAY, national, SEED, twoHubs, unit, worldOf } from './two-hubs.ts';
import { createWorld, type World } from './world.ts';

const EVENING = wallSeconds('18:00');

describe('practices that are offered slots', () => {
  /** Every practice is offered slots of both hubs at 10am and at 1pm. */
  function offered(its: Definition): World {
    const world = worldOf([], its);
    for (const [i, practice] of world.sites.practices.entries()) {
      for (const [wall, hub] of [
        [wallSeconds('10:00') + i, 'SHUB1'],
        [wallSeconds('13:00') + i, 'SHUB2'],
      ] as const) {
        hold(world, hub, wall, 4, practice.id, wall + 2 * 3600);
      }
    }
    return world;
  }
  const wide = twoHubs(60, 60_000);
  const world = offered(wide);
  const truths = world.sites.practices.map((practice) => ({ practice, list: world.truth(practice, MONDAY) }));
  const placed = truths.flatMap(({ practice, list }) =>
    list.flatMap(({ at, became }) => (became.kind === 'placed' ? [{ practice, at, ...became }] : [])),
  );

  test('the truth adds up: each patient turned away is placed, sent by the practice itself, or unplaced', () => {
    for (const { practice, list } of truths) {
      expect(list.map(({ at }) => at)).toEqual(world.slots(practice, MONDAY).turnedAway);
    }
    const kinds = new Set(truths.flatMap(({ list }) => list.map(({ became }) => became.kind)));
    expect(kinds).toEqual(new Set(['placed', 'own-way', 'unplaced']));
    expect(truths.some(({ list }) => list.some(({ became }) => became.kind === 'unplaced' && became.declined))).toBe(
      true,
    );
  });

  test('whoever is placed was turned away before, has at least 20 minutes, and is alone in the slot', () => {
    expect(placed.length).toBeGreaterThan(30);
    for (const one of placed) {
      expect(one.placedAt).toBeGreaterThanOrEqual(one.at);
      expect(one.slotStart).toBeGreaterThanOrEqual(one.placedAt + 1200);
      expect(one.km === null || Math.abs(one.km - (one.hub === 'SHUB1' ? 0 : 8)) < 0.1).toBe(true);
    }
    const bookings = ['SHUB1', 'SHUB2'].flatMap((id) =>
      (world.slots(unit(world, id), MONDAY).holds ?? []).filter((span) => span.bookedAt !== null),
    );
    expect(bookings).toHaveLength(placed.length);
  });

  test('the slots that they were given are theirs: busy under the hold, an appointment each, some not attended', () => {
    const appointments = ['SHUB1', 'SHUB2'].flatMap((id) => {
      const hub = unit(world, id);
      const book = world.slots(hub, MONDAY);
      return (book.holds ?? []).flatMap((span) => {
        if (span.bookedAt === null) return [];
        expect(statusesAt(book, span.bookedAt - 1)[span.slot]).toBe(HELD);
        expect(statusesAt(book, span.bookedAt)[span.slot]).toBe(BUSY);
        return world.appointments(hub, MONDAY).filter((one) => one.slot === span.slot && one.made === span.bookedAt);
      });
    });
    expect(appointments).toHaveLength(placed.length);
    const attended = appointments.filter((one) => appointmentAt(one, 86_399)?.status === 'fulfilled').length;
    expect(attended).toBe(placed.filter((one) => one.attended).length);
    expect(attended / placed.length).toBeGreaterThan(0.8);
    expect(attended).toBeLessThan(placed.length);
  });

  test('one practice rings one patient at a time, from two minutes after the offer on', () => {
    for (const { practice } of truths) {
      const times = placed.filter((one) => one.practice === practice).map((one) => one.placedAt);
      for (const [i, time] of times.entries()) {
        expect(time).toBeGreaterThanOrEqual(wallSeconds('10:02'));
        if (i > 0) expect(time - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(90);
      }
    }
  });

  test('slots kept for urgent patients go to them first, oldest first; to others when no urgent one waits', () => {
    const urgently = worldOf([], wide);
    for (const [i, practice] of urgently.sites.practices.entries())
      hold(urgently, 'SHUB2', wallSeconds('13:00') + i, 4, practice.id, wallSeconds('15:00') + i, 'urgent');
    let rung = 0;
    for (const practice of urgently.sites.practices) {
      const list = urgently.truth(practice, MONDAY);
      for (const one of list) {
        if (one.became.kind !== 'placed') continue;
        const { placedAt } = one.became;
        // All who should have been rung before were: they declined, were placed, or went another way.
        const passedOver = list.filter(
          ({ urgent, at, became }) =>
            urgent &&
            at <= placedAt &&
            (one.urgent ? at < one.at : true) &&
            ((became.kind === 'unplaced' && !became.declined) ||
              (became.kind === 'placed' && became.placedAt > placedAt)),
        );
        expect(passedOver).toEqual([]);
        rung += 1;
      }
    }
    expect(rung).toBeGreaterThan(20);
    const urgentOf = (its: World) =>
      its.sites.practices
        .flatMap((practice) => its.truth(practice, MONDAY))
        .filter(({ became }) => became.kind === 'placed')
        .map(({ urgent }) => Number(urgent));
    const share = (flags: number[]) => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
    expect(share(urgentOf(urgently))).toBeGreaterThan(share(urgentOf(world)) + 0.15);
  });

  test('practices that never act leave their slots unused', () => {
    const idle = world.sites.practices.filter((practice) => !acts(practice, SEED));
    expect(idle.length).toBeGreaterThan(0);
    expect(idle.length).toBeLessThan(world.sites.practices.length / 4);
    expect(placed.filter(({ practice }) => idle.includes(practice))).toEqual([]);
  });

  test('fewer ring again, and nobody else’s call changes', () => {
    const plain = worldOf([], wide);
    let fewer = 0;
    for (const practice of world.sites.practices) {
      const [before, after] = [plain.calls(practice, MONDAY), world.calls(practice, MONDAY)];
      if (!before || !after) throw new Error('no calls');
      const first = placed.find((one) => one.practice === practice)?.placedAt ?? Infinity;
      const early = before.arrive.filter((at) => at < first + 1200);
      expect([...after.arrive.slice(0, early.length)]).toEqual([...early]);
      fewer += before.count - after.count;
      expect(plain.slots(practice, MONDAY)).toEqual(world.slots(practice, MONDAY));
    }
    expect(fewer).toBeGreaterThan(placed.length * 0.25);
    expect(fewer).toBeLessThan(placed.length * 0.75);
  });

  test('patients of a hub that closes go home: none of them is seen', () => {
    const scenario = {
      id: 'closed',
      name: 'Closed',
      description: 'Closed',
      events: [{ type: 'hub-closed', from: '14:00', to: '18:00', target: 'SHUB1' } as const],
    };
    const closing = createWorld({ definition: wide, national, scenario, seed: SEED });
    for (const practice of closing.sites.practices) {
      const slots = freeSlots(closing, 'SHUB1', wallSeconds('10:00'), 4 * 3600).slice(0, 3);
      const until = MONDAY.epochOf(EVENING);
      const changes = slots.map((slot) => ({ slot, becomes: 'held', key: 'k', until, for: practice.id }) as const);
      closing.take(eventOf('SHUB1', wallSeconds('10:00'), changes));
    }
    const became = closing.sites.practices.flatMap((practice) =>
      closing.truth(practice, MONDAY).flatMap((one) => (one.became.kind === 'placed' ? [one.became] : [])),
    );
    const late = became.filter((one) => one.slotStart >= wallSeconds('14:00') && one.slotStart < EVENING);
    expect(late.length).toBeGreaterThan(0);
    expect(late.every((one) => !one.attended && one.placedAt < wallSeconds('14:00'))).toBe(true);
  });
});
