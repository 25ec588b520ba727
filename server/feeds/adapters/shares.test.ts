import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siteOf } from '../../../test/fixtures/feeds/samples.ts';
import { sharesOf, splitCount } from './shares.ts';

const lists = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 20 });
const of = (populations: readonly (number | null)[]) =>
  populations.map((population, i) => ({ ...siteOf(`P8${1000 + i}`), population }));

describe('what several practices share', () => {
  it('adds up to the whole exactly, in any order, and no part falls when the whole grows', () => {
    fc.assert(
      fc.property(
        lists,
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.integer({ min: 0, max: 500 }),
        (populations, count, more) => {
          const shares = sharesOf(of(populations), 'list-size');
          const before = splitCount(count, shares);
          const after = splitCount(count + more, shares);
          expect(before.reduce((a, b) => a + b, 0)).toBe(count);
          expect(before.toReversed().reduce((a, b) => a + b, 0)).toBe(count);
          for (const [i, part] of before.entries()) {
            expect(part).toBeGreaterThanOrEqual(0);
            expect(after[i]).toBeGreaterThanOrEqual(part);
          }
        },
      ),
      { seed: 20261123, numRuns: 2000 },
    );
  });

  it('goes by list size to within a millionth of a call', () => {
    const parts = splitCount(1000, sharesOf(of([2000, 6000, 12_000]), 'list-size'));
    expect(parts[0]).toBeCloseTo(100, 5);
    expect(parts[1]).toBeCloseTo(300, 5);
    expect(parts[2]).toBeCloseTo(600, 5);
  });

  it.each([
    ['equal parts are wanted', [2000, 6000], 'equal'],
    ['a list size is not known', [2000, null], 'list-size'],
    ['a list is empty', [2000, 0], 'list-size'],
  ] as const)('goes equally where %s', (_, populations, split) => {
    expect(splitCount(7, sharesOf(of(populations), split))).toEqual([3.5, 3.5]);
  });
});
