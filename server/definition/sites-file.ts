import type { WeeklyHours } from '#shared/model/definition.ts';
import { SITE_KINDS, type SiteKind } from '#shared/model/kind-names.ts';
import type { Report } from './faults.ts';
import { readOpening } from './opening.ts';
import { checkColumns, readCsv, type CsvRow } from './read-csv.ts';
import { isInBritain, positionFault } from './system-file.ts';
import { readCode, readDate, readList, readNumber, readPairs } from './texts.ts';

export const SITE_COLUMNS = [
  'ods_code',
  'name',
  'kind',
  'parent',
  'list_size',
  'lat',
  'lon',
  'contract',
  'wte_gp',
  'opening',
  'services',
  'identifiers',
  'valid_from',
  'valid_to',
] as const;
/** May stand in the heading, last as it is written. */
export const SITE_COLUMNS_OPTIONAL = ['deprivation'] as const;
type Column = (typeof SITE_COLUMNS)[number] | (typeof SITE_COLUMNS_OPTIONAL)[number];

/** Prefix of sites that are made up for a demonstration. No ODS code holds a hyphen. */
export const ILLUSTRATIVE_PREFIX = 'X-';

export interface SiteRow {
  readonly line: number;
  readonly id: string;
  readonly odsCode: string | null;
  readonly illustrative: boolean;
  readonly name: string;
  readonly siteKind: SiteKind;
  readonly parent: string;
  readonly listSize: number | null;
  readonly at: { readonly lat: number; readonly lon: number } | null;
  readonly contract: string | null;
  readonly wteGp: number | null;
  readonly opening: WeeklyHours | null;
  readonly bankHolidays: boolean;
  readonly services: string[];
  readonly identifiers: Record<string, string>;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly deprivation: number | null;
}

export interface Sites {
  readonly rows: readonly SiteRow[];
  /** Codes of rows too broken to use, so that their mention elsewhere is not called unknown as well. */
  readonly unread: ReadonlySet<string>;
}

/** Reads and checks sites.csv. `parents` are the ids a site may hang under; null when that is not known. */
export function readSites(text: string, parents: ReadonlySet<string> | null, report: Report): Sites {
  const table = readCsv(text, report);
  if (!table || !checkColumns(table, SITE_COLUMNS, SITE_COLUMNS_OPTIONAL, report))
    return { rows: [], unread: new Set() };
  if (table.rows.length === 0) report(1, 'there are no sites');
  const lines = new Map<string, number>();
  const unread = new Set<string>();
  const rows = table.rows.flatMap((row) => {
    const site = readSite(row, parents, report);
    if (!site) unread.add(readCode(row.cells['ods_code'] ?? ''));
    if (!site) return [];
    const first = lines.get(site.id);
    if (first !== undefined) {
      report(row.line, `"${site.id}" is already on line ${first}; where one code is two things, write "CODE~kind"`);
    }
    lines.set(site.id, first ?? row.line);
    return [site];
  });
  return { rows, unread };
}

function readSite(row: CsvRow, parents: ReadonlySet<string> | null, report: Report): SiteRow | null {
  const cell = (column: Column) => row.cells[column] ?? '';
  const wrong = (message: string) => {
    report(row.line, message);
  };
  const identity = readIdentity(cell('ods_code'), cell('kind'), cell('name'), wrong);
  const parent = readCode(cell('parent'));
  if (parent === '') wrong('parent is missing');
  else if (parents && !parents.has(parent)) wrong(`parent "${parent}" is no place or neighbourhood of system.yaml`);
  const opening = cell('opening') === '' ? null : readOpening(cell('opening'));
  if (opening && !opening.ok) wrong(`opening: ${opening.message}`);
  if (!identity) return null;
  return {
    line: row.line,
    ...identity,
    parent,
    listSize: readListSize(cell('list_size'), identity.siteKind, wrong),
    at: readPosition(cell('lat'), cell('lon'), wrong),
    contract: cell('contract') || null,
    wteGp: readAmount('wte_gp', cell('wte_gp'), 0, 500, wrong),
    opening: opening?.ok ? opening.hours : null,
    bankHolidays: opening?.ok === true && opening.bankHolidays,
    services: readList(cell('services')),
    identifiers: readPairs(cell('identifiers'), (part) => {
      wrong(`identifiers: "${part}" is not like key=value, or its key is there twice`);
    }),
    ...readValidity(cell('valid_from'), cell('valid_to'), wrong),
    deprivation: readDeprivation(cell('deprivation'), identity.siteKind, wrong),
  };
}

