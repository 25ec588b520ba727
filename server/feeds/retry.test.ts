import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, holdMs, retriesBeforeSchedule } from './retry.ts';

describe('back-off', () => {
  it('grows, is jittered and stays within half a second and half a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (n, random) => {
        expect(backOffMs(n, random)).toBeGreaterThanOrEqual(500);
        expect(backOffMs(n, random)).toBeLessThanOrEqual(30_000);
        expect(backOffMs(n + 1, random)).toBeGreaterThanOrEqual(backOffMs(n, random));
      }),
      { seed: 1 },
    );
    expect(backOffMs(1, 0.9)).toBeGreaterThan(backOffMs(1, 0.1));
  });

  it('honours what a supplier asks for, up to a quarter of an hour', () => {
    expect(holdMs(20_000, 1, 0)).toBe(20_000);
    expect(holdMs(9_999_999, 1, 0)).toBe(15 * 60_000);
    expect(holdMs(null, 1, 0)).toBe(1000);
  });

  it('asks again before the schedule only for faults that may pass, and only a few times', () => {
    expect(retriesBeforeSchedule('timeout', 1, 15_000)).toBe(true);
    expect(retriesBeforeSchedule('timeout', 4, 15_000)).toBe(false);
    expect(retriesBeforeSchedule('unauthorised', 1, 15_000)).toBe(false);
    expect(retriesBeforeSchedule('not-onboarded', 1, 15_000)).toBe(false);
  });

  it('goes on asking a feed that the schedule would leave alone for hours', () => {
    const day = 24 * 3_600_000;
    expect(retriesBeforeSchedule('timeout', Infinity, day)).toBe(true);
    expect(retriesBeforeSchedule('forbidden', Infinity, day)).toBe(false);
  });
});
