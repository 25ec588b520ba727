import { describe, expect, test } from 'vitest';
import type { Scenario, ScenarioEvent } from '#shared/model/scenario.ts';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { dayOfDate, wallSeconds, type Day } from './day.ts';
import { BUSY, FREE, statusesAt, WITHDRAWN } from './slot-book.ts';
import { queueStateAt, type QueueState } from './telephony.ts';
import { urgentStateAt } from './urgent.ts';
import { createWorld, type World } from './world.ts';

const definition = sampleDefinition(14);
const national = sampleNational();
const MONDAY = dayOfDate('2026-01-12');

const worldOf = (scenario: Scenario | null = null, seed = 11) => createWorld({ definition, national, scenario, seed });
const scenarioOf = (...events: ScenarioEvent[]): Scenario => ({
  id: 'test',
  name: 'Test',
  description: 'Test',
  events,
});

function queue(world: World, id: string, day: Day, wall: number): QueueState {
  const site = world.sites.byId(id);
  const calls = site && world.calls(site, day);
  if (!calls) throw new Error(`no calls for ${id}`);
  return queueStateAt(calls, wall);
}

function total(world: World, day: Day, wall: number): QueueState {
  const states = world.sites.practices.map((site) => queue(world, site.id, day, wall));
  return states.reduce((sum, state) => {
    for (const key of Object.keys(sum) as (keyof QueueState)[]) sum[key] += state[key];
    return sum;
  });
}

const COUNTERS = [
  'inbound',
  'endedInIvr',
  'answered',
  'answeredWithin2Minutes',
  'missed',
  'callbacksRequested',
  'callbacksMade',
] as const;

describe('telephony', () => {
  test.each(['2026-01-12', '2026-03-29', '2025-10-26', '2026-01-17'])(
    'counters of %s never fall, the parts never exceed the calls, and midnight begins at zero',
    (date) => {
      const world = worldOf();
      const day = dayOfDate(date);
      for (const site of world.sites.practices) {
        let before = queue(world, site.id, day, day.wallAt(day.start));
        expect(before.inbound).toBeLessThanOrEqual(1);
        for (let at = day.start; at < day.end; at += 5 * 60_000) {
          const state = queue(world, site.id, day, day.wallAt(at));
          for (const counter of COUNTERS) expect(state[counter]).toBeGreaterThanOrEqual(before[counter]);
          const parts = state.endedInIvr + state.answered + state.missed + state.callbacksRequested;
          expect(parts + state.waiting).toBeLessThanOrEqual(state.inbound);
          expect(state.answeredWithin2Minutes).toBeLessThanOrEqual(state.answered);
          expect(state.callbacksMade + state.callbacksWaiting).toBeLessThanOrEqual(state.callbacksRequested);
          expect(Object.values(state).every((n: number) => Number.isInteger(n) && n >= 0)).toBe(true);
          before = state;
        }
      }
    },
  );

  test('callers wait only while there is a longest wait, and then nobody is free', () => {
    const world = worldOf();
    for (const site of world.sites.practices) {
      for (let wall = wallSeconds('08:00'); wall < wallSeconds('18:30'); wall += 300) {
        const state = queue(world, site.id, MONDAY, wall);
        if (state.waiting === 0) expect(state.longestWaitSeconds).toBe(0);
        else expect(state.handlersFree).toBe(0);
        if (state.callbacksWaiting === 0) expect(state.oldestCallbackSeconds).toBe(0);
      }
    }
  });

  test('the rush comes at 8am: more callers wait at 8:20 than at 7:50 or 3pm', () => {
    const world = worldOf();
    const at = (hhmm: string) => total(world, MONDAY, wallSeconds(hhmm)).waiting;
    expect(at('08:20')).toBeGreaterThan(3 * at('07:50'));
    expect(at('08:20')).toBeGreaterThan(2 * at('15:00'));
  });

  test('a bank holiday is closed: few calls, nearly all of them end in the menu, no slots', () => {
    const world = worldOf();
    const holiday = dayOfDate('2026-05-25');
    const monday = total(world, dayOfDate('2026-05-18'), 86_399);
    const state = total(world, holiday, 86_399);
    expect(state.inbound / monday.inbound).toBeGreaterThan(0.08);
    expect(state.inbound / monday.inbound).toBeLessThan(0.22);
    expect(state.endedInIvr / state.inbound).toBeGreaterThan(0.75);
    for (const site of world.sites.practices) expect(world.slots(site, holiday).slots).toEqual([]);
    const hub = world.sites.byId('SHUB1');
    expect(hub && world.slots(hub, holiday).slots).toEqual([]);
  });
});

