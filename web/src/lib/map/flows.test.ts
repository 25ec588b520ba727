import { describe, expect, it } from 'vitest';
import type { Unit } from '$shared/model/unit';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import { arrowsOf } from './arrows.ts';
import type { Grain } from './drawn.ts';
import { spareView } from './flows.ts';
import { columnsOf, sortRows, tableRows } from './table.ts';

const AT = Date.parse('2026-11-23T09:42:00Z');
const at = (lon: number) => ({ lat: 53.5, lon, approximate: false });
const free = (count: number) => [{ from: Date.parse('2026-11-23T10:00:00Z'), free: count, booked: 0, held: 0 }];
const waiting = (value: number | null) => ({
  'patients.without-slot': { value, absence: value === null ? ('unreachable' as const) : null, observedAt: null },
});
const area = (id: string, wait: number | null, lon: number) =>
  unitOf(id, { parent: 'system', metrics: waiting(wait), position: at(lon) });
const practice = (id: string, parent: string, lon: number) =>
  unitOf(id, { kind: 'site', siteKind: 'practice', parent, position: at(lon) });
const hub = (id: string, slots: number, lon: number, given: Partial<Unit> = {}) =>
  unitOf(id, {
    kind: 'site',
    siteKind: 'hub',
    parent: 'system',
    open: true,
    position: at(lon),
    slotHours: free(slots),
    ...given,
  });
const system = unitOf('system', { kind: 'place', parent: null });
const practicesOf = (units: ReadonlyMap<string, Unit>): Grain => ({
  id: 'practice',
  kind: 'practice',
  units: [...units.values()].filter(({ siteKind }) => siteKind === 'practice'),
});
const hubsOf = (units: ReadonlyMap<string, Unit>) => [...units.values()].filter(({ siteKind }) => siteKind === 'hub');
const view = (...given: Unit[]) => {
  const units = unitsOf(system, ...given);
  return spareView(units, 'system', practicesOf(units), hubsOf(units), AT);
};

describe('arrows from whoever waits to free hub slots', () => {
  it('leave each neighbourhood with somebody waiting for the nearest hub that has slots, from amid its practices', () => {
    const { flows, note } = view(
      area('west', 40, -3),
      area('east', 0, -2),
      practice('a', 'west', -3.01),
      practice('b', 'west', -2.99),
      practice('c', 'east', -2),
      hub('empty', 0, -2.98),
      hub('near', 12, -2.9),
      hub('far', 30, -2),
    );
    expect(flows.map(({ from, amid, to, patients }) => [from, amid, to, patients])).toEqual([
      ['west', ['a', 'b'], 'near', 40],
    ]);
    expect(flows[0]?.words).toBe('40 patients without a slot in west: nearest is near, 6.6 km away, 12 free');
    expect(note).toBe('');
  });

  it('are never missing without a reason', () => {
    const short = area('west', 40, -3);
    const nowhere = { position: null };
    expect(view(area('west', 0, -3), hub('h', 5, -3)).note).toBe('No arrows: nobody waits without a slot.');
    expect(view(area('west', null, -3), hub('h', 5, -3)).note).toBe(
      'No arrows: how many wait without a slot is not known.',
    );
    expect(view(area('west', 0, -3), area('east', null, -3), hub('h', 5, -3)).note).toBe(
      'No arrows: nobody is known to wait without a slot; of 1 neighbourhood it is not known.',
    );
    expect(view(short).note).toBe('No arrows: there are no hubs here.');
    expect(view(short, hub('h', 0, -3)).note).toBe('No arrows: no hub is known to have free slots left today.');
    expect(view(short, hub('h', 5, -3, { level: null })).note).toBe('No arrows: what the hubs have free is not known.');
    expect(view(short, hub('h', 5, -3, nowhere)).note).toBe('No arrows: how far the hubs are is not known.');
    expect(view(short, area('east', null, -3), hub('h', 5, -3)).note).toBe(
      'Who waits in 1 more neighbourhood is not known.',
    );
  });

  it('lead between places where places are drawn, and say so where none is short', () => {
    const place = (id: string, wait: number, slots: number) =>
      unitOf(id, { kind: 'place', parent: 'system', metrics: waiting(wait), slotHours: free(slots) });
    const between = (...places: Unit[]) => {
      const sites = places.flatMap(({ id }, index) => [
        practice(`p-${id}`, id, -3 + index / 10),
        hub(`h-${id}`, 1, -3, { parent: id }),
      ]);
      const units = unitsOf(system, ...places, ...sites);
      return spareView(units, 'system', { id: 'place-1', kind: 'place', units: places }, hubsOf(units), AT);
    };
    expect(between(place('short', 50, 8), place('spare', 5, 22)).flows).toMatchObject([
      { from: 'short', to: 'spare', patients: 17 },
    ]);
    expect(between(place('a', 5, 8), place('b', 5, 22)).note).toBe(
      'No arrows: no place is known to be short of slots.',
    );
    expect(between(place('a', 50, 8), place('b', 50, 22)).note).toBe('No arrows: no place has slots to spare.');
  });
});

