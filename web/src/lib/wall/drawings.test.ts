import type { Unit } from '$shared/model/unit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AXIS_WIDTH, axisOf, axisRows } from './axis.ts';
import { minutesLine, shortfallLines, silentLine } from './hub-words.ts';
import { pressedPlaces, wallName } from './pressed.ts';
import { serviceFacts, serviceName, servicesOf, whyNone } from './service-facts.ts';
import { mapOf, unit } from './wall-fixture.ts';
import { layOut, MAP_HEIGHT, MAP_WIDTH, platesOf } from './wall-map.ts';

const metric = (value: number | null) => ({ value, absence: null, observedAt: null });
const room = (id: string, spare: number | null, closed = false) => ({
  unit: unit(id, 's', { name: id }),
  waiting: spare === null ? null : Math.max(0, -spare),
  free: spare === null ? null : Math.max(0, spare),
  spare,
  hubs: 1,
  silent: [],
  closed,
});
const roomOf = (...places: ReturnType<typeof room>[]) => ({ places, waiting: 1, free: 1, shared: 0, silent: [] });

describe('short and spare round one axis', () => {
  it('keeps every bar, figure and name inside the drawing', () => {
    const spares = fc.oneof(fc.constant(null), fc.integer({ min: -9999, max: 9999 }));
    const names = fc.string({ minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(fc.array(fc.tuple(names, spares), { minLength: 1, maxLength: 10 }), (given) => {
        const rows = given.map(([name, spare], index) => ({ id: String(index), name, spare }));
        const { zero, slot } = axisOf(rows);
        for (const { spare } of rows) {
          expect(zero + (spare ?? 0) * slot).toBeGreaterThanOrEqual(0);
          expect(zero + (spare ?? 0) * slot).toBeLessThanOrEqual(AXIS_WIDTH);
        }
      }),
    );
  });

  it('shows both ends of a long list, and leaves out who is closed', () => {
    const places = [...Array.from({ length: 30 }, (_, i) => room(`p${i}`, i - 15)), room('shut', 3, true)];
    const rows = axisRows(places, (place) => place.unit.name);
    expect(rows.map(({ spare }) => spare)).toEqual([-15, -14, -13, -12, -11, 10, 11, 12, 13, 14]);
  });

  it('says in words who is short, that nobody is, or that it is not known', () => {
    const units = mapOf(unit('s', null));
    expect(shortfallLines(units, roomOf(room('Tameside', -43)))[0]).toBe('**Tameside is 43 short.**');
    expect(shortfallLines(units, roomOf(room('Tameside', 4)))).toEqual(['**Nobody is short of slots.**']);
    expect(shortfallLines(units, roomOf(room('Tameside', null)))).toEqual(['Who is short is not known now.']);
    expect(silentLine([unit('Far hub', 's')])).toBe('Far hub not known, not counted');
    expect(silentLine([])).toBe('');
    expect(minutesLine(null)).toBe('Minutes of this week not known');
  });
});

describe('the map of a wall', () => {
  const at = (lat: number, lon: number) => ({ lat, lon, approximate: false });
  const square = [
    [-2.2, 53.4],
    [-2.0, 53.4],
    [-2.0, 53.6],
    [-2.2, 53.6],
  ] as const;
  const boundaries = { places: [{ id: 'p', name: 'Place', rings: [square] }] };
  const hoods = (count: number): Unit[] =>
    Array.from({ length: count }, (_, i) =>
      unit(`n${i}`, 'p', { kind: 'neighbourhood', position: at(53.5 + i * 0.001, -2.1), population: 30_000 + i * 500 }),
    );
  const lay = (units: readonly Unit[], within = ['s', 'p']) =>
    layOut({ scope: 's', units, boundaries, within: new Set(within) });

  it('stands where it stood whatever the levels are, with no circle on another', () => {
    const units = hoods(40);
    const calm = lay(units);
    expect(lay(units.map((one) => ({ ...one, level: 4 as const })))).toEqual(calm);
    for (const [i, a] of calm.circles.entries())
      for (const b of calm.circles.slice(i + 1))
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.r + b.r);
  });

  it('leaves out who has no position and borders of others', () => {
    const { circles, outline } = lay([...hoods(2), unit('nowhere', 'p', { kind: 'neighbourhood' })], ['s']);
    expect(circles.map(({ id }) => id)).toEqual(['n0', 'n1']);
    expect(outline).toBe('');
    expect(lay([], []).circles).toEqual([]);
  });

  it('names the worst on plates inside the drawing', () => {
    const units = hoods(10);
    const plates = platesOf(lay(units), units.slice(0, 3), mapOf(...units));
    expect(plates.map(({ id }) => id)).toEqual(['n0', 'n1', 'n2']);
    for (const { box } of plates) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.w).toBeLessThanOrEqual(MAP_WIDTH);
      expect(box.y + box.h).toBeLessThanOrEqual(MAP_HEIGHT);
    }
  });

  it('says where most of the pressed ones are', () => {
    const units = mapOf(
      unit('s', null),
      unit('bolton', 's', { name: 'Bolton' }),
      unit('bury', 's', { name: 'Bury' }),
      ...['a', 'b'].map((id) => unit(id, 'bolton')),
      unit('c', 'bury'),
      unit('d', 's'),
    );
    const pressed = ['c', 'a', 'b', 'd'].flatMap((id) => units.get(id) ?? []);
    expect(pressedPlaces(pressed, units, 's')).toEqual(['2 in Bolton', '1 in Bury']);
    expect(wallName('Heywood, Middleton and Rochdale')).toBe('Heywood, Middleton…');
  });
});

describe('services on a wall', () => {
  it('say what they measure, against their target, and never a missing figure as none', () => {
    const metrics = {
      'iuc.waiting': metric(0),
      'iuc.longest-wait': metric(269),
      'iuc.queue-overrun': metric(1.8),
      'iuc.overrun-target': metric(30),
      'iuc.shifts-filled': metric(4),
      'iuc.shifts-planned': metric(7),
      'iuc.answered-60s-share': { ...metric(null), absence: 'unreachable' as const },
    };
    expect(serviceFacts({ metrics })).toEqual({
      answered: { text: 'no answer', known: false },
      waiting: { text: '0', known: true },
      longest: { text: '4 h 29 min', known: true },
      queue: { text: '180% of 30 min', known: true },
      shifts: { text: '4 of 7', known: true },
    });
    expect(serviceFacts(undefined).waiting).toEqual({ text: 'not known', known: false });
  });

  it('say when they open', () => {
    const shut = unit('o', 's', { level: null, open: false, sentence: 'Closed until **6:30pm**: not judged.' });
    expect(whyNone(shut)).toBe('opens at 6:30pm');
    expect(whyNone({ ...shut, sentence: '' })).toBe('closed');
    expect(whyNone({ ...shut, open: true })).toBeNull();
  });

  it('are 111 and out-of-hours, the hardest pressed first', () => {
    const site = (id: string, siteKind: Unit['siteKind'], over: Partial<Unit> = {}) =>
      unit(id, 's', { kind: 'site', siteKind, ...over });
    const units = mapOf(
      unit('s', null),
      site('calm', 'out-of-hours'),
      site('hot', 'nhs111', { level: 3, score: 60 }),
      site('p', 'practice'),
    );
    expect(servicesOf(units, 's').map(({ id }) => id)).toEqual(['hot', 'calm']);
    expect(serviceName('Stockport GP out-of-hours')).toBe('Stockport');
    expect(serviceName('NHS 111 North West including Blackpool')).toBe('NHS 111 North West');
  });
});
