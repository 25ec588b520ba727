import { slug } from './administrative.ts';
import type { Hierarchy } from './hierarchy-rows.ts';
import { MINUTES_PER_1000 } from './hubs.ts';
import { readableName } from './names.ts';
import type { Practice } from './practices.ts';
import type { RegisterRow } from './registers.ts';
import { ASSUMED_MINUTES, OPENING, type SiteDraft } from './site.ts';
import type { Sources } from './sources.ts';
import { readTable } from './tables.ts';
import type { Tally } from './tally.ts';

type Found = 'hub' | 'out-of-hours' | 'urgent-treatment';

const HUB_SETTING = '26';
const OUT_OF_HOURS_SETTINGS = ['2', '3'];
const URGENT_SETTINGS = ['1', '10', '12'];
const HUB_NAME = /\b(HUB|EAS?|ENHANCED|EXTENDED|ENH'?D?|ENH ACC(ESS)?)\b/;
const URGENT_NAME = /URGENT (TREATMENT|CARE)|\bUTC\b|WALK[ -]?IN|\bWIC\b/;

/** What an entry of the register is, by its setting and name; null for what is none of these. */
export function serviceKind(row: Pick<RegisterRow, 'name' | 'setting'>): Found | null {
  if (row.setting === HUB_SETTING && HUB_NAME.test(row.name)) return 'hub';
  if (OUT_OF_HOURS_SETTINGS.includes(row.setting)) return 'out-of-hours';
  if (URGENT_SETTINGS.includes(row.setting) && URGENT_NAME.test(row.name)) return 'urgent-treatment';
  return null;
}

/** Every hub, out-of-hours and urgent treatment service of the register, beneath its sub-ICB location. */
export function registerServices(sources: Sources, hierarchy: Hierarchy, practices: readonly Practice[], tally: Tally) {
  const placeOf = new Map(
    hierarchy.places.flatMap((place) => (place.odsCode ? [[place.odsCode, place.id] as const] : [])),
  );
  const taken = new Set(practices.map((practice) => practice.code));
  const found = [...sources.register.values()].flatMap((row) => {
    const kind = serviceKind(row);
    if (kind === null || taken.has(row.code)) return [];
    tally.read();
    const parent = placeOf.get(row.subIcb);
    if (parent === undefined) {
      tally.rejected('its commissioner is no sub-ICB location with practices', `${row.code} ${row.subIcb}`);
      return [];
    }
    tally.taken();
    return [{ row, kind, parent }];
  });
  const hubMinutes = minutesByPlace(
    hierarchy,
    practices,
    found.filter(({ kind }) => kind === 'hub').map((f) => f.parent),
  );
  return found.map(({ row, kind, parent }): SiteDraft => {
    const minutes = kind === 'hub' ? hubMinutes.get(parent) : ASSUMED_MINUTES[kind];
    return {
      code: row.code,
      name: readableName(row.name),
      kind,
      parent,
      list: null,
      at: sources.positions.get(row.code) ?? null,
      wteGp: null,
      opening: OPENING[kind],
      services: [],
      identifiers: minutes === undefined ? {} : { minutes: String(minutes) },
      validFrom: row.opened,
    };
  });
}

/** A hub's minutes: its share of its sub-ICB's 60 per 1,000, at most what one network's patients come to. */
function minutesByPlace(hierarchy: Hierarchy, practices: readonly Practice[], hubParents: readonly string[]) {
  const hoodPlace = new Map(hierarchy.neighbourhoods.map((hood) => [hood.id, hood.place]));
  const patients = new Map<string, number>();
  for (const practice of practices) {
    const unit = hierarchy.parentOf.get(practice.code) ?? '';
    const place = hoodPlace.get(unit) ?? unit;
    patients.set(place, (patients.get(place) ?? 0) + practice.list);
  }
  const networks = Map.groupBy(hierarchy.neighbourhoods, (hood) => hood.place);
  return new Map(
    [...Map.groupBy(hubParents, (parent) => parent)].map(([place, hubs]) => {
      const shares = Math.max(hubs.length, networks.get(place)?.length ?? 1);
      return [place, Math.round(((patients.get(place) ?? 0) * MINUTES_PER_1000) / 1000 / shares / 5) * 5];
    }),
  );
}

/** NHS 111 contracts, each beneath its region. */
export function urgentContracts(text: string, file: string, hierarchy: Hierarchy, tally: Tally): SiteDraft[] {
  const places = new Set(hierarchy.places.map((place) => place.id));
  return readTable(text, ['contract_code', 'contract_name', 'region_name'], file, tally).flatMap((row): SiteDraft[] => {
    const [code = '', name = '', region = ''] = [row['contract_code'], row['contract_name'], row['region_name']];
    if (!places.has(slug(region))) {
      tally.rejected('its region is not in this system', code);
      return [];
    }
    tally.taken();
    return [
      {
        code,
        name: `NHS 111 ${name.replace(/ \([^)]*\)$/, '')}`,
        kind: 'nhs111',
        parent: slug(region),
        list: null,
        at: null,
        wteGp: null,
        opening: OPENING.nhs111,
        services: ['NHS 111'],
        identifiers: {},
        validFrom: null,
      },
    ];
  });
}