describe('slots', () => {
  test('same-day slots run out at some practices in the morning and last at others', () => {
    const world = createWorld({ definition: sampleDefinition(60), national, scenario: null, seed: 3 });
    const left = (wall: number) =>
      world.sites.practices.map((site) => {
        const book = world.slots(site, MONDAY);
        const statuses = statusesAt(book, wall);
        return book.slots.filter((slot, i) => statuses[i] === FREE && slot.start >= wall && slot.release <= wall)
          .length;
      });
    expect(left(wallSeconds('07:45')).every((n) => n > 0)).toBe(true);
    const noon = left(wallSeconds('12:00')).filter((n) => n === 0).length / 60;
    expect(noon).toBeGreaterThan(0.1);
    expect(noon).toBeLessThan(0.9);
  });

  test('a slot is booked once: every event changes it, and none after it has begun frees it', () => {
    const world = worldOf();
    for (const site of world.sites.practices) {
      const book = world.slots(site, MONDAY);
      const state = new Map<number, number>();
      for (const event of book.events) {
        expect(event.becomes).not.toBe(state.get(event.slot) ?? FREE);
        if (event.becomes === FREE) expect(event.at).toBeLessThan(book.slots[event.slot]?.start ?? 0);
        state.set(event.slot, event.becomes);
      }
    }
  });

  test("a hub's week has its minutes", () => {
    const world = worldOf();
    const hub = world.sites.byId('SHUB1');
    const week = Array.from({ length: 7 }, (_, i) =>
      dayOfDate(Temporal.PlainDate.from('2026-01-12').add({ days: i }).toString()),
    );
    const minutes = week.reduce(
      (sum, day) => sum + (hub ? world.slots(hub, day).slots.reduce((all, slot) => all + slot.minutes, 0) : 0),
      0,
    );
    expect(Math.abs(minutes - 6000)).toBeLessThanOrEqual(7 * 15);
  });

  test('appointments of the day: about one in twenty does not attend', () => {
    const world = createWorld({ definition: sampleDefinition(60), national, scenario: null, seed: 3 });
    let attended = 0;
    let missed = 0;
    for (const site of world.sites.practices) {
      for (const appointment of world.appointments(site, MONDAY)) {
        const last = appointment.turns.at(-1)?.status;
        if (last === 'fulfilled') attended += 1;
        if (last === 'noshow') missed += 1;
      }
    }
    expect(missed / (attended + missed)).toBeGreaterThan(0.035);
    expect(missed / (attended + missed)).toBeLessThan(0.065);
  });
});

describe('urgent care', () => {
  test('out-of-hours begins at 6:30pm and its cases outlast midnight', () => {
    const world = worldOf();
    const site = world.sites.byId('SOOH');
    if (!site) throw new Error('no such site');
    const big = {
      ...definition,
      units: definition.units.map((u) => (u.siteKind === 'practice' ? { ...u, population: 60_000 } : u)),
    };
    const wide = createWorld({ definition: big, national, scenario: null, seed: 11 });
    const day = wide.urgent(site, MONDAY);
    expect(urgentStateAt(day, null, wallSeconds('12:00')).offered).toBe(0);
    expect(urgentStateAt(day, null, wallSeconds('19:30')).offered).toBeGreaterThan(0);
    const tuesday = wide.urgent(site, dayOfDate('2026-01-13'));
    const alone = urgentStateAt(tuesday, null, 60).queues.reduce((sum, q) => sum + q.waiting, 0);
    const carried = urgentStateAt(tuesday, day, 60).queues.reduce((sum, q) => sum + q.waiting, 0);
    expect(carried).toBeGreaterThan(alone);
  });
});

describe('one function of seed, day and scenario', () => {
  const fingerprint = (world: World, wall: number) =>
    JSON.stringify([
      world.sites.practices.map((site) => queue(world, site.id, MONDAY, wall)),
      world.sites.all.map((site) =>
        site.siteKind === 'practice' || site.siteKind === 'hub' ? [...statusesAt(world.slots(site, MONDAY), wall)] : [],
      ),
      world.sites.practices.map((site) => world.appointments(site, MONDAY)),
    ]);

  test('a simulator killed and started again in mid-morning gives the same answers', () => {
    const first = worldOf();
    // The first one has lived through the morning, asked in another order, and through the day before.
    for (const site of [...first.sites.all].reverse()) {
      if (site.siteKind === 'practice') first.appointments(site, dayOfDate('2026-01-11'));
    }
    for (let wall = 0; wall < wallSeconds('10:41'); wall += 900) fingerprint(first, wall);
    const second = worldOf();
    expect(fingerprint(second, wallSeconds('10:41'))).toBe(fingerprint(first, wallSeconds('10:41')));
  });

  test('another seed is another Monday', () => {
    expect(fingerprint(worldOf(null, 12), wallSeconds('10:41'))).not.toBe(fingerprint(worldOf(), wallSeconds('10:41')));
  });
});

