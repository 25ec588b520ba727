import type { Position, Unit } from '$shared/model/unit';
import { boundaryPoints, boxOf, projection, radiusOf, type Boundaries, type Project } from './geo.ts';
import { groupBorders } from './hex-shape.ts';
import { hexCentre, hexLayout } from './hexes.ts';
import type { Frame } from './camera.ts';
import { spreadApart, type Circle, type Point } from './spread-apart.ts';

/** A border of the ground, in pixels of the whole drawing. */
export interface Land {
  readonly id: string;
  readonly name: string;
  readonly rings: readonly (readonly Point[])[];
  readonly path: string;
  /** Part of what is looked at; the rest is only there to say where that lies. */
  readonly inside: boolean;
}

/** Everything of a drawing that stays while levels change, in pixels at its whole size. */
export interface Picture {
  readonly spots: ReadonlyMap<string, Circle>;
  readonly land: readonly Land[];
  /** Width of a hexagon; null where units stand where they are. */
  readonly hex: number | null;
  /** Borders between groups of hexagons. */
  readonly borders: string;
}

export interface Asked {
  readonly shown: readonly Unit[];
  readonly hubs: readonly Unit[];
  readonly boundaries: Boundaries | null;
  /** Ids of whatever lies in what is looked at. */
  readonly inside: ReadonlySet<string>;
  readonly frame: Frame;
  /** Pixels of one rem. */
  readonly rem: number;
  /** Power of two by which it will be enlarged: where there is more room, circles stand nearer to where they are. */
  readonly step: number;
}

const lonLat = ({ lon, lat }: Position): readonly [number, number] => [lon, lat];
const at = (unit: Unit, project: Project): Point => {
  const { lon, lat } = unit.position ?? { lon: 0, lat: 0 };
  return project(lon, lat);
};

/** Side of a hub's square: smaller where there are many. */
export const hubSide = (hubs: number, rem: number) => (hubs > 30 ? 0.75 : 1.15) * rem;

/** Pixels of the largest circle: all of them together cover about a third of the ground that they stand on. */
function largestOf(points: readonly Point[], { frame }: Asked): number {
  const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  const ground = Math.sqrt(range(points.map(({ x }) => x)) * range(points.map(({ y }) => y)));
  const room = Math.min(frame.width, frame.height);
  return (Math.min(room, Math.max(ground, room * 0.4)) * 0.38) / Math.sqrt(Math.max(18, points.length));
}

/** Units where they are: circles by patients, pushed apart where they would overlap; hubs among them. */
export function groundPicture(asked: Asked): Picture | null {
  const { shown, hubs, boundaries, inside, frame, rem, step } = asked;
  const own = boundaries?.places.filter(({ id }) => inside.has(id)) ?? [];
  const units = [...shown, ...hubs];
  const positions = units.flatMap(({ position }) => (position ? [lonLat(position)] : []));
  const box = boxOf([...boundaryPoints({ places: own }), ...positions]);
  if (!box || positions.length === 0) return null;
  // Nothing smaller than a few streets fills the frame.
  const least = { west: box.west - 0.01, east: box.east + 0.01, south: box.south - 0.006, north: box.north + 0.006 };
  const margin = Math.min(frame.width, frame.height) * 0.08;
  const project = projection(least, frame.width, frame.height, margin);
  const largest = largestOf(
    shown.map((unit) => at(unit, project)),
    asked,
  );
  const most = Math.max(1, ...shown.map(({ population }) => population ?? 0));
  const grow = Math.sqrt(step);
  // On a phone hubs must not stand out from whom they serve.
  const side = Math.min(hubSide(hubs.length, rem), Math.max(0.45 * rem, largest));
  const circles = units.map((unit, index): Circle => {
    const { x, y } = at(unit, project);
    const r = index < shown.length ? radiusOf(unit.population ?? 0, most, largest) * grow : side * 0.68;
    return { x: x * step, y: y * step, r };
  });
  const apart = spreadApart(circles, 2);
  const spots = new Map(
    units.map((unit, index) => {
      const { x = 0, y = 0 } = apart[index] ?? {};
      const r = index < shown.length ? (circles[index]?.r ?? 1) / grow : side / 2;
      return [unit.id, { x: x / step, y: y / step, r }];
    }),
  );
  return { spots, land: landOf(boundaries, inside, project), hex: null, borders: '' };
}

