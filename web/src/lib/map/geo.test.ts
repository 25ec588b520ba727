import { describe, expect, it } from 'vitest';
import { boxOf, isBoundaries, projection, radiusOf } from './geo.ts';

describe('the map', () => {
  it('keeps shapes true and inside the frame', () => {
    const box = boxOf([
      [-2.7, 53.3],
      [-1.9, 53.7],
    ]);
    if (!box) throw new Error('no box');
    const project = projection(box, 300, 200, 10);
    const corner = project(-2.7, 53.7);
    expect(corner.x).toBeGreaterThanOrEqual(9.99);
    expect(corner.y).toBeGreaterThanOrEqual(9.99);
    expect(project(-2.3, 53.5)).toEqual({ x: 150, y: 100 });
  });
  it('sizes circles by area', () => {
    expect(radiusOf(40_000, 40_000, 10)).toBe(10);
    expect(radiusOf(10_000, 40_000, 10)).toBe(5);
  });
  it('refuses a file that is no set of boundaries', () => {
    expect(isBoundaries({ places: [{ id: 'a', name: 'A', rings: [] }] })).toBe(true);
    expect(isBoundaries({ features: [] })).toBe(false);
    expect(isBoundaries(null)).toBe(false);
  });
});
