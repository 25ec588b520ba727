import { isRecord } from '../api/shape.ts';
/** Boundaries as they ship: outer rings in longitude and latitude, simplified for a panel. */
export interface Boundaries {
  readonly places: readonly { readonly id: string; readonly name: string; readonly rings: readonly Ring[] }[];
}
type Ring = readonly (readonly [lon: number, lat: number])[];

export interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

export type Project = (lon: number, lat: number) => { x: number; y: number };

export function isBoundaries(value: unknown): value is Boundaries {
  if (!isRecord(value) || !Array.isArray(value['places'])) return false;
  return value['places'].every((place) => isRecord(place) && Array.isArray(place['rings']));
}

/** The box round everything that is drawn; null where nothing is. */
export function boxOf(points: Iterable<readonly [lon: number, lat: number]>): Box | null {
  let box: Box | null = null;
  for (const [lon, lat] of points) {
    box = box
      ? {
          west: Math.min(box.west, lon),
          east: Math.max(box.east, lon),
          south: Math.min(box.south, lat),
          north: Math.max(box.north, lat),
        }
      : { west: lon, east: lon, south: lat, north: lat };
  }
  return box;
}

export function boundaryPoints({ places }: Boundaries): Ring {
  return places.flatMap((place) => place.rings.flat());
}

/** Flat projection round the middle of the box: true enough for a county, and for England at this size. */
export function projection(box: Box, width: number, height: number, margin: number): Project {
  const middle = (box.south + box.north) / 2;
  const squeeze = Math.cos((middle * Math.PI) / 180);
  const across = Math.max(1e-6, (box.east - box.west) * squeeze);
  const up = Math.max(1e-6, box.north - box.south);
  const scale = Math.min((width - 2 * margin) / across, (height - 2 * margin) / up);
  return (lon, lat) => ({
    x: width / 2 + (lon - (box.west + box.east) / 2) * squeeze * scale,
    y: height / 2 - (lat - middle) * scale,
  });
}

export function boundaryPath({ places }: Boundaries, project: Project): string {
  const point = ([lon, lat]: readonly [number, number]) => {
    const { x, y } = project(lon, lat);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  return places.flatMap((place) => place.rings.map((ring) => `M${ring.map(point).join('L')}Z`)).join('');
}

/** Radius of a circle whose area goes with the population; the largest takes `largest` pixels. */
export function radiusOf(population: number, most: number, largest: number): number {
  return Math.max(largest * 0.22, largest * Math.sqrt(Math.max(0, population) / Math.max(1, most)));
}
