import Type, { type Static } from 'typebox';
import type { WeeklyHours } from '#shared/model/definition.ts';
import type { Report } from './faults.ts';
import { readOpening } from './opening.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';

const Slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' });
const OdsCode = Type.String({ pattern: '^[A-Z0-9]{2,10}$' });
const Text = Type.String({ minLength: 1 });

const PlaceSchema = Type.Object(
  {
    id: Slug,
    name: Text,
    odsCode: Type.Optional(OdsCode),
    /** Another place; places may nest. Absent: directly beneath the system. */
    parent: Type.Optional(Slug),
    /** Middle of the area: where sites without a position of their own are drawn, marked approximate. */
    centre: Type.Optional(Type.Object({ lat: Type.Number(), lon: Type.Number() }, { additionalProperties: false })),
    illustrative: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const NeighbourhoodSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$' }),
    odsCode: Type.Optional(OdsCode),
    name: Text,
    place: Slug,
    /** Adjusted population as paid; required when `populationBasis` is `adjusted`. */
    adjustedPopulation: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    illustrative: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const SystemFileSchema = Type.Object(
  {
    id: Slug,
    name: Text,
    /** The organisation that runs it: as whom FHIR services are asked. */
    odsCode: Type.Optional(OdsCode),
    description: Text,
    timeZone: Type.Literal('Europe/London'),
    coreHours: Text,
    enhancedAccess: Type.Object(
      { hours: Text, minutesPer1000: Type.Number({ minimum: 0, maximum: 1000 }) },
      { additionalProperties: false },
    ),
    bankHolidayRegion: Type.Literal('england-and-wales'),
    /** Whether minutes per 1,000 are counted on registered lists or on the networks' adjusted populations. */
    populationBasis: Type.Union([Type.Literal('list-size'), Type.Literal('adjusted')]),
    visibility: Type.Object(
      { practiceNames: Type.Union([Type.Literal('all'), Type.Literal('own-neighbourhood')]) },
      { additionalProperties: false },
    ),
    allowPrivateAddresses: Type.Boolean(),
    simulated: Type.Boolean(),
    figures: Type.Array(
      Type.Object(
        { text: Text, year: Type.Integer({ minimum: 1948, maximum: 2100 }), source: Text },
        { additionalProperties: false },
      ),
    ),
    attribution: Type.Array(Text),
    places: Type.Array(PlaceSchema, { minItems: 1 }),
    neighbourhoods: Type.Array(NeighbourhoodSchema),
  },
  { additionalProperties: false },
);
export type SystemFile = Static<typeof SystemFileSchema>;

export interface SystemPart {
  readonly file: YamlFile<SystemFile>;
  readonly coreHours: WeeklyHours;
  readonly enhancedHours: WeeklyHours;
}

/** Reads and checks system.yaml; null when it is too broken to go on with. */
export function readSystem(text: string, report: Report): SystemPart | null {
  const file = readYaml(text, SystemFileSchema, report);
  if (!file) return null;
  checkPlaces(file, report);
  checkNeighbourhoods(file, report);
  const hours = (value: string, ...path: string[]) => {
    const opening = readOpening(value);
    if (!opening.ok) report(file.line(...path), `${path.join('.')}: ${opening.message}`);
    return opening.ok ? opening.hours : [];
  };
  return {
    file,
    coreHours: hours(file.value.coreHours, 'coreHours'),
    enhancedHours: hours(file.value.enhancedAccess.hours, 'enhancedAccess', 'hours'),
  };
}

function checkPlaces(file: YamlFile<SystemFile>, report: Report): void {
  const { places } = file.value;
  const seen = new Set([file.value.id]);
  places.forEach((place, i) => {
    if (seen.has(place.id)) report(file.line('places', i, 'id'), `place "${place.id}" is there twice`);
    seen.add(place.id);
    if (place.centre && !isInBritain(place.centre.lat, place.centre.lon)) {
      report(
        file.line('places', i, 'centre'),
        `centre of "${place.id}" ${positionFault(place.centre.lat, place.centre.lon)}`,
      );
    }
  });
  const parents = new Map(places.map((place) => [place.id, place.parent]));
  places.forEach((place, i) => {
    if (place.parent === undefined || place.parent === file.value.id) return;
    if (!parents.has(place.parent)) {
      report(file.line('places', i, 'parent'), `parent "${place.parent}" of place "${place.id}" is not a place`);
    } else if (isCircular(place.id, parents)) {
      report(file.line('places', i, 'parent'), `place "${place.id}" is its own ancestor`);
    }
  });
}

function isCircular(start: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const visited = new Set<string>();
  for (let at = parents.get(start); at !== undefined && !visited.has(at); at = parents.get(at)) {
    if (at === start) return true;
    visited.add(at);
  }
  return false;
}

function checkNeighbourhoods(file: YamlFile<SystemFile>, report: Report): void {
  const places = new Set(file.value.places.map((place) => place.id));
  const taken = new Set([file.value.id, ...places]);
  file.value.neighbourhoods.forEach((hood, i) => {
    const at = (key: string) => file.line('neighbourhoods', i, key);
    if (taken.has(hood.id)) report(at('id'), `neighbourhood "${hood.id}" has an id that is taken`);
    taken.add(hood.id);
    if (!places.has(hood.place)) report(at('place'), `place "${hood.place}" of neighbourhood "${hood.id}" is unknown`);
    if (file.value.populationBasis === 'adjusted' && hood.adjustedPopulation === undefined) {
      report(at('id'), `neighbourhood "${hood.id}" has no adjustedPopulation, though populationBasis is "adjusted"`);
    }
    if (hood.illustrative && !hood.name.includes('(illustrative)')) {
      report(at('name'), `neighbourhood "${hood.id}" is illustrative: its name must say "(illustrative)"`);
    }
  });
}

/** Whether a position lies in or near the United Kingdom, where every site of a system is. */
export function isInBritain(lat: number, lon: number): boolean {
  return lat > 49.8 && lat < 61 && lon > -8.7 && lon < 1.9;
}

export function positionFault(lat: number, lon: number): string {
  return isInBritain(lon, lat)
    ? `has latitude and longitude swapped (${lat}, ${lon})`
    : `is not in the United Kingdom (${lat}, ${lon})`;
}
