import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupBorders } from './hex-shape.ts';
import { hexAt, hexCentre, hexDistance, hexLayout, type Placed } from './hexes.ts';

/** Practices of a shipped system at their published positions; the group is the network. */
function practices(system: string): Placed[] {
  const file = readFileSync(new URL(`../../../../server/systems/${system}/sites.csv`, import.meta.url), 'utf8');
  return [...file.matchAll(/,practice,([^,]*),\d+,([\d.]+),(-?[\d.]+),/g)].map(([, group = '', lat, lon]) => ({
    group,
    x: Number(lon) * 0.6,
    y: -Number(lat),
  }));
}

const crowd = fc.array(
  fc.record({
    group: fc.constantFrom('a', 'b', 'c'),
    x: fc.double({ min: 0, max: 100, noNaN: true }),
    y: fc.double({ min: 0, max: 50, noNaN: true }),
  }),
  { maxLength: 50 },
);

const distinct = (units: readonly Placed[]) => new Set(hexLayout(units).map(({ q, r }) => `${q}/${r}`)).size;

describe('the cartogram', () => {
  it('gives every unit a hexagon of its own, also where they all stand on one spot', () => {
    fc.assert(
      fc.property(crowd, (units) => {
        expect(distinct(units)).toBe(units.length);
      }),
      { numRuns: 25 },
    );
    expect(distinct(Array.from({ length: 60 }, () => ({ group: 'a', x: 1, y: 1 })))).toBe(60);
  });

  it('is the same every time', () => {
    const units = practices('sefton');
    expect(hexLayout(units)).toEqual(hexLayout(units));
  });

  it.each(['sefton', 'county-durham', 'greater-manchester'])('keeps neighbours of %s near', (system) => {
    const units = practices(system);
    expect(units.length).toBeGreaterThan(30);
    const cells = hexLayout(units);
    const steps = units.map((unit, index) => {
      const others = units.map((other, i) => ({ i, away: Math.hypot(unit.x - other.x, unit.y - other.y) }));
      const nearest = others.filter(({ i }) => i !== index).sort((a, b) => a.away - b.away)[0];
      const [here, there] = [cells[index], cells[nearest?.i ?? 0]];
      return here && there ? hexDistance(here, there) : Infinity;
    });
    expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeLessThan(3);
  });

  it('keeps the compass: who is north stays above, who is west stays left', () => {
    const units = practices('sefton');
    const at = hexLayout(units).map(hexCentre);
    const inOrder = units.flatMap((a, i) =>
      units.slice(0, i).map((b, j) => (a.y - b.y) * ((at[i]?.y ?? 0) - (at[j]?.y ?? 0)) >= 0),
    );
    expect(inOrder.filter(Boolean).length / inOrder.length).toBeGreaterThan(0.85);
  });
});

describe('a hexagon', () => {
  it('holds its own middle', () => {
    for (const hex of [
      { q: 0, r: 0 },
      { q: 3, r: -5 },
      { q: -4, r: 2 },
    ])
      expect(hexAt(hexCentre(hex))).toEqual(hex);
  });
  it('draws a border only where its group ends', () => {
    const pair = (group: string) => [
      { q: 0, r: 0, group: 'a' },
      { q: 1, r: 0, group },
    ];
    const edges = (group: string) => groupBorders(pair(group), hexCentre, 1).split('M').length - 1;
    expect(edges('a')).toBe(10);
    expect(edges('b')).toBe(11);
  });
});
