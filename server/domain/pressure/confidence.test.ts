import { describe, expect, it } from 'vitest';
import type { Indicator } from '#shared/model/unit.ts';
import { confidenceOf, NO_DOUBT, siteDoubt } from './confidence.ts';

const indicator = (change: Partial<Indicator>): Indicator => ({
  indicator: 'wait',
  label: 'Wait',
  metric: 'calls.longest-wait',
  measure: 'seconds',
  points: 1,
  weight: 1,
  value: 1,
  usual: null,
  cutoffs: null,
  direction: 'high',
  absence: null,
  ...change,
});

describe('how sure a level is', () => {
  it('is high where everything is known, with nothing to add', () => {
    expect(confidenceOf(NO_DOUBT, 'its points', null)).toEqual({ word: 'high', share: 1, reason: '' });
  });

  it('counts each indicator once, by weight, for its gravest doubt', () => {
    expect(
      siteDoubt([
        indicator({ weight: 4 }),
        indicator({ weight: 3, points: null, value: null, absence: 'unreachable' }),
        indicator({ weight: 1, held: true, thin: true }),
        indicator({ weight: 1, estimated: true, thin: true }),
        indicator({ weight: 1, thin: true }),
        // Says nothing now: no lack of anything.
        indicator({ weight: 9, points: null, value: null }),
      ]),
    ).toEqual({ missing: 0.3, held: 0.1, estimated: 0.1, thin: 0.1 });
    expect(siteDoubt([])).toEqual(NO_DOUBT);
  });

  it('takes what is missing or held in full, estimates and thin normals by half, and says the gravest first', () => {
    expect(confidenceOf({ missing: 0.1, held: 0, estimated: 0.2, thin: 0.4 }, 'its points', null)).toEqual({
      word: 'medium',
      share: 0.6,
      reason:
        'of its points **40%** is judged against a normal with little history of its own, **10%** is missing, **20%** is estimated',
    });
    expect(confidenceOf({ missing: 0.3, held: 0.2, estimated: 0, thin: 0 }, 'its points', null).word).toBe('low');
  });

  it('is one lower where the most deprived are under-represented, and never lower than low', () => {
    const short = 'the most deprived fifth is under-represented';
    expect(confidenceOf(NO_DOUBT, 'x', short)).toEqual({ word: 'medium', share: 1, reason: short });
    expect(confidenceOf({ ...NO_DOUBT, missing: 0.9 }, 'x', short).word).toBe('low');
  });
});