type Wrong = (message: string) => void;
type Identity = Pick<SiteRow, 'id' | 'odsCode' | 'illustrative' | 'name' | 'siteKind'>;

function readIdentity(codeCell: string, kind: string, name: string, wrong: Wrong): Identity | null {
  const id = readCode(codeCell);
  const [code = '', suffix] = id.split('~');
  const illustrative = code.startsWith(ILLUSTRATIVE_PREFIX);
  if (id === '') wrong('ods_code is missing');
  else if (/^\d+(\.\d+)?E[+-]?\d+$/i.test(code)) {
    wrong(`ods_code "${code}" was rewritten as a number by a spreadsheet; format the column as text`);
  } else if (!(illustrative ? /^X-[A-Z0-9]+(-[A-Z0-9]+)*$/ : /^[A-Z0-9]{3,10}$/).test(code)) {
    wrong(`ods_code "${code}" is not a code of capital letters and digits`);
  }
  if (!isSiteKind(kind)) wrong(`kind "${kind}" must be one of ${SITE_KINDS.join(', ')}`);
  if (suffix !== undefined && suffix !== kind) wrong(`ods_code "${id}": what follows "~" must be the site's kind`);
  if (name === '') wrong('name is missing');
  if (illustrative && !name.includes('(illustrative)')) {
    wrong(`"${id}" is made up (${ILLUSTRATIVE_PREFIX}): its name must say "(illustrative)"`);
  }
  if (id === '' || name === '' || !isSiteKind(kind)) return null;
  return { id, odsCode: illustrative ? null : code, illustrative, name, siteKind: kind };
}

function isSiteKind(kind: string): kind is SiteKind {
  return (SITE_KINDS as readonly string[]).includes(kind);
}

function readListSize(text: string, kind: SiteKind, wrong: Wrong): number | null {
  const size = readAmount('list_size', text, 1, 1_000_000, wrong);
  if (kind === 'practice' && text === '') wrong('list_size is missing: a practice has a registered list');
  if (kind !== 'practice' && text !== '') wrong(`list_size: a ${kind} has no registered list`);
  if (size !== null && !Number.isInteger(size)) wrong(`list_size "${text}" is not a whole number`);
  return kind === 'practice' ? size : null;
}

function readDeprivation(text: string, kind: SiteKind, wrong: Wrong): number | null {
  if (text === '') return null;
  if (kind !== 'practice') wrong(`deprivation: a ${kind} has no registered patients`);
  if (/^[1-5]$/.test(text)) return Number(text);
  wrong(`deprivation "${text}" is not a fifth from 1 (most deprived) to 5`);
  return null;
}

function readAmount(column: Column, text: string, least: number, most: number, wrong: Wrong): number | null {
  if (text === '') return null;
  const value = readNumber(text);
  if (value === null) wrong(`${column} "${text}" is not a number`);
  else if (value < least || value > most) wrong(`${column} ${value} is not between ${least} and ${most}`);
  return value;
}

function readPosition(latText: string, lonText: string, wrong: Wrong): SiteRow['at'] {
  if (latText === '' && lonText === '') return null;
  const [lat, lon] = [readNumber(latText), readNumber(lonText)];
  if (lat === null || lon === null) {
    wrong(`position "${latText}", "${lonText}" needs both lat and lon as numbers`);
    return null;
  }
  if (!isInBritain(lat, lon)) wrong(`position ${positionFault(lat, lon)}`);
  return { lat, lon };
}

function readValidity(from: string, to: string, wrong: Wrong): Pick<SiteRow, 'validFrom' | 'validTo'> {
  const [validFrom, validTo] = [from, to].map((text) => (text === '' ? null : readDate(text)));
  if (from !== '' && !validFrom) wrong(`valid_from "${from}" is not a date like 2026-03-01`);
  if (to !== '' && !validTo) wrong(`valid_to "${to}" is not a date like 2026-03-01`);
  if (validFrom && validTo && validTo < validFrom) wrong(`valid_to ${validTo} is before valid_from ${validFrom}`);
  return { validFrom: validFrom ?? null, validTo: validTo ?? null };
}
