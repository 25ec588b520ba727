import type { UnitDef } from '#shared/model/definition.ts';
import type { SlotGroup } from '../ports.ts';

/** Made-up units for tests: a system of two places with two neighbourhoods each, practices and hubs on a small map. */
export function unitOf(id: string, kind: UnitDef['kind'], parent: string | null, more: Partial<UnitDef> = {}): UnitDef {
  return {
    ...{ id, kind, siteKind: null, parent, name: id, odsCode: null, population: null },
    ...{ position: null, contract: null, wteGp: null, opening: null, bankHolidays: false },
    ...{ services: [], identifiers: {}, illustrative: true, validFrom: null, validTo: null },
    ...more,
  };
}

const GROUPS: readonly UnitDef[] = [
  unitOf('system', 'system', null),
  ...['east', 'west'].flatMap((place) => [
    unitOf(place, 'place', 'system'),
    unitOf(`${place}-1`, 'neighbourhood', place),
    unitOf(`${place}-2`, 'neighbourhood', place),
  ]),
];

/** About so many km north and east of the middle of the map. */
const at = (north: number, east: number) => ({
  lat: 53.5 + north / 111.2,
  lon: -2.2 + east / 66.1,
  approximate: false,
});

export const practiceAt = (id: string, parent: string, north: number, east: number, deprivation?: 1 | 2 | 3 | 4 | 5) =>
  unitOf(id, 'site', parent, {
    ...{ siteKind: 'practice', position: at(north, east), population: 8000 },
    ...(deprivation === undefined ? {} : { deprivation }),
  });
export const hubAt = (id: string, parent: string, north: number, east: number) =>
  unitOf(id, 'site', parent, { siteKind: 'hub', position: at(north, east) });
export const townOf = (...sites: UnitDef[]): readonly UnitDef[] => [...GROUPS, ...sites];

export const slots = (start: number, free: number, more: Partial<SlotGroup> = {}): SlotGroup => ({
  ...{ start, minutes: 15, channel: 'in-person', role: null, service: null, free, busy: 0, held: 0 },
  ...more,
});
