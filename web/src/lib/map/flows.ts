import type { Unit } from '$shared/model/unit';
import type { EpochMs } from '$shared/model/time';
import { nearestSpare, roomOf } from '../hubs/room.ts';
import { beneath } from './drawn.ts';
import type { Point } from './spread-apart.ts';

/** So many patients from one unit to another: a fact of today, or what somebody proposes. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly patients: number;
  readonly km: number;
}

/** From each place that is short of slots to the nearest that has some to spare. Nobody has offered them yet. */
export function spareFlows(units: ReadonlyMap<string, Unit>, focus: string, now: EpochMs): Flow[] {
  const inside = new Map(beneath(units, focus).map((unit) => [unit.id, unit]));
  const room = roomOf(inside, focus, now);
  return room.places.flatMap(({ unit, spare }) => {
    if (spare === null || spare >= 0) return [];
    const nearest = nearestSpare(inside, room, unit.id);
    if (!nearest) return [];
    const patients = Math.min(-spare, nearest.place.spare ?? 0);
    return [{ from: unit.id, to: nearest.place.unit.id, patients: Math.round(patients), km: nearest.km }];
  });
}

export interface Arrow {
  readonly path: string;
  /** Where its number stands, and its width in pixels. */
  readonly at: Point;
  readonly width: number;
}

/** A bent arrow between two points: flows there and back do not cover each other. */
export function arrowOf(from: Point, to: Point, patients: number, most: number, widest: number): Arrow {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(60, length * 0.18);
  const control = { x: (from.x + to.x) / 2 - (dy / length) * bend, y: (from.y + to.y) / 2 + (dx / length) * bend };
  const at = { x: (from.x + 2 * control.x + to.x) / 4, y: (from.y + 2 * control.y + to.y) / 4 };
  const say = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const width = Math.max(1.5, (widest * patients) / Math.max(1, most));
  return { path: `M${say(from)}Q${say(control)} ${say(to)}`, at, width };
}
