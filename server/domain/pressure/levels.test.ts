import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/model/time.ts';
import { levelOf, NO_STANDING, step, type Reading, type Standing } from './levels.ts';

const rules = {
  levels: [40, 62, 86] as [number, number, number],
  hysteresis: { riseAfter: 2, fallMargin: 4, fallAfterMinutes: 15 },
};
const reading = (minute: number, score: number | null, change: Partial<Reading> = {}): Reading => ({
  at: minute * MINUTE,
  score,
  floor: 1,
  fallScore: score,
  fallFloor: 1,
  fresh: true,
  ...change,
});
/** Levels after each of a list of readings, one a minute. */
const levels = (scores: readonly (number | null)[], change: Partial<Reading> = {}) => {
  let standing: Standing = NO_STANDING;
  return scores.map((score, minute) => (standing = step(standing, reading(minute, score, change), rules)).level);
};
const minutes = (count: number, score: number) => new Array<number>(count).fill(score);

describe('the level between readings', () => {
  it('is what the first reading says', () => {
    expect(levels([70])).toEqual([3]);
  });

  it('rises on the second reading in a row, not on the first', () => {
    expect(levels([10, 45, 45])).toEqual([1, 1, 2]);
    expect(levels([10, 45, 10, 45, 45])).toEqual([1, 1, 1, 1, 2]);
  });

  it('rises as far as all of the readings in a row agree, and goes on from there', () => {
    expect(levels([10, 90, 90])).toEqual([1, 1, 4]);
    expect(levels([10, 45, 90, 90])).toEqual([1, 1, 2, 4]);
  });

  it('does not count a look at the same data as a second reading', () => {
    expect(levels([10, 45, 45, 45], { fresh: false })).toEqual([1, 1, 1, 1]);
  });

  it('falls one level at a time, after the score has stayed well under the start', () => {
    const seen = levels([90, ...minutes(40, 10)]);
    expect(seen.slice(0, 16)).toEqual(minutes(16, 4));
    expect(seen[16]).toBe(3);
    expect(seen[30]).toBe(3);
    expect(seen[31]).toBe(2);
  });

  it('does not fall while the score is only just under the start', () => {
    expect(levels([70, ...minutes(40, 59)]).at(-1)).toBe(3);
  });

  it('starts the wait again when the score comes back up', () => {
    expect(levels([70, ...minutes(10, 50), 60, ...minutes(14, 50)]).at(-1)).toBe(3);
  });

  it('rises at once after the second reading even in the middle of a fall', () => {
    expect(levels([70, ...minutes(20, 10), 90, 90]).at(-1)).toBe(4);
  });

  it('does not fall while missing indicators would hold it up', () => {
    let standing: Standing = step(NO_STANDING, reading(0, 70), rules);
    for (let minute = 1; minute < 60; minute += 1) {
      standing = step(standing, reading(minute, 10, { fallScore: 70 }), rules);
    }
    expect(standing.level).toBe(3);
  });

  it('is unknown without a score, and goes on from where it was after a short silence', () => {
    expect(levels([70, 70, null, null, 10])).toEqual([3, 3, null, null, 3]);
  });

  it('starts from what is seen after a long silence', () => {
    expect(levels([70, ...new Array<null>(30).fill(null), 10]).at(-1)).toBe(1);
  });

  it('never stands above the highest reading nor, while it is fresh twice, below what two readings in a row say', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(scores, (script) => {
        const seen = levels(script);
        const highest = Math.max(...script.map((s) => levelOf(s, rules.levels)));
        seen.forEach((level, i) => {
          expect(level).toBeLessThanOrEqual(highest);
          if (i === 0) return;
          const both = Math.min(script[i] ?? 0, script[i - 1] ?? 0);
          expect(level).toBeGreaterThanOrEqual(levelOf(both, rules.levels));
          expect((seen[i - 1] ?? 0) - (level ?? 0)).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});
