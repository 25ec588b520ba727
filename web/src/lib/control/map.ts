/** Boundaries as they ship: GeoJSON in longitude and latitude. */
export interface Boundaries {
  readonly features: readonly {
    readonly properties?: Readonly<Record<string, unknown>> | null;
    readonly geometry:
      | { readonly type: 'Polygon'; readonly coordinates: Rings }
      | { readonly type: 'MultiPolygon'; readonly coordinates: readonly Rings[] }
      | null;
  }[];
}
type Rings = readonly (readonly (readonly number[])[])[];

export interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

export type Project = (lon: number, lat: number) => { x: number; y: number };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export function isBoundaries(value: unknown): value is Boundaries {
  return isRecord(value) && Array.isArray(value['features']) && value['features'].every((f) => isRecord(f));
}

function polygonsOf(boundaries: Boundaries): Rings[] {
  return boundaries.features.flatMap(({ geometry }): Rings[] => {
    if (geometry?.type === 'Polygon') return [geometry.coordinates];
    return geometry?.type === 'MultiPolygon' ? [...geometry.coordinates] : [];
  });
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

export function* boundaryPoints(boundaries: Boundaries): Generator<readonly [number, number]> {
  for (const polygon of polygonsOf(boundaries)) {
    for (const [lon, lat] of polygon[0] ?? []) if (lon !== undefined && lat !== undefined) yield [lon, lat];
  }
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

export function boundaryPath(boundaries: Boundaries, project: Project): string {
  const ring = (points: readonly (readonly number[])[]) =>
    `M${points
      .map(([lon = 0, lat = 0]) => {
        const { x, y } = project(lon, lat);
        return `${x.toFixed(1)} ${y.toFixed(1)}`;
      })
      .join('L')}Z`;
  return polygonsOf(boundaries)
    .map((polygon) => polygon.map(ring).join(''))
    .join('');
}

/** Radius of a circle whose area goes with the population; the largest takes `largest` pixels. */
export function radiusOf(population: number, most: number, largest: number): number {
  return Math.max(largest * 0.22, largest * Math.sqrt(Math.max(0, population) / Math.max(1, most)));
}
