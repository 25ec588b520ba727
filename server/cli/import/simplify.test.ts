import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simplifyRing } from './simplify.ts';

test('points on a straight side go, corners stay, and the ring stays closed', () => {
  const square = [
    [0, 50],
    [0.5, 50],
    [1, 50],
    [1, 51],
    [0.5, 51],
    [0, 51],
    [0, 50.5],
    [0, 50],
  ] as const;
  expect(simplifyRing(square, 0.001)).toEqual([
    [0, 50],
    [1, 50],
    [1, 51],
    [0, 51],
    [0, 50],
  ]);
});

test('what is smaller than the detail kept is left out', () => {
  expect(
    simplifyRing(
      [
        [0, 50],
        [0.00001, 50],
        [0.00001, 50.00001],
        [0, 50],
      ],
      0.001,
    ),
  ).toBeNull();
});

test('no kept ring has more points than it had, and every point was one of its own', () => {
  const point = fc.tuple(fc.double({ min: -5, max: 2, noNaN: true }), fc.double({ min: 50, max: 55, noNaN: true }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 4, maxLength: 40 }), (points) => {
      const ring = [...points, points[0] ?? ([0, 50] as [number, number])];
      const simple = simplifyRing(ring, 0.05) ?? [];
      expect(simple.length).toBeLessThanOrEqual(ring.length);
      const round = (n: number) => Math.round(n * 1e4) / 1e4;
      const own = new Set(ring.map(([lon, lat]) => `${round(lon)},${round(lat)}`));
      for (const [lon, lat] of simple) expect(own.has(`${lon},${lat}`)).toBe(true);
    }),
  );
});
