import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from './decimate.ts';
import type { Point } from './types.ts';

const FROM = 0;
const TO = 1000;
const series = fc
  .array(fc.tuple(fc.integer({ min: FROM, max: TO }), fc.option(fc.integer({ min: -50, max: 900 }), { freq: 6 })), {
    maxLength: 400,
  })
  .map((rows): Point[] => [...new Map(rows)].sort(([a], [b]) => a - b));
const pixels = fc.integer({ min: 1, max: 60 });
const columnOf = (at: number, count: number) => Math.floor(((at - FROM) / (TO - FROM)) * count);

describe('decimation', () => {
  it('keeps the highest and the lowest of every column', () => {
    fc.assert(
      fc.property(series, pixels, (points, count) => {
        const extremes = (list: readonly Point[]) => {
          const found = new Map<number, [number, number]>();
          for (const [at, value] of list) {
            if (value === null) continue;
            const [low, high] = found.get(columnOf(at, count)) ?? [value, value];
            found.set(columnOf(at, count), [Math.min(low, value), Math.max(high, value)]);
          }
          return found;
        };
        expect(extremes(decimate(points, FROM, TO, count))).toEqual(extremes(points));
      }),
    );
  });

  it('makes up no point and changes no order', () => {
    fc.assert(
      fc.property(series, pixels, (points, count) => {
        const places = decimate(points, FROM, TO, count).map((point) => points.indexOf(point));
        expect(places).not.toContain(-1);
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
    );
  });

  it('draws no line across a gap, and hides none', () => {
    fc.assert(
      fc.property(series, pixels, (points, count) => {
        const kept = decimate(points, FROM, TO, count);
        for (let i = 1; i < kept.length; i++) {
          const a = kept[i - 1];
          const b = kept[i];
          if (!a || !b || a[1] === null || b[1] === null) continue;
          const between = points.slice(points.indexOf(a) + 1, points.indexOf(b));
          expect(between.every(([, value]) => value !== null)).toBe(true);
        }
      }),
    );
  });

  it('leaves at most four points a column and one null a gap', () => {
    fc.assert(
      fc.property(series, pixels, (points, count) => {
        fc.pre(points.length > 4 * count);
        const gaps = points.filter(([, value], i) => value === null && points[i - 1]?.[1] !== null).length;
        // A gap cuts its column in two, each of which keeps its own four.
        expect(decimate(points, FROM, TO, count).length).toBeLessThanOrEqual(4 * (count + 1 + gaps) + gaps);
      }),
    );
  });

  it('leaves alone what fits', () => {
    const points: Point[] = [
      [0, 1],
      [10, null],
      [20, 3],
    ];
    expect(decimate(points, 0, 100, 200)).toBe(points);
  });
});
