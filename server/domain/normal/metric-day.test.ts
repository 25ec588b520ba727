import { describe, expect, it } from 'vitest';
import { QUARTERS } from './day-fold.ts';
import type { DayClass } from './day-class.ts';
import { metricCells as stepwise, ownCells, type LearnedDay, type NormalSite } from './metric-day.ts';

function metricCells(...given: Parameters<typeof stepwise>) {
  const steps = stepwise(...given);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const practice = (id: string, population: number, deprivation?: number): NormalSite => ({
  id,
  siteKind: 'practice',
  population,
  bankHolidays: false,
  deprivation,
});
const other = (id: string, siteKind: 'hub' | 'out-of-hours'): NormalSite => ({
  id,
  siteKind,
  population: null,
  bankHolidays: true,
});

const flat = (value: number) => new Float32Array(QUARTERS).fill(value);
const day = (date: string, kind: DayClass, sites: Record<string, number>): LearnedDay => ({
  date,
  kind,
  sites: new Map(Object.entries(sites).map(([id, value]) => [id, flat(value)])),
});
/** Three days of one class on which every site had the same. */
const thrice = (kind: DayClass, sites: Record<string, number>) =>
  ['2026-11-16', '2026-11-09', '2026-11-02'].map((date) => day(date, kind, sites));
const unsettled = () => false;
const at = (cells: { cells: { usual: Float32Array } } | undefined | null) => cells?.cells.usual[40];

describe('a site’s own normal', () => {
  it('is told from three days of its class on, and from no other class', () => {
    const site = practice('A', 8000);
    expect(ownCells(site, 'calls.waiting', 1, thrice(1, { A: 4 }).slice(1))).toBeNull();
    expect(ownCells(site, 'calls.waiting', 2, thrice(1, { A: 4 }))).toBeNull();
    expect(at(ownCells(site, 'calls.waiting', 1, thrice(1, { A: 4 })))).toBe(4);
  });

  it('is a Monday’s after a bank holiday until three such days are known, and says which', () => {
    const site = practice('A', 8000);
    const mondays = thrice(1, { A: 4 });
    expect(ownCells(site, 'calls.waiting', 8, mondays)).toMatchObject({ kind: 1 });
    const both = [...thrice(8, { A: 9 }), ...mondays];
    expect(ownCells(site, 'calls.waiting', 8, both)).toMatchObject({ kind: 8 });
    expect(at(ownCells(site, 'calls.waiting', 8, both))).toBe(9);
  });

  it('is a Sunday’s on a bank holiday for a site that opens, and none for one that shuts', () => {
    const sundays = thrice(7, { A: 4, O: 6 });
    expect(ownCells(practice('A', 8000), 'calls.waiting', 0, sundays)).toBeNull();
    expect(at(ownCells(other('O', 'out-of-hours'), 'iuc.waiting', 0, sundays))).toBe(6);
  });
});

describe('a site without days of its own', () => {
  const known = ['B', 'C', 'D', 'E', 'F'].map((id) => practice(id, 8000));
  const days = thrice(1, { B: 8, C: 16, D: 24, E: 32, F: 40 });

  it('is expected to be like practices of like size, by the patient where a count grows with the list', () => {
    const cells = metricCells('calls.waiting', 1, [practice('A', 4000), ...known], days, unsettled);
    expect(cells.get('A')).toMatchObject({ source: 'peers', alike: '5 practices of like size', cells: { days: 0 } });
    expect(at(cells.get('A'))).toBe(12);
    const waits = metricCells('calls.longest-wait', 1, [practice('A', 4000), ...known], days, unsettled);
    expect(at(waits.get('A'))).toBe(24);
    expect(at(metricCells('pressure.score', 1, [practice('A', 4000), ...known], days, unsettled).get('A'))).toBe(24);
  });

  it('has no peers among practices of quite another size, nor among fewer than five', () => {
    expect(metricCells('calls.waiting', 1, [practice('A', 3900), ...known], days, unsettled).has('A')).toBe(false);
    expect(metricCells('calls.waiting', 1, [practice('A', 8000), ...known.slice(1)], days, unsettled).has('A')).toBe(
      false,
    );
  });

  it('looks at practices of like deprivation first', () => {
    const poor = known.map((site) => ({ ...site, deprivation: 1 }));
    const rich = known.map((site, i) => ({ ...site, id: `R${i}`, deprivation: 5 }));
    const with5 = thrice(1, { B: 8, C: 16, D: 24, E: 32, F: 40, R0: 1, R1: 1, R2: 1, R3: 1, R4: 1 });
    const cells = metricCells('calls.waiting', 1, [practice('A', 8000, 2), ...poor, ...rich], with5, unsettled);
    expect(cells.get('A')?.alike).toBe('5 practices of like size and deprivation');
    expect(at(cells.get('A'))).toBe(24);
    const unknown = metricCells('calls.waiting', 1, [practice('A', 8000), ...poor, ...rich], with5, unsettled);
    expect(unknown.get('A')?.alike).toBe('10 practices of like size');
  });

  it('is left to its own published months where it has them', () => {
    const cells = metricCells('calls.waiting', 1, [practice('A', 8000), ...known], days, (site) => site === 'A');
    expect(cells.has('A')).toBe(false);
  });

  it('finds peers among its kind only for what does not depend on its size', () => {
    const sites = ['H1', 'H2', 'H3', 'H4'].map((id) => other(id, 'hub'));
    const told = thrice(1, { H1: 2, H2: 4, H3: 6 });
    expect(metricCells('slots.left-share', 1, sites, told, unsettled).get('H4')?.alike).toBe('3 other hubs');
    expect(metricCells('slots.free', 1, sites, told, unsettled).has('H4')).toBe(false);
  });
});
