import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryPoints, boxOf, isBoundaries, projection } from './geo.ts';
import { boxOfCircle, placePlates, shared } from './labels.ts';
import { isInRing, outsideNames } from './outside-names.ts';
import { spreadApart, type Circle } from './spread-apart.ts';

const circle = fc.record({
  x: fc.double({ min: 0, max: 400, noNaN: true }),
  y: fc.double({ min: 0, max: 300, noNaN: true }),
  r: fc.double({ min: 2, max: 18, noNaN: true }),
});
const crowd = fc.array(circle, { maxLength: 60 });

const closest = (circles: readonly Circle[], points: readonly { x: number; y: number }[]) => {
  let least = Infinity;
  points.forEach((a, i) => {
    points.slice(0, i).forEach((b, j) => {
      const reach = (circles[i]?.r ?? 0) + (circles[j]?.r ?? 0);
      least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y) - reach);
    });
  });
  return least;
};

describe('circles pushed apart', () => {
  it('never overlap, whoever they are, and keep the gap', () => {
    fc.assert(
      fc.property(crowd, (circles) => {
        expect(closest(circles, spreadApart(circles, 3))).toBeGreaterThan(2.95);
      }),
      { numRuns: 40 },
    );
  });
  it('part even where hundreds stand on one spot', () => {
    const heap = Array.from({ length: 300 }, (_gap, index) => ({ x: 100, y: 100, r: 3 + (index % 4) }));
    expect(closest(heap, spreadApart(heap))).toBeGreaterThan(-0.05);
  });
  it('come to stand at the same points every time', () => {
    fc.assert(
      fc.property(crowd, (circles) => {
        expect(spreadApart(circles, 2)).toEqual(spreadApart(circles, 2));
      }),
      { numRuns: 10 },
    );
  });
  it('stay where they are where there is room', () => {
    const [a, b] = spreadApart(
      [
        { x: 0, y: 0, r: 5 },
        { x: 40, y: 0, r: 5 },
      ],
      2,
    );
    expect(Math.hypot(a?.x ?? 9, a?.y ?? 9)).toBeLessThan(0.1);
    expect(Math.hypot((b?.x ?? 9) - 40, b?.y ?? 9)).toBeLessThan(0.1);
  });
});

/** The borders that ship, in a frame of 1200 x 800 with a margin. */
function shipped(system: string) {
  const file: unknown = JSON.parse(
    readFileSync(new URL(`../../../static/geo/${system}.json`, import.meta.url), 'utf8'),
  );
  if (!isBoundaries(file)) throw new Error('no boundaries');
  const box = boxOf(boundaryPoints(file));
  if (!box) throw new Error('no points');
  const project = projection(box, 1200, 800, 90);
  return file.places.map(({ id, name, rings }) => ({
    id,
    rings: rings.map((ring) => ring.map(([lon, lat]) => project(lon, lat))),
    w: name.length * 9,
    h: 20,
  }));
}
const frame = { x: 0, y: 0, w: 1200, h: 800 };

describe('names outside the border', () => {
  it.each([
    ['greater-manchester', []],
    ['sefton', []],
    // It lies amid Warwickshire: its name stands inside.
    ['coventry-and-warwickshire', ['coventry']],
  ])('stand beside every place of %s that has an outside, on no land and on no other name', (system, inland) => {
    const places = shipped(system);
    const names = outsideNames(places, frame);
    const expected = places.map(({ id }) => id).filter((id) => !inland.includes(id));
    expect(names.map(({ id }) => id).sort()).toEqual(expected.sort());
    for (const [index, { box }] of names.entries()) {
      for (const other of names.slice(0, index)) expect(shared(box, other.box)).toBe(0);
      const corners = [0, 1].flatMap((c) => [0, 1].map((r) => [box.x + c * box.w, box.y + r * box.h] as const));
      const rings = places.flatMap((place) => place.rings);
      for (const [x, y] of corners) expect(rings.some((ring) => isInRing(ring, x, y))).toBe(false);
    }
  });
  it('leave out those that find no room', () => {
    expect(outsideNames(shipped('greater-manchester'), { x: 0, y: 0, w: 1, h: 1 })).toEqual([]);
  });
});

describe('plates', () => {
  const marks = Array.from({ length: 12 }, (_gap, index) => ({
    x: 100 + (index % 4) * 60,
    y: 100 + Math.floor(index / 4) * 60,
    r: 18,
    weight: 1,
  }));
  const wanted = marks.map((at, index) => ({ id: `m${index}`, at, w: 90, h: 20 }));

  it('cover neither each other nor their own mark nor what is taken, and stay inside', () => {
    const taken = [{ x: 100, y: 0, w: 200, h: 60 }];
    const plates = placePlates(wanted, { within: { x: 0, y: 0, w: 400, h: 320 }, taken, marks, reach: 120 });
    expect(plates.length).toBeGreaterThan(3);
    expect(plates[0]?.id).toBe('m0');
    for (const [index, { id, box }] of plates.entries()) {
      for (const other of plates.slice(0, index)) expect(shared(box, other.box)).toBe(0);
      for (const each of taken) expect(shared(box, each)).toBe(0);
      const own = wanted.find((want) => want.id === id);
      expect(own && shared(box, boxOfCircle(own.at))).toBe(0);
    }
  });
});
