import { describe, expect, it } from 'vitest';
import type { Unit } from '$shared/model/unit';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import { freeFrom, hubHolders, hubRows } from './hours.ts';
import { nearestSpare, roomOf, silentHubs } from './room.ts';

const AT = Date.parse('2026-11-23T09:42:00Z');
const hour = (from: string, free: number) => ({ from: Date.parse(`2026-11-23T${from}:00Z`), free, booked: 2, held: 0 });
const hours = [hour('09:00', 1), hour('10:00', 4)];
const hub = (id: string, parent: string, given: Partial<Unit> = {}) =>
  unitOf(id, { kind: 'site', siteKind: 'hub', parent, open: true, ...given });
const silent = { level: null, coverage: 0 };
const waiting = (value: number | null) => ({
  'patients.without-slot': { value, absence: value === null ? ('unreachable' as const) : null, observedAt: null },
});
const place = (id: string, wait: number | null, free: number, given: Partial<Unit> = {}) =>
  unitOf(id, {
    kind: 'place',
    parent: 'system',
    metrics: waiting(wait),
    slotHours: free > 0 ? [hour('10:00', free)] : [],
    ...given,
  });
const practice = (parent: string, lon: number) =>
  unitOf(`practice-${parent}`, {
    kind: 'site',
    siteKind: 'practice',
    parent,
    position: { lat: 53.5, lon, approximate: false },
  });
const system = (slotHours: Unit['slotHours']) => unitOf('system', { kind: 'place', parent: null, slotHours });

describe('room in a system', () => {
  it('says who is short and who has slots to spare, the shortest first', () => {
    const units = unitsOf(
      system([hour('10:00', 30)]),
      place('spare', 5, 22),
      place('short', 52, 8),
      hub('a', 'spare'),
      hub('b', 'short'),
    );
    const room = roomOf(units, 'system', AT);
    expect(room.places.map(({ unit, spare }) => [unit.id, spare])).toEqual([
      ['short', -44],
      ['spare', 17],
    ]);
    expect([room.waiting, room.free, room.shared]).toEqual([57, 30, 0]);
  });

  it('neither counts nor zeroes a hub that is silent, and names it', () => {
    const units = unitsOf(
      system([hour('10:00', 4)]),
      place('half', 3, 4),
      place('dark', 3, 0),
      hub('well', 'half'),
      hub('gone', 'half', silent),
      hub('mute', 'dark', silent),
    );
    const { places, silent: all } = roomOf(units, 'system', AT);
    expect(places.map(({ unit, free, spare }) => [unit.id, free, spare])).toEqual([
      ['half', 4, 1],
      ['dark', null, null],
    ]);
    expect(places.map((found) => found.silent.map(({ id }) => id))).toEqual([['gone'], ['mute']]);
    expect(all.map(({ id }) => id)).toEqual(['gone', 'mute']);
  });

  it('keeps a place whose need is not known out of short and spare', () => {
    const units = unitsOf(system([]), place('unknown', null, 12), hub('a', 'unknown'));
    const room = roomOf(units, 'system', AT);
    expect(room.places[0]).toMatchObject({ waiting: null, free: 12, spare: null, closed: false });
    expect(room.waiting).toBeNull();
  });

  it('tells a place without a hub from one whose hubs are silent', () => {
    const room = roomOf(unitsOf(system([]), place('none', 6, 0)), 'system', AT);
    expect(room.places[0]).toMatchObject({ free: 0, spare: -6, hubs: 0 });
  });

  it('keeps the slots of hubs that serve everybody apart from those of places', () => {
    const units = unitsOf(system([hour('10:00', 9)]), place('p', 0, 2), hub('a', 'p'), hub('city', 'system'));
    expect(roomOf(units, 'system', AT)).toMatchObject({ free: 9, shared: 7 });
  });

  it('counts nothing after 8pm, nor hours that have ended', () => {
    const late = place('p', 0, 0, { slotHours: [hour('08:00', 3), hour('19:00', 2), hour('20:00', 5)] });
    expect(roomOf(unitsOf(system(late.slotHours), late, hub('a', 'p')), 'system', AT).places[0]?.free).toBe(2);
  });

  it('finds the nearest place with slots to spare', () => {
    const units = unitsOf(
      system([]),
      place('short', 9, 1),
      place('next', 0, 1),
      place('far', 0, 20),
      place('nearest', 2, 1),
      practice('short', -2.1),
      practice('next', -2.3),
      practice('far', -2.9),
      practice('nearest', -2.15),
    );
    const room = roomOf(units, 'system', AT);
    const found = nearestSpare(units, room, 'short');
    expect(found?.place.unit.id).toBe('next');
    expect(found?.km).toBeCloseTo(13.2, 1);
    expect(nearestSpare(units, { ...room, places: [] }, 'short')).toBeNull();
  });
});

describe('hub hours', () => {
  it('counts free slots of hours that have not ended', () => {
    expect(freeFrom(hours, Date.parse('2026-11-23T10:00:00Z'))).toBe(4);
    expect(freeFrom(hours, Date.parse('2026-11-23T09:59:00Z'))).toBe(5);
  });
  it('leaves an hour without capacity empty instead of 0', () => {
    const [row] = hubRows([unitOf('p', { slotHours: hours }), unitOf('q')], AT - 102 * 60_000, AT + 138 * 60_000, AT);
    expect(row?.hours.map((slot) => slot?.free ?? null)).toEqual([null, 1, 4, null]);
  });
  it('sums hubs by group, and by what they stand beneath where no group holds them; none twice', () => {
    const north = [unitOf('north', { parent: null }), unitOf('n1', { parent: 'north' }), hub('a', 'n1')];
    const south = [unitOf('south', { parent: null }), unitOf('s1', { parent: 'south' }), hub('b', 's1')];
    const groups = [...north, ...south].filter(({ id }) => id === 'n1' || id === 's1');
    const names = (...hubs: Unit[]) => hubHolders(unitsOf(...north, ...south, ...hubs), groups).map(({ id }) => id);
    expect(names()).toEqual(['n1', 's1']);
    expect(names(hub('c', 'north'))).toEqual(['north', 's1']);
  });
  it('names hubs of which nothing is known, and neither closed nor judged ones', () => {
    const units = unitsOf(
      hub('b', 'p', silent),
      hub('a', 'p', silent),
      hub('shut', 'p', { level: null, open: false }),
      hub('well', 'p', { level: 1 }),
      unitOf('n', { level: null }),
    );
    expect(silentHubs(units).map((unit) => unit.id)).toEqual(['a', 'b']);
  });
});
