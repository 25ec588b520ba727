import { areaKey } from './geo.ts';
import type { PlaceRow } from './hierarchy-rows.ts';
import type { Practice } from './practices.ts';
import type { Network } from './registers.ts';
import type { Sources } from './sources.ts';

/** A name as an id: "North East and Yorkshire" is `north-east-and-yorkshire`. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** An ICB's name without the words that all of them share. */
export function icbName(name: string): string {
  return name.replace(/^NHS /i, '').replace(/ Integrated Care Board$/i, '');
}

const subIcbId = (code: string) => `sub-icb-${code.toLowerCase()}`;
const icbId = (name: string) => `icb-${slug(icbName(name))}`;

/** Regions, ICBs and sub-ICB locations, nested. `centres` by `areaKey` of the ICB's name. */
export function administrativePlaces(
  practices: readonly Practice[],
  sources: Sources,
  centres: ReadonlyMap<string, { lat: number; lon: number }>,
): { places: PlaceRow[]; placeOf: (practice: Practice) => string | null } {
  const known = new Map<string, Network>();
  for (const network of sources.networks.values()) known.set(network.subIcb.code, network);
  const used = [...new Set(practices.map((p) => subIcbOf(p)))].flatMap((code) => known.get(code) ?? []);
  const unique = (rows: PlaceRow[]) =>
    [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) => a.name.localeCompare(b.name));
  const regions = unique(
    used.map(({ region }) => ({ id: slug(region.name), name: region.name, odsCode: region.code })),
  );
  const icbs = unique(
    used.map(({ icb, region }) => {
      const centre = centres.get(areaKey(icb.name));
      const row = { id: icbId(icb.name), name: icbName(icb.name), odsCode: icb.code, parent: slug(region.name) };
      return { ...row, ...(centre && { centre }) };
    }),
  );
  const subIcbs = unique(
    used.map(({ subIcb, icb }) => ({
      id: subIcbId(subIcb.code),
      name: `${icbName(icb.name)} ${subIcb.code}`,
      odsCode: subIcb.code,
      parent: icbId(icb.name),
    })),
  );
  return {
    places: [...regions, ...icbs, ...subIcbs],
    placeOf: (practice) => (known.has(subIcbOf(practice)) ? subIcbId(subIcbOf(practice)) : null),
  };
}

function subIcbOf(practice: Practice): string {
  return practice.administrative?.subIcb.code ?? practice.subIcb;
}
