import type { Indicator } from '$shared/model/unit';
import { describe, expect, it } from 'vitest';
import { CUTOFF_PLACES, placeOf, placesOf } from './indicator-scale.ts';
import { sayValue, whyLeftOut } from './indicator-words.ts';
import { byPoints, startsLine, sumOf } from './score.ts';

function indicator(over: Partial<Indicator>): Indicator {
  return {
    indicator: 'x',
    label: 'X',
    metric: 'calls.longest-wait',
    measure: 'seconds',
    points: 0,
    weight: 1,
    value: 0,
    usual: null,
    cutoffs: [10, 20, 30],
    direction: 'high',
    absence: null,
    ...over,
  };
}

describe('the scale of an indicator', () => {
  it('puts worse to the right, for rising and for falling measures', () => {
    for (const cutoffs of [[10, 20, 30] as const, [0.2, 0.08, 0] as const]) {
      const better = cutoffs[0] - (cutoffs[2] - cutoffs[0]);
      const steps = Array.from({ length: 21 }, (_, i) => better + ((cutoffs[2] - better) * 1.2 * i) / 20);
      const places = steps.map((v) => placeOf(v, [...cutoffs], better));
      expect([...places].sort((a, b) => a - b)).toEqual(places);
      expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...places)).toBeLessThanOrEqual(1);
    }
  });

  it('puts every value in the zone of its points', () => {
    const [p1, p2, p3] = CUTOFF_PLACES;
    expect(placeOf(9, [10, 20, 30], 0)).toBeLessThan(p1);
    expect(placeOf(15, [10, 20, 30], 0)).toBeGreaterThan(p1);
    expect(placeOf(15, [10, 20, 30], 0)).toBeLessThan(p2);
    expect(placeOf(25, [10, 20, 30], 0)).toBeLessThan(p3);
    expect(placeOf(0, [0.2, 0.08, 0], 0.5)).toBeGreaterThan(p3);
  });

  it('has no dot for what is absent and no scale without cut-offs', () => {
    expect(placesOf(indicator({ value: null, points: null }))).toEqual({ now: null, usual: null });
    expect(placesOf(indicator({ cutoffs: null, value: 3 })).now).toBeNull();
    expect(placesOf(indicator({ value: 5, usual: 4 })).usual).not.toBeNull();
  });
});

describe('the arithmetic of a score', () => {
  const rows = [
    indicator({ indicator: 'a', points: 1, weight: 2 }),
    indicator({ indicator: 'b', points: null, weight: 5 }),
    indicator({ indicator: 'c', points: 3, weight: 4 }),
  ];

  it('leaves absent rows out of both sides', () => {
    expect(sumOf(rows)).toEqual({ given: 14, possible: 18, leftOut: 1 });
  });

  it('lists the heaviest first and keeps what is left out at the end', () => {
    expect(byPoints(rows).map((r) => r.indicator)).toEqual(['c', 'a', 'b']);
  });

  it('names the starts that matter from here', () => {
    expect(startsLine([40, 62, 86], 1)).toBe('level 2 from 40, level 3 from 62');
    expect(startsLine([40, 62, 86], 4)).toBe('level 4 from 86');
    expect(startsLine([40, 62, 86], null)).toBe('level 2 from 40, level 3 from 62');
  });
});

describe('the words of an indicator', () => {
  it('say why it gives no points, or that what is known is not judged now', () => {
    const out = (over: Partial<Indicator>) => indicator({ points: null, value: null, ...over });
    expect(whyLeftOut(out({ absence: 'unreachable' }), { metrics: {} })).toBe('no answer');
    expect(whyLeftOut(out({ detail: 'too-few' }), { metrics: {} })).toBe('too few calls to judge');
    expect(whyLeftOut(out({}), { metrics: {} })).toBe('not reported');
    const metrics = { 'calls.longest-wait': { value: 600, absence: null, observedAt: null } };
    expect(whyLeftOut(out({}), { metrics })).toBe('10 min: too few or too early to judge');
  });

  it('say the unit of measure where the name does not', () => {
    expect(sayValue({ measure: 'per-1000', label: 'Callbacks waiting' }, 0.8)).toBe('0.8 per 1,000');
    expect(sayValue({ measure: 'per-1000', label: 'Online requests open per 1,000' }, 0.8)).toBe('0.8');
    expect(sayValue({ measure: 'count', label: 'X' }, null)).toBe('–');
  });
});
