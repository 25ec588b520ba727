import { administrativePlaces } from './administrative.ts';
import type { Hierarchy, NeighbourhoodRow, PlaceRow } from './hierarchy-rows.ts';
import { ImportFault } from './import-fault.ts';
import type { Practice } from './practices.ts';
import type { NeighbourhoodRecipe, PlaceRecipe, Recipe } from './recipe.ts';
import type { Sources } from './sources.ts';

export function buildHierarchy(
  recipe: Recipe,
  practices: readonly Practice[],
  sources: Sources,
  centres: ReadonlyMap<string, { lat: number; lon: number }>,
): Hierarchy {
  const byRecipe = recipe.places === 'administrative' ? null : recipe.places;
  const administrative = byRecipe ? null : administrativePlaces(practices, sources, centres);
  const placeOf = byRecipe
    ? (practice: Practice) => placeByRecipe(byRecipe, practice)
    : (practice: Practice) => administrative?.placeOf(practice) ?? missingPlace(practice);
  const places = byRecipe?.map(placeRow) ?? administrative?.places ?? [];
  if (recipe.neighbourhoods !== 'networks') {
    return byNeighbourhoods(places, recipe.neighbourhoods, practices, sources, placeOf);
  }
  return byNetworks(places, practices, placeOf);
}

function placeRow({ id, name, odsCode, parent, illustrative }: PlaceRecipe): PlaceRow {
  return { id, name, ...(odsCode && { odsCode }), ...(parent && { parent }), ...(illustrative && { illustrative }) };
}

function missingPlace(practice: Practice): never {
  throw new ImportFault(
    `practice ${practice.code} ${practice.name} (${practice.subIcb}) belongs to no place of the recipe`,
  );
}

function placeByRecipe(places: readonly PlaceRecipe[], practice: Practice): string {
  const place =
    places.find((p) => p.practices?.includes(practice.code)) ??
    places.find((p) => practice.network && p.networks?.includes(practice.network.code)) ??
    places.find((p) => practice.at && p.districts?.includes(practice.at.district)) ??
    places.find((p) => p.subIcbs?.includes(practice.subIcb));
  return place?.id ?? missingPlace(practice);
}

/** Today's networks, each in the place where most of its patients are. */
function byNetworks(
  places: readonly PlaceRow[],
  practices: readonly Practice[],
  placeOf: (p: Practice) => string,
): Hierarchy {
  const parentOf = new Map<string, string>();
  const networks = Map.groupBy(practices, (practice) => practice.network?.code ?? null);
  const neighbourhoods: NeighbourhoodRow[] = [];
  for (const [code, members] of networks) {
    const name = members[0]?.network?.name;
    for (const practice of members) parentOf.set(practice.code, code ?? placeOf(practice));
    if (code === null || name === undefined) continue;
    neighbourhoods.push({ id: code, odsCode: code, name, place: heaviest(members, placeOf) });
  }
  const order = new Map(places.map((place, i) => [place.id, i]));
  neighbourhoods.sort((a, b) => (order.get(a.place) ?? 0) - (order.get(b.place) ?? 0) || a.name.localeCompare(b.name));
  return { places, neighbourhoods, parentOf };
}

function heaviest(members: readonly Practice[], placeOf: (practice: Practice) => string): string {
  const weights = new Map<string, number>();
  for (const practice of members) {
    const place = placeOf(practice);
    weights.set(place, (weights.get(place) ?? 0) + practice.list);
  }
  return [...weights].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', -1] as [string, number])[0];
}

function byNeighbourhoods(
  places: readonly PlaceRow[],
  recipes: readonly NeighbourhoodRecipe[],
  practices: readonly Practice[],
  sources: Sources,
  placeOf: (practice: Practice) => string,
): Hierarchy {
  const parentOf = new Map(
    practices.map((practice) => {
      const hood = neighbourhoodOf(recipes, practice, sources);
      return [practice.code, hood?.id ?? placeOf(practice)];
    }),
  );
  const neighbourhoods = recipes.map(({ id, name, place, illustrative }) => ({
    id,
    name,
    place,
    ...(illustrative && { illustrative }),
  }));
  return { places, neighbourhoods, parentOf };
}

/** By name, else by the first former network that any neighbourhood claims; several claimants: the nearest. */
function neighbourhoodOf(
  recipes: readonly NeighbourhoodRecipe[],
  practice: Practice,
  sources: Sources,
): NeighbourhoodRecipe | undefined {
  const named = recipes.find((hood) => hood.practices?.includes(practice.code));
  if (named) return named;
  const former = (sources.memberships.get(practice.code) ?? []).map((membership) => membership.name);
  const claimed = former.map((name) => recipes.filter((hood) => hood.formerNetworks?.includes(name)));
  const claimants = claimed.find((hoods) => hoods.length > 0) ?? [];
  return claimants.toSorted((a, b) => distance(practice, a) - distance(practice, b))[0];
}

/** Squared, on a plane that is flat enough within one place. */
function distance(practice: Practice, hood: NeighbourhoodRecipe): number {
  if (!practice.at || !hood.near) return Infinity;
  const north = practice.at.lat - hood.near.lat;
  const east = (practice.at.lon - hood.near.lon) * 0.6;
  return north * north + east * east;
}
