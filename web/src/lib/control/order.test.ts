import { describe, expect, it } from 'vitest';
import { arrangeFlat, ALL } from './arrange.ts';
import { compareBy, hourChange, onsetOf, ORDERS, valueIn } from './order.ts';
import { countMarks, onlyNamed, sift, type Sieve } from './sift.ts';
import { saySpread } from './spread-words.ts';
import { unitOf } from './unit-fixture.ts';

const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z');
const NOW = 40;
/** A day from 8am on. */
const day = (levels: string) => `${'.'.repeat(32)}${levels}`;
const a = unitOf('a', { level: 2, score: 40, trail: [45, 42, 40], population: 9000, day: day('22222222') });
const b = unitOf('b', { level: 4, score: 90, trail: [60, null, 90], population: 3000, day: day('11233344') });
const c = unitOf('c', { level: 3, score: 70, trail: [null, 68, 70], population: 6000, day: day('13222333') });
const units = [a, b, c];
const NOUN = { one: 'practice', many: 'practices' };

describe('the orders of the matrix', () => {
  it.each([
    ['pressure', 'b c a'],
    ['name', 'a b c'],
    ['change', 'b c a'],
    ['patients', 'a c b'],
    ['spread', 'c b a'],
  ] as const)('sorts by %s', (order, expected) => {
    const sorted = [...units].sort(compareBy(order, NOW));
    expect(sorted.map(({ id }) => id).join(' ')).toBe(expected);
  });
  it('are all one order of all units, so that a re-sort never shuffles equals', () => {
    for (const order of ORDERS) {
      const compare = compareBy(order, NOW);
      expect([...units].sort(compare)).toEqual([...units].reverse().sort(compare));
    }
  });
  it('put the unknown last rather than taking it for no change', () => {
    const dark = unitOf('dark', { level: null, score: null, trail: [null] });
    expect(hourChange(dark)).toBeNull();
    expect([dark, a].sort(compareBy('change', NOW)).map(({ id }) => id)).toEqual(['a', 'dark']);
  });
  it('show the figure that they go by', () => {
    const shown = (order: (typeof ORDERS)[number]) => valueIn(order, c, NOW, MIDNIGHT).text;
    expect(ORDERS.map(shown)).toEqual(['70', '70', '+2', '6,000', '8:15am']);
    expect(valueIn('spread', a, NOW, MIDNIGHT).text).toBe('–');
  });
});

describe('where pressure went', () => {
  it('is dated by the first quarter hour at level 3 or above', () => {
    expect(units.map((unit) => onsetOf(unit.day, NOW))).toEqual([null, 35, 33]);
  });
  it('never looks beyond now', () => {
    expect(onsetOf(b.day, 34)).toBeNull();
  });
  it('is one list of all places, and said in a sentence', () => {
    const branches = [
      { unit: unitOf('p'), rows: [a, b] },
      { unit: unitOf('q'), rows: [c] },
    ];
    const { groups } = arrangeFlat(branches, compareBy('spread', NOW));
    expect(groups.map(({ id, rows }) => [id, rows.map((row) => row.id)])).toEqual([[ALL, ['c', 'b', 'a']]]);
    expect(saySpread(units, NOW, MIDNIGHT, NOUN)).toBe(
      '**2** of 3 practices reached level 3 today, none in the last hour; first at **8:15am**: c.',
    );
    expect(saySpread([a], NOW, MIDNIGHT, NOUN)).toBe('No practice has reached level 3 today.');
  });
});

describe('what of the matrix is shown', () => {
  const dark = unitOf('dark', { level: null, score: null, coverage: 0.1 });
  const branches = [
    { unit: unitOf('north'), rows: [a, dark] },
    { unit: unitOf('south'), rows: [b, c] },
  ];
  const ids = (given: Partial<Sieve>) =>
    sift(branches, { find: '', marks: new Set(), place: '', ...given })
      ?.values()
      .toArray() ?? null;

  it('is everything while nothing is asked', () => {
    expect(ids({})).toBeNull();
  });
  it('is a level, the unknown among them', () => {
    expect(ids({ marks: new Set([4, 0]) })).toEqual(['dark', 'b']);
  });
  it('is one place', () => {
    expect(ids({ place: 'south', marks: new Set([3]) })).toEqual(['c']);
  });
  it('is what a name says, and all of a place whose name it is', () => {
    expect(ids({ find: 'DARK' })).toEqual(['dark']);
    expect(ids({ find: 'north' })).toEqual(['north', 'a', 'dark']);
  });
  it('opens by Enter what one name alone has', () => {
    expect(onlyNamed(branches, ' Dark')?.id).toBe('dark');
    expect(onlyNamed(branches, 'north')?.id).toBe('north');
    expect(onlyNamed(branches, 'r')).toBeNull();
    expect(onlyNamed(branches, '')).toBeNull();
  });
  it('is counted by level beside the key', () => {
    expect(countMarks(branches)).toEqual({ 0: 1, 1: 0, 2: 1, 3: 1, 4: 1 });
  });
});
