import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageByDeprivation, scoreGroup, type Parts } from './rollup.ts';

const rules = { uplift: 20, minimumCoverage: 0.5 };
const SHARP = { ...rules, concentrated: { part: 4, least: 2, share: 0.05 } } as const;
interface Practice {
  population: number;
  score: number | null;
}
const partsOf = (practices: readonly Practice[]): Parts => {
  const known = practices.filter((p): p is { population: number; score: number } => p.score !== null);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const scored = sum(known.map((p) => p.population * p.score));
  const distressed = sum(known.filter((p) => p.score >= 62).map((p) => p.population));
  const extreme = sum(known.filter((p) => p.score >= 86).map((p) => p.population));
  const worst = Math.max(-1, ...known.map((p) => p.score));
  const population = sum(known.map((p) => p.population));
  return {
    open: sum(practices.map((p) => p.population)),
    known: population,
    scored,
    distressed,
    extreme,
    worst,
    lastKnown: population,
    lastScored: scored,
    lastDistressed: distressed,
    lastExtreme: extreme,
    lastWorst: worst,
  };
};
const practices = fc.array(
  fc.record({
    population: fc.integer({ min: 1, max: 30_000 }),
    score: fc.integer({ min: 0, max: 1000 }).map((s) => s / 10),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('the score of a group', () => {
  it('is the mean by population, with an uplift for the share that is in distress', () => {
    const parts = partsOf([
      { population: 9000, score: 20 },
      { population: 3000, score: 80 },
    ]);
    expect(scoreGroup(parts, rules).score).toBe(40);
    expect(scoreGroup(parts, { ...rules, uplift: 0 }).score).toBe(35);
  });

  it('lies between its best and its worst part', () => {
    fc.assert(
      fc.property(practices, (all) => {
        const { score } = scoreGroup(partsOf(all), rules);
        expect(score).toBeGreaterThanOrEqual(Math.min(...all.map((p) => p.score)) - 0.05);
        expect(score).toBeLessThanOrEqual(Math.max(...all.map((p) => p.score)));
      }),
    );
  });

  it('never falls when one part gets worse', () => {
    fc.assert(
      fc.property(practices, fc.nat(), (all, pick) => {
        const at = pick % all.length;
        const worse = all.map((p, i) => (i === at ? { ...p, score: Math.min(100, p.score + 10) } : p));
        expect(scoreGroup(partsOf(worse), rules).score ?? 0).toBeGreaterThanOrEqual(
          scoreGroup(partsOf(all), rules).score ?? 0,
        );
      }),
    );
  });

  it('is unknown when too few of its patients are known, and says how many are', () => {
    const parts = partsOf([
      { population: 6000, score: null },
      { population: 4000, score: 90 },
    ]);
    expect(scoreGroup(parts, rules)).toMatchObject({ score: null, coverage: 0.4, closed: false });
  });

  it('is the mean and what concentrated distress adds, said apart', () => {
    const parts = partsOf([
      { population: 9000, score: 20 },
      { population: 3000, score: 80 },
    ]);
    expect(scoreGroup(parts, rules)).toMatchObject({ score: 40, mean: 35, uplift: 5 });
  });

  it('does not let one practice in extremes vanish in a calm group, from the stated share of patients on', () => {
    const of = (population: number) =>
      partsOf([
        { population: 100_000 - population, score: 5 },
        { population, score: 95 },
      ]);
    expect(scoreGroup(of(5000), SHARP)).toMatchObject({ floor: 2, fallFloor: 2 });
    expect(scoreGroup(of(4000), SHARP)).toMatchObject({ floor: 1, fallFloor: 1 });
    expect(scoreGroup(of(5000), rules).floor).toBe(1);
    expect(scoreGroup(of(10), { ...SHARP, concentrated: { part: 4, least: 3 } }).floor).toBe(3);
    expect(scoreGroup(partsOf([{ population: 9, score: 85 }]), SHARP).floor).toBe(1);
  });

  it('asks for no less when one part gets worse, and never for more than its worst part', () => {
    fc.assert(
      fc.property(practices, fc.nat(), fc.constantFrom(3 as const, 4 as const), (all, pick, part) => {
        const sharp = { ...rules, concentrated: { part, least: part, share: 0.1 } };
        const at = pick % all.length;
        const worse = all.map((p, i) => (i === at ? { ...p, score: Math.min(100, p.score + 20) } : p));
        const { floor } = scoreGroup(partsOf(all), sharp);
        expect(scoreGroup(partsOf(worse), sharp).floor).toBeGreaterThanOrEqual(floor);
        const levels = all.map((p) => (p.score >= 86 ? 4 : p.score >= 62 ? 3 : 1));
        expect(floor).toBeLessThanOrEqual(Math.max(...levels));
      }),
      { seed: 4 },
    );
  });

  it('says when the most deprived fifth is under-represented, by the stated gap', () => {
    const patients = { most: 1000, mostKnown: 800, others: 4000, othersKnown: 3600 };
    expect(coverageByDeprivation(patients, {})).toEqual({ coverage: 0.8, others: 0.9, short: true });
    expect(coverageByDeprivation(patients, { deprivation: { gap: 0.1 } })).toMatchObject({ short: false });
    expect(coverageByDeprivation({ ...patients, most: 0, mostKnown: 0 }, {})).toBeNull();
  });

  it('is closed, not unknown, when nothing is open', () => {
    expect(scoreGroup(partsOf([]), rules)).toMatchObject({ score: null, closed: true });
  });
});
