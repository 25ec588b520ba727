import type { Unit } from '$shared/model/unit';
import { boundaryPath, boundaryPoints, boxOf, projection, type Boundaries } from '../map/geo.ts';
import { boxOfCircle, grown, placePlates, type Plate, type Wanted } from '../map/labels.ts';
import { outsideNames, type OutsideName } from '../map/outside-names.ts';
import { spreadApart } from '../map/spread-apart.ts';
import { wallName } from './pressed.ts';
import { shortName } from './scene.ts';

/** The drawing in design pixels; names may stand in the margin round the land. */
export const MAP_WIDTH = 1250;
export const MAP_HEIGHT = 800;
const MARGIN = { x: 120, top: 50, bottom: 40 };
/** Share of the drawing that the circles cover together, and the least and most of one. */
const COVERED = 0.1;
const LEAST = 16;
const MOST = 54;
const GAP = 5;
/** More places than this cannot be named from afar. */
const MOST_NAMES = 14;
export const NAME_SIZE = 30;
export const PLATE_SIZE = 36;
const LETTER = 0.54;
const BOLD = { large: 0.74, small: 0.58, thin: 0.32 };
/** Covering a severe one costs more than covering a calm one. */
const WEIGHTS = [0.3, 0.4, 0.5, 1, 2] as const;

export interface MapCircle {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

/** Where everything stands: made once for the same units and borders, whatever their levels. */
export interface WallMap {
  readonly outline: string;
  readonly circles: readonly MapCircle[];
  readonly names: readonly (OutsideName & { readonly name: string })[];
}

export interface MapMatter {
  readonly scope: string;
  /** Of which circles are drawn; those without a position are left out. */
  readonly units: readonly Unit[];
  /** Null: they are not there yet, or never will be; the circles stand on bare ground. */
  readonly boundaries: Boundaries | null;
  /** Ids of the scope and of everything beneath it. */
  readonly within: ReadonlySet<string>;
}

/** Lays a wall's map out. England's takes a moment: keep it as long as its key stays. */
export function layOut({ units, boundaries, within }: MapMatter): WallMap {
  const land: Boundaries = { places: boundaries?.places.filter(({ id }) => within.has(id)) ?? [] };
  const placed = units.filter(({ position }) => position !== null);
  const box = boxOf([
    ...boundaryPoints(land),
    ...placed.map((unit): readonly [number, number] => [unit.position?.lon ?? 0, unit.position?.lat ?? 0]),
  ]);
  if (!box) return { outline: '', circles: [], names: [] };
  const width = MAP_WIDTH - 2 * MARGIN.x;
  const height = MAP_HEIGHT - MARGIN.top - MARGIN.bottom;
  const inner = projection(box, width, height, land.places.length > 0 ? 0 : 60);
  const project = (lon: number, lat: number) => {
    const { x, y } = inner(lon, lat);
    return { x: x + MARGIN.x, y: y + MARGIN.top };
  };
  const circles = spread(placed, project);
  return { outline: boundaryPath(land, project), circles, names: namesOf(land, project, circles) };
}

type Project = ReturnType<typeof projection>;

function spread(units: readonly Unit[], project: Project): MapCircle[] {
  const patients = units.map(({ population }) => Math.max(1, population ?? 1));
  const all = patients.reduce((sum, count) => sum + count, 0);
  const scale = Math.min(
    Math.sqrt((COVERED * MAP_WIDTH * MAP_HEIGHT) / Math.PI / Math.max(1, all)),
    MOST / Math.sqrt(Math.max(1, ...patients)),
  );
  const homes = units.map((unit, index) => ({
    ...project(unit.position?.lon ?? 0, unit.position?.lat ?? 0),
    r: Math.max(LEAST, scale * Math.sqrt(patients[index] ?? 1)),
  }));
  const points = spreadApart(homes, GAP);
  return units.map(({ id }, index) => {
    const { x, y } = points[index] ?? { x: 0, y: 0 };
    return { id, x, y, r: homes[index]?.r ?? LEAST };
  });
}

function namesOf(land: Boundaries, project: Project, circles: readonly MapCircle[]): WallMap['names'] {
  if (land.places.length < 2 || land.places.length > MOST_NAMES) return [];
  const names = new Map(land.places.map(({ id, name }) => [id, wallName(name)]));
  const bordered = land.places.map(({ id, rings }) => ({
    id,
    rings: rings.map((ring) => ring.map(([lon, lat]) => project(lon, lat))),
    w: textWidth(names.get(id) ?? '', NAME_SIZE),
    h: NAME_SIZE * 1.2,
  }));
  // The clock stands in the corner above.
  const within = { x: 0, y: -30, w: MAP_WIDTH, h: MAP_HEIGHT + 40 };
  const clock = { x: 880, y: -140, w: 400, h: 146 };
  return outsideNames(bordered, within, [clock, ...circles.map((circle) => grown(boxOfCircle(circle), 4))]).map(
    (name) => ({ ...name, name: names.get(name.id) ?? '' }),
  );
}

const boldWidth = (text: string) =>
  [...text].reduce(
    (sum, letter) =>
      sum + PLATE_SIZE * (/[A-Z&]/.test(letter) ? BOLD.large : /[ ilj.,'-]/.test(letter) ? BOLD.thin : BOLD.small),
    0,
  );
const textWidth = (text: string, size: number) => text.length * size * LETTER;
/** Plates for the ones to name, placed so that they cover as little as they can of what is pressed. */
export function platesOf(map: WallMap, worst: readonly Unit[], units: ReadonlyMap<string, Unit>): Plate[] {
  const circles = new Map(map.circles.map((circle) => [circle.id, circle]));
  const wanted = worst.flatMap((unit): Wanted[] => {
    const at = circles.get(unit.id);
    return at
      ? [
          {
            id: unit.id,
            at: { ...at, r: at.r + (unit.level === 4 ? 10 : 2) },
            w: boldWidth(shortName(unit.name)) + 30,
            h: 50,
          },
        ]
      : [];
  });
  return placePlates(wanted, {
    within: { x: 0, y: -20, w: MAP_WIDTH, h: MAP_HEIGHT + 20 },
    taken: map.names.map(({ box }) => box),
    marks: map.circles.map((circle) => ({ ...circle, weight: WEIGHTS[units.get(circle.id)?.level ?? 0] ?? 0.3 })),
    reach: 420,
    crossing: 180,
  });
}
