import type { Mark } from './marks.ts';
import { nearestAreas } from './nearest-areas.ts';

/** So far beyond the frame that its edge is no border of an area. */
const BEYOND = 40;

/** What is nearest to each hub drawn, as SVG points. */
export function areasOf(marks: readonly Mark[], width: number, height: number): string[] {
  const hubs = marks.filter(({ hub }) => hub).map(({ x, y }) => ({ x: x + BEYOND, y: y + BEYOND }));
  return nearestAreas(hubs, width + 2 * BEYOND, height + 2 * BEYOND).map((ring) =>
    ring.map(({ x, y }) => `${(x - BEYOND).toFixed(1)},${(y - BEYOND).toFixed(1)}`).join(' '),
  );
}

/** Lines between the selected mark and those of the other kind that belong to it. */
export function spokesOf(marks: readonly Mark[], selected: string | null, related: ReadonlySet<string> | null) {
  const from = marks.find(({ unit }) => unit.id === selected);
  if (!from || !related) return [];
  return marks.filter(({ unit, hub }) => related.has(unit.id) && hub !== from.hub).map((to) => ({ from, to }));
}

export const withOne = (ids: ReadonlySet<string>, one: string | null): ReadonlySet<string> =>
  one === null ? ids : new Set([...ids, one]);
