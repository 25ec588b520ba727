import type { PlaceRoom } from '../hubs/room.ts';

/** One bar: short to the left of the axis, spare to the right; null: not known. */
export interface AxisRow {
  readonly id: string;
  readonly name: string;
  readonly spare: number | null;
}

/** Where the axis stands and how wide one slot is, in design pixels. */
export interface Axis {
  readonly zero: number;
  readonly slot: number;
  readonly pitch: number;
  readonly height: number;
}

export const AXIS_WIDTH = 1220;
const ROOM = 470;
const LETTER = 18;
/** Digits of a figure at the end of its bar, and the air beside a name. */
const FIGURE = 100;
const AIR = 34;
const WIDEST_SLOT = 17;

/** At most `most` rows: the shortest and those with most to spare, so that both ends of a long list are seen. */
export function axisRows(places: readonly PlaceRoom[], name: (place: PlaceRoom) => string, most = 10): AxisRow[] {
  const open = places.filter(({ closed }) => !closed);
  const rows = open.map((place) => ({ id: place.unit.id, name: name(place), spare: place.spare }));
  if (rows.length <= most) return rows;
  const half = Math.ceil(most / 2);
  return [...rows.slice(0, half), ...rows.slice(half - most)];
}

/** The widest bars that leave every name and every figure its room on both sides of the axis. */
export function axisOf(rows: readonly AxisRow[]): Axis {
  const short = rows.filter(({ spare }) => (spare ?? 0) < 0);
  const others = rows.filter(({ spare }) => (spare ?? 0) >= 0);
  const nameOf = (list: readonly AxisRow[]) => Math.max(0, ...list.map(({ name }) => name.length * LETTER + AIR));
  const most = (list: readonly AxisRow[]) => Math.max(0, ...list.map(({ spare }) => Math.abs(spare ?? 0)));
  const [mostShort, mostSpare] = [most(short), most(others)];
  const sides = (slot: number) => [
    Math.max(mostShort > 0 ? mostShort * slot + FIGURE : 0, nameOf(others)),
    Math.max(mostSpare * slot + FIGURE, nameOf(short)),
  ];
  let slot = WIDEST_SLOT;
  // Narrower by steps: what limits it changes from side to side on the way.
  while (slot > 0.05 && sides(slot).reduce((sum, side) => sum + side, 0) > AXIS_WIDTH) slot *= 0.97;
  const [left = 0, right = 0] = sides(slot);
  const pitch = Math.min(130, ROOM / Math.max(1, rows.length));
  // What is left over stands half on each side, so that the drawing does not lean.
  return { zero: left + Math.max(0, AXIS_WIDTH - left - right) / 2, slot, pitch, height: Math.min(64, pitch * 0.7) };
}
