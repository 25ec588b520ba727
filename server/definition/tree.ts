import type { UnitDef } from '#shared/model/definition.ts';
import type { Position } from '#shared/model/unit.ts';
import type { SiteRow } from './sites-file.ts';
import type { SystemFile } from './system-file.ts';

/** The hierarchy as one list: system, places from the top down, neighbourhoods, sites. Populations are sums beneath. */
export function buildUnits(system: SystemFile, sites: readonly SiteRow[]): UnitDef[] {
  const root = { ...group(system.id, 'system', null, system.name), odsCode: system.odsCode ?? null };
  const places = topDown(system).map((place) => ({
    ...group(place.id, 'place', place.parent ?? system.id, place.name),
    odsCode: place.odsCode ?? null,
    illustrative: place.illustrative ?? false,
    position: place.centre ? { ...place.centre, approximate: false } : null,
  }));
  const hoods = system.neighbourhoods.map((hood) => ({
    ...group(hood.id, 'neighbourhood', hood.place, hood.name),
    odsCode: hood.odsCode ?? null,
    illustrative: hood.illustrative ?? false,
    identifiers: hood.adjustedPopulation ? { 'adjusted-population': String(hood.adjustedPopulation) } : {},
  }));
  const groups = [root, ...places, ...hoods];
  return placeUnits([...withPopulations(groups, sites), ...sites.map(siteUnit)]);
}

function group(id: string, kind: UnitDef['kind'], parent: string | null, name: string): UnitDef {
  return {
    id,
    kind,
    siteKind: null,
    parent,
    name,
    odsCode: null,
    population: null,
    position: null,
    contract: null,
    wteGp: null,
    opening: null,
    bankHolidays: false,
    services: [],
    identifiers: {},
    illustrative: false,
    validFrom: null,
    validTo: null,
  };
}

function siteUnit(site: SiteRow): UnitDef {
  const { id, siteKind, parent, name, odsCode, contract, wteGp, opening, bankHolidays, services } = site;
  const { identifiers, illustrative, validFrom, validTo, deprivation } = site;
  const own = { id, siteKind, parent, name, odsCode, contract, wteGp, opening, bankHolidays, services };
  const position = site.at ? { ...site.at, approximate: false } : null;
  const rest = { identifiers, illustrative, validFrom, validTo, ...(deprivation === null ? {} : { deprivation }) };
  return { ...own, kind: 'site', population: site.listSize, position, ...rest };
}

function topDown(system: SystemFile): SystemFile['places'] {
  const beneath = Map.groupBy(system.places, (place) => place.parent ?? system.id);
  const walk = (parent: string): SystemFile['places'] => {
    const level = beneath.get(parent) ?? [];
    return [...level, ...level.flatMap((place) => walk(place.id))];
  };
  return walk(system.id);
}

function withPopulations(groups: readonly UnitDef[], sites: readonly SiteRow[]): UnitDef[] {
  const parents = new Map(groups.map((unit) => [unit.id, unit.parent]));
  const sums = new Map<string, number>();
  for (const site of sites) {
    for (let at: string | null = site.parent; at !== null; at = parents.get(at) ?? null) {
      sums.set(at, (sums.get(at) ?? 0) + (site.listSize ?? 0));
    }
  }
  return groups.map((unit) => ({ ...unit, population: sums.get(unit.id) ?? 0 }));
}

/** Groups without a centre stand amid their sites; what is still nowhere stands at its nearest ancestor, approximately. */
function placeUnits(units: readonly UnitDef[]): UnitDef[] {
  const parents = new Map(units.map((unit) => [unit.id, unit.parent]));
  const beneath = new Map<string, { lat: number; lon: number; weight: number }>();
  for (const { population, position, parent, kind } of units) {
    if (kind !== 'site' || !position) continue;
    const weight = population ?? 1;
    for (let at = parent; at !== null; at = parents.get(at) ?? null) {
      const sum = beneath.get(at) ?? { lat: 0, lon: 0, weight: 0 };
      const { lat, lon } = position;
      beneath.set(at, { lat: sum.lat + lat * weight, lon: sum.lon + lon * weight, weight: sum.weight + weight });
    }
  }
  const placed = new Map<string, Position | null>();
  return units.map((unit) => {
    const position = unit.position ?? middle(beneath.get(unit.id)) ?? approximately(placed.get(unit.parent ?? ''));
    placed.set(unit.id, position);
    return { ...unit, position };
  });
}

function middle(sum: { lat: number; lon: number; weight: number } | undefined): Position | null {
  if (!sum) return null;
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  return { lat: round(sum.lat / sum.weight), lon: round(sum.lon / sum.weight), approximate: false };
}

function approximately(position: Position | null | undefined): Position | null {
  return position ? { ...position, approximate: true } : null;
}
