import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, trait } from '../random.ts';
import { largestRemainder } from './largest-remainder.ts';
import { rake } from './rake.ts';
import { replayCounts } from './volumes.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('largest remainders keep the total and stay within one of each value', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
      const whole = largestRemainder(values);
      expect(sum(whole)).toBe(Math.round(sum(values)));
      whole.forEach((n, i) => expect(Math.abs(n - (values[i] ?? 0))).toBeLessThan(1));
    }),
  );
});

test('a replayed day: every practice sums to its own total, and all of them to the day within one call', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 80 }),
      fc.array(fc.double({ min: 0, max: 0.02, noNaN: true }), { minLength: 9, maxLength: 9 }),
      (months, shares) => {
        const practices = months.map((inbound, i) => ({ id: `P${String(i)}`, inbound }));
        const counts = replayCounts(practices, shares);
        const total = sum([...counts.values()].map(sum));
        expect(Math.abs(total - sum(months) * sum(shares))).toBeLessThanOrEqual(1);
        for (const { id, inbound } of practices) {
          const bands = counts.get(id) ?? [];
          expect(Math.abs(sum(bands) - inbound * sum(shares))).toBeLessThanOrEqual(1);
          bands.forEach((n) => expect(Number.isInteger(n) && n >= 0).toBe(true));
        }
      },
    ),
  );
});

test('raking meets the target over all cells while every cell still sums to one', () => {
  const base = Float64Array.from([0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.4, 0.4, 0.2]);
  const weights = Float64Array.from([100, 40, 10]);
  const target = [50, 70, 30];
  const shares = rake(base, weights, target);
  for (let cell = 0; cell < 3; cell++) expect(sum([...shares.slice(cell * 3, cell * 3 + 3)])).toBeCloseTo(1, 9);
  target.forEach((wanted, k) => {
    const got = [0, 1, 2].reduce((total, cell) => total + (weights[cell] ?? 0) * (shares[cell * 3 + k] ?? 0), 0);
    expect(got).toBeCloseTo(wanted, 2);
  });
});

test('a target of zero stays zero, and an empty practice does not break it', () => {
  const shares = rake(Float64Array.from([0.5, 0.5]), Float64Array.from([10]), [10, 0]);
  expect([...shares]).toEqual([1, 0]);
  expect([...rake(Float64Array.from([0, 0]), Float64Array.from([0]), [0, 0])]).toEqual([0.5, 0.5]);
});

test('random streams depend on their parts alone', () => {
  const draw = (...parts: (string | number)[]) => {
    const random = createRandom(...parts);
    return [random.next(), random.poisson(3), random.normal(), random.pick([1, 2, 3])];
  };
  expect(draw(7, '2026-01-05', 'P81001')).toEqual(draw(7, '2026-01-05', 'P81001'));
  expect(draw(7, '2026-01-05', 'P81001')).not.toEqual(draw(8, '2026-01-05', 'P81001'));
  expect(trait('a', 'bc')).not.toBe(trait('ab', 'c'));
});

test('poisson and uniform draws have the means they should', () => {
  const random = createRandom('means');
  for (const mean of [0.4, 7, 120]) {
    const draws = Array.from({ length: 4000 }, () => random.poisson(mean));
    expect(Math.abs(sum(draws) / draws.length / mean - 1)).toBeLessThan(0.06);
  }
  const uniform = Array.from({ length: 4000 }, () => random.next());
  expect(Math.abs(sum(uniform) / uniform.length - 0.5)).toBeLessThan(0.02);
});