function landOf(boundaries: Boundaries | null, inside: ReadonlySet<string>, project: Project): Land[] {
  return (boundaries?.places ?? []).map(({ id, name, rings }) => {
    const drawn = rings.map((ring) => ring.map(([lon, lat]) => project(lon, lat)));
    return { id, name, rings: drawn, path: drawn.map(pathOf).join(''), inside: inside.has(id) };
  });
}

const pathOf = (ring: readonly Point[]) => `M${ring.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;

/** One hexagon a unit; hubs sit on the corner of the unit that is nearest to them. */
export function hexPicture(asked: Asked): Picture | null {
  const { shown, hubs, frame, rem } = asked;
  const positions = shown.flatMap(({ position }) => (position ? [lonLat(position)] : []));
  const box = boxOf(positions);
  if (!box) return null;
  const project = projection(box, 1000, 1000, 0);
  const placed = shown.map((unit) => ({ ...at(unit, project), group: unit.parent ?? '' }));
  const cells = hexLayout(placed).map((hex, index) => ({ ...hex, group: placed[index]?.group ?? '' }));
  const centres = cells.map(hexCentre);
  const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [left, right] = range(centres.map(({ x }) => x));
  const [top, bottom] = range(centres.map(({ y }) => y));
  const margin = 3.2 * rem;
  const width = Math.min(
    (frame.width - 2 * margin) / (right - left + 1),
    (frame.height - 2 * margin) / (bottom - top + 1.16),
    9 * rem,
  );
  const toFrame = ({ x, y }: Point): Point => ({
    x: frame.width / 2 + (x - (left + right) / 2) * width,
    y: frame.height / 2 + (y - (top + bottom) / 2) * width,
  });
  const spots = new Map(
    shown.map((unit, index) => [unit.id, { ...toFrame(centres[index] ?? { x: 0, y: 0 }), r: width / 2 }]),
  );
  for (const [id, spot] of hubCorners(hubs, shown, spots, project, rem)) spots.set(id, spot);
  return { spots, land: [], hex: width, borders: groupBorders(cells, (hex) => toFrame(hexCentre(hex)), width) };
}

/** Along the lower edge of the nearest unit's hexagon, beside each other where there are several. */
function* hubCorners(
  hubs: readonly Unit[],
  shown: readonly Unit[],
  spots: ReadonlyMap<string, Circle>,
  project: Project,
  rem: number,
): Iterable<readonly [string, Circle]> {
  const side = Math.min(hubSide(hubs.length, rem), ...[...spots.values()].map(({ r }) => r * 0.5));
  const seated = Map.groupBy(hubs, (hub) => nearestTo(hub, shown, project)?.id ?? '');
  for (const [id, members] of seated) {
    const spot = spots.get(id);
    if (!spot) continue;
    for (const [turn, hub] of members.entries()) {
      const along = (turn % 3) - (Math.min(3, members.length) - 1) / 2;
      const row = Math.floor(turn / 3);
      yield [hub.id, { x: spot.x + along * side * 1.25, y: spot.y + spot.r * 0.62 - row * side * 1.25, r: side / 2 }];
    }
  }
}

/** Its own neighbourhood, where that is drawn, however near another unit is. */
function nearestTo(hub: Unit, shown: readonly Unit[], project: Project): Unit | null {
  const here = at(hub, project);
  let best: { unit: Unit; away: number } | null = null;
  for (const unit of shown) {
    const there = at(unit, project);
    const away = hub.parent === unit.id ? -1 : Math.hypot(there.x - here.x, there.y - here.y);
    if (away < (best?.away ?? Infinity)) best = { unit, away };
  }
  return best?.unit ?? null;
}

/** Middle of some units as they are drawn: where a place's flows begin and end. */
export function middleOfDrawn(ids: readonly string[], picture: Picture): Point | null {
  const found = ids.flatMap((id) => picture.spots.get(id) ?? []);
  if (found.length === 0) return null;
  return {
    x: found.reduce((sum, { x }) => sum + x, 0) / found.length,
    y: found.reduce((sum, { y }) => sum + y, 0) / found.length,
  };
}
