import type { Hierarchy, NeighbourhoodRow } from './hierarchy-rows.ts';
import type { Practice } from './practices.ts';
import { OPENING, type SiteDraft } from './site.ts';

/** The national measure of enhanced access: minutes a week for each 1,000 registered patients. */
export const MINUTES_PER_1000 = 60;

type Populations = ReadonlyMap<string, Population>;

interface Population {
  readonly patients: number;
  readonly at: { readonly lat: number; readonly lon: number } | null;
}

/** Fewer patients than this outside every hub's reach are shared by the hubs around them, not given one of their own. */
const TOO_FEW = 15_000;
/** What a locality's own hubs take where each of its neighbourhoods has a hub too. */
const PLACE_SHARE = 0.2;

/**
 * Adds illustrative hubs where none serves, and gives every hub its weekly minutes: a neighbourhood's 60 per 1,000 to
 * its own hubs, what no neighbourhood hub serves to the hubs of the place.
 */
export function sizeHubs(
  sites: readonly SiteDraft[],
  hierarchy: Hierarchy,
  practices: readonly Practice[],
  upTo: number | null,
): SiteDraft[] {
  const populations = populationsByUnit(hierarchy, practices);
  const made = hierarchy.places.flatMap((place) => fillPlace(place, sites, hierarchy, populations, upTo));
  const all = [...sites, ...made];
  const patients = new Map(hierarchy.places.flatMap((place) => [...served(place.id, all, hierarchy, populations)]));
  return all.map((site) => {
    const count = patients.get(site.code);
    if (count === undefined) return site;
    const weekly = Math.round((count * MINUTES_PER_1000) / 1000);
    return { ...site, identifiers: { minutes: String(weekly), ...site.identifiers } };
  });
}

const hubsOf = (unit: string, sites: readonly SiteDraft[]) =>
  sites.filter((site) => isOpenHub(site) && site.parent === unit);

function unserved(place: string, sites: readonly SiteDraft[], hierarchy: Hierarchy, populations: Populations) {
  const hoods = hierarchy.neighbourhoods.filter((hood) => hood.place === place);
  const without = hoods.filter((hood) => hubsOf(hood.id, sites).length === 0);
  const direct = populations.get(place)?.patients ?? 0;
  return {
    hoods,
    without,
    patients: direct + without.reduce((sum, h) => sum + (populations.get(h.id)?.patients ?? 0), 0),
  };
}

function fillPlace(
  place: { readonly id: string; readonly name: string },
  sites: readonly SiteDraft[],
  hierarchy: Hierarchy,
  populations: Populations,
  upTo: number | null,
): SiteDraft[] {
  if (upTo === null || hubsOf(place.id, sites).length > 0) return [];
  const { without, patients } = unserved(place.id, sites, hierarchy, populations);
  return patients < TOO_FEW ? [] : makeHubs(place, without, populations, patients, upTo);
}

/** Patients by hub of one place. */
function served(place: string, sites: readonly SiteDraft[], hierarchy: Hierarchy, populations: Populations) {
  const { hoods, patients } = unserved(place, sites, hierarchy, populations);
  const own = hubsOf(place, sites);
  const beneath = hoods.flatMap((hood) => {
    const hubs = hubsOf(hood.id, sites);
    return hubs.map((hub) => ({ hub, patients: (populations.get(hood.id)?.patients ?? 0) / hubs.length }));
  });
  const few = patients < TOO_FEW;
  const kept = few && own.length > 0 ? 1 - PLACE_SHARE : 1;
  const spread = few && own.length === 0 && beneath.length > 0 ? patients / beneath.length : 0;
  const shared = patients + beneath.reduce((sum, part) => sum + part.patients * (1 - kept), 0);
  return new Map([
    ...beneath.map((part) => [part.hub.code, part.patients * kept + spread] as const),
    ...own.map((hub) => [hub.code, shared / own.length] as const),
  ]);
}

/** Hubs whose minutes the recipe states are services of another kind (respiratory, digital) and share no population. */
function isOpenHub(site: SiteDraft): boolean {
  return site.kind === 'hub' && site.identifiers['minutes'] === undefined;
}

function populationsByUnit({ parentOf }: Hierarchy, practices: readonly Practice[]): Map<string, Population> {
  const members = Map.groupBy(practices, (practice) => parentOf.get(practice.code) ?? '');
  return new Map(
    [...members].map(([unit, all]) => {
      const placed = all.flatMap((practice) => (practice.at ? [{ ...practice.at, weight: practice.list }] : []));
      const weight = placed.reduce((sum, p) => sum + p.weight, 0);
      const mean = (key: 'lat' | 'lon') => placed.reduce((sum, p) => sum + p[key] * p.weight, 0) / weight;
      const patients = all.reduce((sum, practice) => sum + practice.list, 0);
      return [unit, { patients, at: weight > 0 ? { lat: mean('lat'), lon: mean('lon') } : null }];
    }),
  );
}

/** Enough hubs for a place's uncovered neighbourhoods, neighbours from north to south together. */
function makeHubs(
  place: { readonly id: string; readonly name: string },
  uncovered: readonly NeighbourhoodRow[],
  populations: Populations,
  patients: number,
  upTo: number,
): SiteDraft[] {
  if (patients === 0) return [];
  const count = Math.max(1, Math.ceil(patients / upTo));
  const places = uncovered.flatMap((hood) => populations.get(hood.id)?.at ?? []).sort((a, b) => b.lat - a.lat);
  return Array.from({ length: count }, (_, i): SiteDraft => {
    const group = places.slice(Math.floor((i * places.length) / count), Math.floor(((i + 1) * places.length) / count));
    const mean = (key: 'lat' | 'lon') => group.reduce((sum, p) => sum + p[key], 0) / group.length;
    const round = (value: number) => Math.round(value * 1e5) / 1e5;
    return {
      code: `X-${place.id.toUpperCase()}-HUB${count > 1 ? `-${i + 1}` : ''}`,
      name: `${place.name.replace(' (illustrative)', '')} 7-day access hub${count > 1 ? ` ${i + 1}` : ''} (illustrative)`,
      kind: 'hub',
      parent: place.id,
      list: null,
      at: group.length > 0 ? { lat: round(mean('lat')), lon: round(mean('lon')) } : null,
      wteGp: null,
      opening: OPENING.hub,
      services: ['7-day access'],
      identifiers: {},
      validFrom: null,
    };
  });
}
