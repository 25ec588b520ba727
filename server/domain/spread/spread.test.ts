import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SpreadNeighbour } from '#shared/protocol/spread.ts';
import { chanceCorrelation, normalQuantile } from './chance.ts';
import { scoreOf, unrest, windowFrom } from './fixture.ts';
import { DAYS, findLead, HOURS, sidesOf } from './lead-lag.ts';
import { sayLag } from './sentence.ts';
import { compareNeighbour, compareTwo, rank, sayNeighbours, type Compared } from './spread.ts';
import { departures, type Quarters } from './track.ts';

/** Six weeks with the change to summer time in their middle. */
const SPRING = windowFrom('2026-03-02', 6);
const AUTUMN = windowFrom('2026-10-05', 6);
const MINUTES = 60_000;

type Points = [number, number | null][];
const unit = (name: string, points: Points, window: Quarters = SPRING): Compared => ({
  id: name,
  name,
  sides: sidesOf(departures(points, window)),
});
/** Two units that share some unrest, the second `quarters` later; each with unrest of its own. */
function pair(quarters: number, window: Quarters, seed: number, keeps = 0.9): [Points, Points] {
  const n = window.cells.length;
  const common = unrest(n + 1400, keeps, seed);
  const [one, two] = [unrest(n, keeps, seed + 1), unrest(n, keeps, seed + 2)];
  const shared = (own: number[], later: number) => own.map((by, i) => 0.5 * by + (common[i + 700 - later] ?? 0));
  return [scoreOf(window, shared(one, 0)), scoreOf(window, shared(two, quarters))];
}

describe('a lead that is there', () => {
  test.for([
    [3, SPRING, 'about 45 min'],
    [-3, SPRING, 'about 45 min'],
    [1, AUTUMN, 'about 15 min'],
    [-10, AUTUMN, 'about 2 hours 30 min'],
    [20, AUTUMN, 'about 5 hours'],
  ] as const)('of %d quarter hours is found exactly, also through a change of the clocks', ([lag, window, words]) => {
    const [a, b] = pair(lag, window, 4);
    const { scales, sentence } = compareTwo(unit('Bolton', a, window), unit('Wigan', b, window), 6);
    expect(scales[0]?.lagMs).toBe(lag * 15 * MINUTES);
    expect(scales[0]?.correlation).toBeGreaterThan(scales[0]?.chance ?? 1);
    const [first, second] = lag > 0 ? ['Bolton', 'Wigan'] : ['Wigan', 'Bolton'];
    const correlation = scales[0]?.correlation?.toFixed(2);
    expect(sentence).toMatch(
      new RegExp(`^${first} rises ${words} before ${second} \\(correlation ${correlation} over 6 weeks\\)`),
    );
  });

  test.for([1, 2, -3])('of %d days is found on the daily means', (days) => {
    const n = AUTUMN.cells.length;
    const calm = unrest(n, 0.5, 8);
    const byDay = unrest(80, 0, 9);
    const score = (later: number) =>
      scoreOf(
        AUTUMN,
        calm.map((by, i) => 0.2 * by + (byDay[Math.floor(i / 96) + 20 - later] ?? 0)),
      );
    const { scales, sentence } = compareTwo(
      unit('Medway', score(0), AUTUMN),
      unit('West Kent', score(days), AUTUMN),
      6,
    );
    expect(scales[1]?.lagMs).toBe(days * 24 * 60 * MINUTES);
    expect(sentence).toContain(days > 0 ? 'Medway rises about' : 'West Kent rises about');
    expect(sentence).toContain(`${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'} before`);
  });

  test('is found through gaps, with the pairs that there are', () => {
    const [a, b] = pair(3, SPRING, 4);
    const holed = b.map(([at, value], i): Points[number] => [
      at,
      Math.floor(i / 96) % 5 === 1 || i % 11 === 0 ? null : value,
    ]);
    const whole = compareTwo(unit('A', a), unit('B', b), 6).scales[0];
    const found = compareTwo(unit('A', a), unit('B', holed), 6).scales[0];
    expect(found?.lagMs).toBe(45 * MINUTES);
    expect(found?.pairs).toBeLessThan(0.85 * (whole?.pairs ?? 0));
    const asZero = holed.map(([at, value]): Points[number] => [at, value ?? 0]);
    expect(compareTwo(unit('A', a), unit('B', asZero), 6).scales[0]?.pairs).toBeGreaterThan(found?.pairs ?? Infinity);
  });
});

