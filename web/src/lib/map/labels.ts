import type { Circle, Point } from './spread-apart.ts';

/** Left, top, width and height in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Area that two boxes share, in square pixels. */
export function shared(a: Box, b: Box): number {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}

export function grown(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y - by, w: box.w + 2 * by, h: box.h + 2 * by };
}

export const boxOfCircle = ({ x, y, r }: Circle): Box => ({ x: x - r, y: y - r, w: 2 * r, h: 2 * r });

/** A name that wants to be near its mark: its text's size in pixels. */
export interface Wanted {
  readonly id: string;
  readonly at: Circle;
  readonly w: number;
  readonly h: number;
}

export interface Plate {
  readonly id: string;
  readonly box: Box;
  /** From the edge of the mark to the edge of the plate; null where they all but touch. */
  readonly leader: { readonly from: Point; readonly to: Point } | null;
}

export interface Room {
  /** Nothing is placed outside it. */
  readonly within: Box;
  /** What may not be covered at all: names that already stand, keys, buttons. */
  readonly taken: readonly Box[];
  /** What is better not covered: marks, each with what it costs per square pixel (a severe one more than a calm one). */
  readonly marks: readonly (Circle & { readonly weight: number })[];
  /** Farthest that a plate may stand from its mark, in pixels. */
  readonly reach: number;
  /** Pixels that a leader may be longer for each mark that it does not cross. */
  readonly crossing?: number;
}

const STEP = 8;
/** A leader that crosses another mark is as bad as one that is this many pixels longer. */
const CROSSING = 150;

/** Plates for as many as find room, in the order given: the first choose first. Those that find none are left out. */
export function placePlates(wanted: readonly Wanted[], room: Room): Plate[] {
  const taken = [...room.taken];
  const plates: Plate[] = [];
  for (const want of wanted) {
    const plate = bestPlate(want, { ...room, taken }, plates);
    if (!plate) continue;
    plates.push(plate);
    taken.push(grown(plate.box, 3));
  }
  return plates;
}

function bestPlate(want: Wanted, all: Room, others: readonly Plate[]): Plate | null {
  const { at, w, h } = want;
  // Whoever stands beyond its reach cannot be covered by it.
  const isNear = (mark: Circle) => Math.hypot(mark.x - at.x, mark.y - at.y) - mark.r < all.reach + w + h;
  const room = { ...all, marks: all.marks.filter(isNear) };
  let best: { cost: number; box: Box } | null = null;
  const own = grown(boxOfCircle(at), 3);
  for (let y = at.y - room.reach - h; y <= at.y + room.reach; y += STEP) {
    for (let x = at.x - room.reach - w; x <= at.x + room.reach; x += STEP) {
      const box = { x, y, w, h };
      const away = distanceTo(box, at) - at.r;
      if (away > room.reach || shared(box, own) > 0 || !isInside(box, room.within)) continue;
      if (best && away >= best.cost) continue;
      if (room.taken.some((other) => shared(box, other) > 0)) continue;
      const cost = away + coverCost(box, room) + leaderCost(box, want, room, others);
      if (!best || cost < best.cost) best = { cost, box };
    }
  }
  // What covers more than it says is not worth saying.
  if (!best || best.cost > room.reach * 2) return null;
  return { id: want.id, box: best.box, leader: leaderOf(best.box, at) };
}

const isInside = (box: Box, frame: Box) =>
  box.x >= frame.x && box.y >= frame.y && box.x + box.w <= frame.x + frame.w && box.y + box.h <= frame.y + frame.h;

function coverCost(box: Box, room: Room): number {
  return room.marks.reduce((sum, mark) => sum + shared(box, grown(boxOfCircle(mark), 2)) * mark.weight, 0);
}

function leaderCost(box: Box, want: Wanted, room: Room, others: readonly Plate[]): number {
  const leader = leaderOf(box, want.at);
  if (!leader) return 0;
  let cost = 0;
  for (const mark of room.marks) {
    if (mark.x === want.at.x && mark.y === want.at.y) continue;
    if (distanceToLine(mark, leader.from, leader.to) < mark.r + 2) cost += room.crossing ?? CROSSING;
  }
  for (const other of [...others.map((plate) => plate.box), ...room.taken]) {
    if (passes(leader.from, leader.to, other)) cost += 4 * CROSSING;
  }
  return cost;
}

/** From the rim of the circle towards the nearest point of the box. */
function leaderOf(box: Box, at: Circle): Plate['leader'] {
  const to = nearestOn(box, at);
  const length = Math.hypot(to.x - at.x, to.y - at.y);
  if (length - at.r < 6) return null;
  return { from: { x: at.x + ((to.x - at.x) * at.r) / length, y: at.y + ((to.y - at.y) * at.r) / length }, to };
}

const clamp = (value: number, from: number, to: number) => Math.min(to, Math.max(from, value));
const nearestOn = (box: Box, { x, y }: Point): Point => ({
  x: clamp(x, box.x, box.x + box.w),
  y: clamp(y, box.y, box.y + box.h),
});
function distanceTo(box: Box, point: Point): number {
  const near = nearestOn(box, point);
  return Math.hypot(near.x - point.x, near.y - point.y);
}

/** Distance of a point from a stretch of line, in pixels. */
function distanceToLine(point: Point, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const along = clamp(((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(from.x + dx * along - point.x, from.y + dy * along - point.y);
}

function passes(from: Point, to: Point, box: Box): boolean {
  const steps = 12;
  for (let step = 1; step < steps; step += 1) {
    const x = from.x + ((to.x - from.x) * step) / steps;
    const y = from.y + ((to.y - from.y) * step) / steps;
    if (x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h) return true;
  }
  return false;
}