describe('an arrow head', () => {
  it('stands beside what it leads to and on no mark where there is room', () => {
    const to = { x: 200, y: 100, r: 8 };
    const crowd = [to, { x: 186, y: 92, r: 7 }, { x: 184, y: 112, r: 7 }, { x: 120, y: 100, r: 20 }];
    const flow = { from: 'w', amid: [], to: 'h', patients: 4, words: '' };
    const [arrow] = arrowsOf(
      [flow],
      () => ({ x: 20, y: 100 }),
      () => to,
      crowd,
      8,
    );
    const numbers = (arrow?.path.match(/-?[\d.]+/g) ?? []).map(Number);
    const [x = 0, y = 0] = numbers.slice(-2);
    for (const mark of crowd) expect(Math.hypot(x - mark.x, y - mark.y)).toBeGreaterThan(mark.r);
    for (const mark of crowd)
      expect(Math.hypot((arrow?.at.x ?? 0) - mark.x, (arrow?.at.y ?? 0) - mark.y)).toBeGreaterThan(mark.r);
  });
});

describe('the table of the map', () => {
  const units = unitsOf(
    system,
    area('west', 40, -3),
    practice('a', 'west', -3),
    practice('b', 'west', -2.5),
    hub('empty', 0, -2.98),
    hub('near', 12, -2.9),
  );
  const grain = practicesOf(units);
  const hubs = hubsOf(units);
  const spare = spareView(units, 'system', grain, hubs, AT);
  const rows = tableRows([...grain.units, ...hubs], { units, quarter: null, now: AT, hubs, spare });

  it('says whose area each lies in, who waits around it and where the nearest free slots are', () => {
    const byId = new Map(rows.map((row) => [row.unit.id, row]));
    expect(byId.get('a')).toMatchObject({ waiting: 40, hub: { unit: { id: 'empty' } } });
    expect(byId.get('a')?.spare).toMatchObject({ unit: { id: 'near' }, slots: 12 });
    expect(byId.get('near')).toMatchObject({ hub: null, waiting: null, spare: null, why: '**12 slots** free' });
    expect(sortRows(rows, 'spare', false).map(({ unit }) => unit.id)).toEqual(['a', 'b', 'empty', 'near']);
    expect(sortRows(rows, 'spare', true).map(({ unit }) => unit.id)).toEqual(['b', 'a', 'empty', 'near']);
  });

  it('has a column only for what can be said of somebody', () => {
    const off = { areas: false, spare: false };
    expect(columnsOf(grain.units, units, hubs, off)).toEqual(['level', 'name', 'score', 'patients', 'coverage']);
    expect(columnsOf([system], units, hubs, off)).toContain('free');
    expect(columnsOf(grain.units, units, hubs, { areas: true, spare: true }).slice(-3)).toEqual([
      'hub',
      'waiting',
      'spare',
    ]);
  });
});
