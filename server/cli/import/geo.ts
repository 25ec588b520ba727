import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { ImportFault } from './import-fault.ts';
import { simplifyRing, type Ring } from './simplify.ts';

const RingSchema = Type.Array(Type.Array(Type.Number()));
const FeaturesSchema = Type.Object({
  features: Type.Array(
    Type.Object({
      properties: Type.Record(Type.String(), Type.Unknown()),
      geometry: Type.Union([
        Type.Object({ type: Type.Literal('Polygon'), coordinates: Type.Array(RingSchema) }),
        Type.Object({ type: Type.Literal('MultiPolygon'), coordinates: Type.Array(Type.Array(RingSchema)) }),
      ]),
    }),
  ),
});
type Feature = Static<typeof FeaturesSchema>['features'][number];

/** The outlines of a system's places, as the map page reads them: outer rings only, `[lon, lat]`. */
export interface MapOutlines {
  readonly places: readonly { readonly id: string; readonly name: string; readonly rings: readonly Ring[] }[];
  readonly attribution: readonly string[];
}

function readFeatures(text: string, file: string): Feature[] {
  const value: unknown = JSON.parse(text);
  if (!Value.Check(FeaturesSchema, value)) throw new ImportFault(`${file} is no GeoJSON of polygons`);
  return value.features;
}

/** Middle of each ICB by its `areaKey`, as the boundary file states it. */
export function icbCentres(text: string, file: string): Map<string, { lat: number; lon: number }> {
  return new Map(
    readFeatures(text, file).flatMap(({ properties }) => {
      const name = Object.entries(properties).find(([key]) => /^ICB\d\dNM$/.test(key))?.[1];
      const { LAT: lat, LONG: lon } = properties;
      return typeof name === 'string' && typeof lat === 'number' && typeof lon === 'number'
        ? [[areaKey(name), { lat, lon }] as const]
        : [];
    }),
  );
}

export interface OutlineRequest {
  readonly codeKey: string;
  readonly nameKey: string;
  readonly tolerance: number;
  /** Places wanted; `codes` null: the feature of the same name. */
  readonly places: readonly { readonly id: string; readonly name: string; readonly codes: readonly string[] | null }[];
}

/** Simplified outlines of places from a boundary file. A feature that is missing is an error: a hole in a map lies. */
export function outlines(
  text: string,
  file: string,
  request: OutlineRequest,
  attribution: readonly string[],
): MapOutlines {
  const features = readFeatures(text, file);
  const named = (feature: Feature, key: string) => String(feature.properties[key] ?? '');
  const places = request.places.map(({ id, name, codes }) => {
    const chosen = features.filter((feature) =>
      codes
        ? codes.includes(named(feature, request.codeKey))
        : areaKey(named(feature, request.nameKey)) === areaKey(name),
    );
    if (chosen.length === 0) throw new ImportFault(`${file} has no outline for ${name}`);
    return { id, name, rings: chosen.flatMap((feature) => ringsOf(feature, request.tolerance)) };
  });
  return { places, attribution };
}

/** What is left of an area's name when publishers' different habits (NHS, "and the", commas) are taken out. */
export function areaKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/^nhs | integrated care board$/g, '')
    .replace(/\b(and|the|of)\b/g, '')
    .replace(/[^a-z]/g, '');
}

function ringsOf({ geometry }: Feature, tolerance: number): Ring[] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flatMap(([outer]) => {
    const ring = simplifyRing(
      (outer ?? []).map(([lon = 0, lat = 0]): [number, number] => [lon, lat]),
      tolerance,
    );
    return ring ? [ring] : [];
  });
}
