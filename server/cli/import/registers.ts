import { parseRows, readCount, readPublishedDate, readTable } from './tables.ts';
import type { Tally } from './tally.ts';

/** One organisation of the register of practices (epraccur). */
export interface RegisterRow {
  readonly code: string;
  readonly name: string;
  readonly icb: string;
  readonly subIcb: string;
  readonly setting: string;
  readonly opened: string | null;
}

/** epraccur has no heading; its columns are fixed by its specification. */
const COLUMN = { code: 0, name: 1, icb: 3, opened: 10, status: 12, subIcb: 14, setting: 25 };

/** Active organisations by code. */
export function readRegister(text: string, file: string, tally: Tally): Map<string, RegisterRow> {
  const active = new Map<string, RegisterRow>();
  for (const row of parseRows(text, file)) {
    tally.read();
    const cell = (column: keyof typeof COLUMN) => row[COLUMN[column]] ?? '';
    if (row.length < 26) tally.rejected('fewer than 26 columns', cell('code'));
    else if (cell('status') !== 'A') tally.rejected('not active', cell('code'));
    else {
      tally.taken();
      const opened = readPublishedDate(cell('opened'));
      const { code, name, icb, subIcb, setting } = {
        code: cell('code'),
        name: cell('name'),
        icb: cell('icb'),
        subIcb: cell('subIcb'),
        setting: cell('setting'),
      };
      active.set(code, { code, name, icb, subIcb, setting, opened });
    }
  }
  return active;
}

/** Registered patients by practice. */
export function readLists(text: string, file: string, tally: Tally): Map<string, number> {
  const lists = new Map<string, number>();
  for (const row of readTable(text, ['CODE', 'NUMBER_OF_PATIENTS'], file, tally)) {
    const code = row['CODE'] ?? '';
    const patients = readCount(row['NUMBER_OF_PATIENTS']);
    if (row['TYPE'] !== 'GP') tally.rejected('not a practice', code);
    else if (patients === null || patients === 0) tally.rejected('no patients', code);
    else if (lists.has(code)) tally.rejected('a second row of the same practice', code);
    else {
      tally.taken();
      lists.set(code, patients);
    }
  }
  return lists;
}

/** A practice's supplier, network and administrative parents (appointments mapping). Network null where it has none. */
export interface Network {
  readonly supplier: string;
  readonly network: { readonly code: string; readonly name: string } | null;
  readonly subIcb: { readonly code: string; readonly name: string };
  readonly icb: { readonly code: string; readonly name: string };
  readonly region: { readonly code: string; readonly name: string };
}

/** The code the mapping gives to practices that are in no network. */
const UNALLOCATED = 'U';

export function readNetworks(text: string, file: string, tally: Tally): Map<string, Network> {
  const networks = new Map<string, Network>();
  for (const row of readTable(text, ['GP_CODE', 'PCN_CODE', 'SUB_ICB_LOCATION_CODE'], file, tally)) {
    const pair = (prefix: string) => ({ code: row[`${prefix}_CODE`] ?? '', name: row[`${prefix}_NAME`] ?? '' });
    const network = pair('PCN');
    const none = network.code === UNALLOCATED || network.code === '';
    if (none) tally.note(`practices in no network are marked "${UNALLOCATED}"`);
    tally.taken();
    networks.set(row['GP_CODE'] ?? '', {
      supplier: row['SUPPLIER'] ?? '',
      network: none ? null : network,
      subIcb: pair('SUB_ICB_LOCATION'),
      icb: pair('ICB'),
      region: pair('REGION'),
    });
  }
  return networks;
}

export interface Place {
  readonly lat: number;
  readonly lon: number;
  /** Local authority code. */
  readonly district: string;
}

export function readPositions(text: string, file: string, tally: Tally): Map<string, Place> {
  const positions = new Map<string, Place>();
  for (const row of readTable(text, ['ods_code', 'lat', 'lon'], file, tally)) {
    const [lat, lon] = [Number(row['lat'] || NaN), Number(row['lon'] || NaN)];
    const code = row['ods_code'] ?? '';
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) tally.rejected('no position', code);
    else {
      tally.taken();
      positions.set(code, { lat, lon, district: row['admin_district_code'] ?? '' });
    }
  }
  return positions;
}

/** Fifth of deprivation (1 the most deprived) by practice. */
export function readDeprivation(text: string, file: string, tally: Tally): Map<string, number> {
  const fifths = new Map<string, number>();
  for (const row of readTable(text, ['practice_code', 'deprivation_fifth'], file, tally)) {
    const code = row['practice_code'] ?? '';
    const fifth = row['deprivation_fifth'] ?? '';
    if (!/^[1-5]$/.test(fifth)) tally.rejected('no fifth from 1 to 5', code);
    else {
      tally.taken();
      fifths.set(code, Number(fifth));
    }
  }
  return fifths;
}

/** Whole-time-equivalent GPs by practice. */
export function readWorkforce(text: string, file: string, tally: Tally): Map<string, number> {
  const workforce = new Map<string, number>();
  for (const row of readTable(text, ['practice_code', 'gp_fte'], file, tally)) {
    const code = row['practice_code'] ?? '';
    const fte = readCount(row['gp_fte']);
    if (fte === null) tally.rejected('no number of GPs', code);
    else {
      tally.taken();
      workforce.set(code, fte);
    }
  }
  return workforce;
}