describe('scenarios', () => {
  test('while the phones are down no call arrives, elsewhere all is as before, and some ring again', () => {
    const down = { type: 'phones-down', from: '08:20', to: '09:10', target: 'norhall-telecom', redial: 0.6 } as const;
    const [hit, plain] = [worldOf(scenarioOf(down)), worldOf()];
    for (const site of hit.sites.practices) {
      const at = (world: World, hhmm: string) => queue(world, site.id, MONDAY, wallSeconds(hhmm)).inbound;
      if (site.identifiers['telephony'] === 'norhall-telecom') {
        expect(at(hit, '09:09')).toBe(queue(hit, site.id, MONDAY, wallSeconds('08:20') - 1).inbound);
        expect(at(hit, '18:00')).toBeLessThan(at(plain, '18:00'));
      } else expect(at(hit, '18:00')).toBe(at(plain, '18:00'));
    }
    const after = (world: World) =>
      total(world, MONDAY, wallSeconds('09:40')).inbound - total(world, MONDAY, wallSeconds('09:09')).inbound;
    expect(after(hit)).toBeGreaterThan(after(plain));
  });

  test('a surge brings more calls, and a smaller share of them is answered', () => {
    const surge = { type: 'surge', from: '07:30', to: '11:30', target: 'all', factor: 1.5 } as const;
    const [hit, plain] = [total(worldOf(scenarioOf(surge)), MONDAY, 43_200), total(worldOf(), MONDAY, 43_200)];
    expect(hit.inbound / plain.inbound).toBeGreaterThan(1.25);
    expect(hit.answered / hit.inbound).toBeLessThan(plain.answered / plain.inbound);
    expect(hit.missed).toBeGreaterThan(plain.missed * 1.3);
  });

  test('absent staff withdraw slots and leave callers waiting, only where they are absent', () => {
    const away = { type: 'staff-absence', from: '08:00', to: '18:30', target: 'U1', share: 0.5 } as const;
    const [hit, plain] = [worldOf(scenarioOf(away)), worldOf()];
    const gone = (site: World['sites']['practices'][number], world = hit) =>
      statusesAt(world.slots(site, MONDAY), wallSeconds('08:01')).filter((status) => status === WITHDRAWN).length;
    for (const site of hit.sites.practicesUnder('U2')) expect(gone(site)).toBe(gone(site, plain));
    expect(
      hit.sites.practicesUnder('U1').reduce((sum, site) => sum + gone(site) - gone(site, plain), 0),
    ).toBeGreaterThan(0);
    expect(total(hit, MONDAY, 43_200).missed).toBeGreaterThan(total(plain, MONDAY, 43_200).missed);
  });

  test('a closed hub offers nothing that starts in the window', () => {
    const closed = { type: 'hub-closed', from: '12:00', to: '16:00', target: 'SHUB1' } as const;
    const world = worldOf(scenarioOf(closed));
    const hub = world.sites.byId('SHUB1');
    if (!hub) throw new Error('no hub');
    const book = world.slots(hub, MONDAY);
    const statuses = statusesAt(book, wallSeconds('12:00'));
    book.slots.forEach((slot, i) => {
      const inside = slot.start >= wallSeconds('12:00') && slot.start < wallSeconds('16:00');
      if (inside) expect(statuses[i]).toBe(WITHDRAWN);
      else expect([FREE, BUSY, 2]).toContain(statuses[i]);
    });
  });

  test('a scenario with a date leaves other days alone', () => {
    const surge = { type: 'surge', from: '07:30', to: '11:30', target: 'all', factor: 3 } as const;
    const world = worldOf({ ...scenarioOf(surge), date: '2026-01-13' });
    expect(total(world, MONDAY, 43_200)).toEqual(total(worldOf(), MONDAY, 43_200));
  });

  test("a replayed day has each practice's published month times the day's share, by band", () => {
    const replay: Scenario = { ...scenarioOf(), date: '2026-01-12', replay: { date: '2026-01-12' } };
    const world = worldOf(replay);
    const month = national.days
      .filter((day) => day.date.startsWith('2026-01'))
      .flatMap((day) => day.bands)
      .reduce((a, b) => a + b, 0);
    const bands = national.days.find((day) => day.date === '2026-01-12')?.bands ?? [];
    const share = bands.reduce((a, b) => a + b, 0) / month;
    let expected = 0;
    for (const site of world.sites.practices) {
      const inbound = definition.published.find((m) => m.site === site.id && m.month === '2026-01')?.inbound ?? 0;
      expected += inbound * share;
      const calls = queue(world, site.id, MONDAY, 86_399).inbound;
      expect(Math.abs(calls - inbound * share)).toBeLessThanOrEqual(1);
      const at8 = queue(world, site.id, MONDAY, wallSeconds('08:00') - 1).inbound;
      const at10 = queue(world, site.id, MONDAY, wallSeconds('10:00') - 1).inbound;
      expect(Math.abs(at10 - at8 - (inbound * (bands[2] ?? 0)) / month)).toBeLessThanOrEqual(1.01);
    }
    expect(Math.abs(total(world, MONDAY, 86_399).inbound - expected)).toBeLessThanOrEqual(1);
  });
});
