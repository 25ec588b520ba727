import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreGroup, type Parts } from './rollup.ts';

const rules = { uplift: 20, minimumCoverage: 0.5 };
interface Practice {
  population: number;
  score: number | null;
}
const partsOf = (practices: readonly Practice[]): Parts => {
  const known = practices.filter((p): p is { population: number; score: number } => p.score !== null);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const scored = sum(known.map((p) => p.population * p.score));
  const distressed = sum(known.filter((p) => p.score >= 62).map((p) => p.population));
  const worst = Math.max(-1, ...known.map((p) => p.score));
  const population = sum(known.map((p) => p.population));
  return {
    open: sum(practices.map((p) => p.population)),
    known: population,
    scored,
    distressed,
    worst,
    lastKnown: population,
    lastScored: scored,
    lastDistressed: distressed,
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

  it('is closed, not unknown, when nothing is open', () => {
    expect(scoreGroup(partsOf([]), rules)).toMatchObject({ score: null, closed: true });
  });
});
