import { describe, expect, it } from 'vitest';
import { extendTrail, TRAIL, trendOf } from './timeline.ts';

describe('the trend of a score', () => {
  it('is against the score of a quarter of an hour ago, from three points on', () => {
    expect(trendOf(43, [40, 41, 42])).toBe('rising');
    expect(trendOf(42.9, [40, 41, 42])).toBe('steady');
    expect(trendOf(37, [40, 50, 60])).toBe('falling');
  });

  it('is unknown before there is one to compare with, while the score is unknown, and after a gap until there is one again', () => {
    expect(trendOf(40, [])).toBeNull();
    expect(trendOf(40, [40, 40])).toBeNull();
    expect(trendOf(null, [40, 40, 40])).toBeNull();
    let trail: (number | null)[] = [40, null, null, null];
    expect(trendOf(60, trail)).toBeNull();
    for (const score of [60, 60]) trail = extendTrail(trail, score);
    expect(trendOf(60, trail)).toBeNull();
    expect(trendOf(60, extendTrail(trail, 60))).toBe('steady');
  });

  it('looks back over an hour of five minutes each', () => {
    const trail = Array.from({ length: TRAIL + 5 }, (_, i) => i).reduce<(number | null)[]>(extendTrail, []);
    expect(trail).toHaveLength(TRAIL);
    expect(trail.at(-1)).toBe(TRAIL + 4);
  });
});