describe('nothing is said', () => {
  const alone = (seed: number) => scoreOf(SPRING, unrest(SPRING.cells.length, 0.9, seed));

  test('of units that share no more than the shape of their days', () => {
    const { scales, sentence } = compareTwo(unit('A', alone(21)), unit('B', alone(22)), 6);
    expect(scales.map((s) => s.lagMs)).toEqual([null, null]);
    expect(sentence).toMatch(/^Neither A nor B clearly leads: the highest correlation is \d\.\d\d, and chance alone/);
  });

  test('of a lead where two rise at once', () => {
    const [a, b] = pair(0, SPRING, 31);
    const { scales, sentence } = compareTwo(unit('A', a), unit('B', b), 6);
    expect(scales[0]?.lagMs).toBe(0);
    expect(sentence).toMatch(
      /^A and B rise and fall together \(correlation 0\.\d\d over 6 weeks\): neither is clearly/,
    );
  });

  test('of a flat one, by name', () => {
    const flat = scoreOf(SPRING, new Array<number>(SPRING.cells.length).fill(0));
    expect(compareTwo(unit('A', alone(1)), unit('B', flat), 6).sentence).toBe(
      'Nothing can be said: B hardly moves away from the usual of the day',
    );
    expect(compareTwo(unit('A', flat), unit('B', flat), 6).sentence).toContain('A and B hardly move');
  });

  test.for([
    ['no history at all', []],
    ['two weeks of history', alone(3).slice(0, 14 * 96)],
    ['nothing but gaps', alone(3).map(([at]): Points[number] => [at, null])],
  ] as [string, Points][])('of %s', ([, points]) => {
    const { scales, sentence } = compareTwo(unit('A', alone(1)), unit('B', points), 6);
    expect(sentence).toBe('Too little history to say: 0 hours of the last 6 weeks can be compared');
    expect(scales.flatMap((s) => s.curve).every(([, r]) => r === null)).toBe(true);
    expect(scales.map((s) => [s.lagMs, s.correlation, s.chance])).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
  });
});

test('who is asked about first makes no difference but the sign', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.integer({ min: -8, max: 8 }), fc.integer({ min: 1, max: 1e6 }), (lag, seed) => {
      const [a, b] = pair(lag, AUTUMN, seed, 0.7);
      const [one, two] = [unit('A', a, AUTUMN).sides, unit('B', b, AUTUMN).sides];
      for (const [scale, key] of [
        [HOURS, 'hours'],
        [DAYS, 'days'],
      ] as const) {
        const there = findLead(scale, one[key], two[key]).lead;
        const back = findLead(scale, two[key], one[key]).lead;
        expect(back.lagMs).toBe(there.lagMs === null ? null : 0 - there.lagMs);
        expect(back.correlation).toBe(there.correlation);
        expect(back.chance).toBe(there.chance);
        expect(back.curve.map(([at, r]) => [0 - at, r]).reverse()).toEqual(there.curve);
      }
    }),
    { seed: 5, numRuns: 8 },
  );
});

test(
  'of many unrelated pairs, about one in twenty stands out, and no more are called a lead',
  { timeout: 30_000 },
  () => {
    const n = AUTUMN.cells.length;
    const units = Array.from({ length: 24 }, (_, i) =>
      unit(`U${i}`, scoreOf(AUTUMN, unrest(n, i % 2 ? 0.9 : 0.3, 77 + i)), AUTUMN),
    );
    const found = units.flatMap((a, i) => units.slice(i + 1).map((b) => findLead(HOURS, a.sides.hours, b.sides.hours)));
    expect(found).toHaveLength(276);
    const out = found.filter((f) => (f.highest ?? -1) > (f.lead.chance ?? 1)).length / found.length;
    const named = found.filter((f) => f.verdict === 'first' || f.verdict === 'second').length / found.length;
    expect(out).toBeGreaterThan(0.01);
    expect(out).toBeLessThan(0.09);
    expect(named).toBeLessThan(0.06);
  },
);

test('the more neighbours are looked at, the more must stand out; the clearest lead comes first', () => {
  const [a, b] = pair(3, SPRING, 4);
  const [self, other] = [unit('A', a), unit('B', b)];
  const one = compareNeighbour(self, other, 1, 6);
  const many = compareNeighbour(self, other, 64, 6);
  expect(one?.lagMs).toBe(45 * MINUTES);
  expect(many?.chance).toBeGreaterThan(one?.chance ?? 1);
  expect(compareNeighbour(self, unit('C', scoreOf(SPRING, unrest(SPRING.cells.length, 0.9, 99))), 64, 6)).toBeNull();
  const made = (id: string, lagMs: number, correlation: number): SpreadNeighbour => ({
    ...{ id, name: id, scale: 'hours', chance: 0.2, pairs: 500, sentence: '' },
    lagMs,
    correlation,
  });
  const found = [made('t', 0, 0.9), made('x', 900_000, 0.3), made('y', -900_000, 0.5)];
  expect(rank(found).map((n) => n.id)).toEqual(['y', 'x', 't']);
  expect(sayNeighbours('A', found, 64)).toBe('Of 64 compared, 1 rises before A, 1 after it and 1 together with it');
  expect(sayNeighbours('A', [], 64)).toBe('Of 64 compared, none stands out of chance beside A');
});

test('chance: known quantiles, and less of it the more values there are and the fewer lags are tried', () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 8);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
  expect(normalQuantile(0.999)).toBeCloseTo(3.090232, 5);
  expect(chanceCorrelation(4, 1)).toBeNull();
  expect(chanceCorrelation(100, 1)).toBeCloseTo(0.1655, 3);
  expect(chanceCorrelation(100, 49) ?? 0).toBeGreaterThan(chanceCorrelation(400, 49) ?? 1);
});

test.for([
  [45, 'about 45 min'],
  [-60, 'about 1 hour'],
  [135, 'about 2 hours 15 min'],
  [1440, 'about 1 day'],
  [-4320, 'about 3 days'],
] as const)('a lag of %d minutes is said "%s"', ([minutes, words]) => expect(sayLag(minutes * MINUTES)).toBe(words));
