import { grown, shared, type Box } from './labels.ts';
import type { Point } from './spread-apart.ts';

/** A place and its border in pixels. */
export interface Bordered {
  readonly id: string;
  readonly rings: readonly (readonly Point[])[];
  /** Size of its name as it is written. */
  readonly w: number;
  readonly h: number;
}

export interface OutsideName {
  readonly id: string;
  readonly box: Box;
  /** Side of the box that touches the border. */
  readonly anchor: 'start' | 'middle' | 'end';
}

const STEP = 6;

/**
 * Names of places just outside the border of all of them, each beside its own: no two overlap, none leaves `within`.
 * A place amid the others has no side of its own, and one whose name finds no room is left out: name those inside.
 */
export function outsideNames(places: readonly Bordered[], within: Box, taken: readonly Box[] = []): OutsideName[] {
  const borders = places.flatMap(({ rings }) => rings);
  const isInland = (x: number, y: number) => borders.some((ring) => isInRing(ring, x, y));
  const middle = middleOf(borders.flat());
  const named: OutsideName[] = [];
  for (const place of places) {
    let best: { cost: number; name: OutsideName } | null = null;
    for (const point of place.rings.flat()) {
      for (const name of beside(place, point, middle)) {
        const cost = costOf(name.box, point, place, middle);
        if (best && cost >= best.cost) continue;
        if (!isWithin(name.box, within) || touchesLand(name.box, isInland, borders)) continue;
        if ([...taken, ...named.map(({ box }) => box)].some((other) => shared(grown(name.box, 4), other) > 0)) continue;
        best = { cost, name };
      }
    }
    if (best) named.push(best.name);
  }
  return named;
}

/** The name's box a little outwards of a point of the border, at three distances. */
function* beside(place: Bordered, point: Point, middle: Point): Iterable<OutsideName> {
  const length = Math.hypot(point.x - middle.x, point.y - middle.y) || 1;
  const ux = (point.x - middle.x) / length;
  const uy = (point.y - middle.y) / length;
  const anchor = ux > 0.35 ? 'start' : ux < -0.35 ? 'end' : 'middle';
  for (const away of [STEP, 3 * STEP, 6 * STEP]) {
    const x = point.x + ux * away;
    const y = point.y + uy * away;
    const left = anchor === 'start' ? x : anchor === 'end' ? x - place.w : x - place.w / 2;
    const top = uy > 0.5 ? y : uy < -0.5 ? y - place.h : y - place.h / 2;
    yield { id: place.id, anchor, box: { x: left, y: top, w: place.w, h: place.h } };
  }
}

/** Near its point, and straight outwards of the middle of its own place. */
function costOf(box: Box, point: Point, place: Bordered, middle: Point): number {
  const own = middleOf(place.rings.flat());
  const outwards = Math.atan2(own.y - middle.y, own.x - middle.x);
  const here = Math.atan2(point.y - middle.y, point.x - middle.x);
  const turn = Math.abs(Math.atan2(Math.sin(here - outwards), Math.cos(here - outwards)));
  return Math.hypot(box.x + box.w / 2 - point.x, box.y + box.h / 2 - point.y) * 0.6 + turn * 60;
}

function touchesLand(box: Box, isInland: (x: number, y: number) => boolean, rings: Bordered['rings']): boolean {
  for (let column = 0; column <= 4; column += 1) {
    for (let row = 0; row <= 2; row += 1) {
      if (isInland(box.x + (box.w * column) / 4, box.y + (box.h * row) / 2)) return true;
    }
  }
  // A spit of land may pass between the points that were asked.
  const tight = grown(box, 2);
  return rings.some((ring) => ring.some(({ x, y }) => shared(tight, { x, y, w: 0.1, h: 0.1 }) > 0));
}

const isWithin = (box: Box, frame: Box) =>
  box.x >= frame.x && box.y >= frame.y && box.x + box.w <= frame.x + frame.w && box.y + box.h <= frame.y + frame.h;

export function middleOf(points: readonly Point[]): Point {
  const count = Math.max(1, points.length);
  return {
    x: points.reduce((sum, { x }) => sum + x, 0) / count,
    y: points.reduce((sum, { y }) => sum + y, 0) / count,
  };
}

/** Whether a point lies inside a closed ring (even-odd rule). */
export function isInRing(ring: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const a = ring[i];
    const b = ring[j];
    if (!a || !b) continue;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
