import type { PublishedMonth } from '#shared/model/definition.ts';
import type { Report } from './faults.ts';
import { checkColumns, readCsv, type CsvRow } from './read-csv.ts';
import type { Sites } from './sites-file.ts';
import { readCode, readMonth, readNumber } from './texts.ts';

export const PUBLISHED_COLUMNS = [
  'site',
  'month',
  'basis',
  'inbound',
  'answered',
  'ended_in_ivr',
  'callback_requested',
  'callback_made',
  'missed',
  'answered_under_1',
  'answered_1_to_2',
  'answered_2_to_5',
  'answered_over_5',
  'missed_under_1',
  'missed_1_to_2',
  'missed_2_to_5',
  'missed_over_5',
  'online',
] as const;
type Column = (typeof PUBLISHED_COLUMNS)[number];

/** Outcomes are rounded and suppressed apart from the total: this much more than it is a fault, less is not. */
const TOLERANCE = 1.05;

/** Reads and checks published.csv: each practice's own published telephone months. */
export function readPublished(text: string, sites: Sites, report: Report): PublishedMonth[] {
  const table = readCsv(text, report);
  if (!table || !checkColumns(table, PUBLISHED_COLUMNS, [], report)) return [];
  const kinds = new Map(sites.rows.map((site) => [site.id, site.siteKind]));
  const seen = new Map<string, number>();
  return table.rows.flatMap((row) => {
    const month = readRow(row, report);
    if (!month) return [];
    const kind = kinds.get(month.site);
    if (sites.unread.has(month.site)) return [];
    if (kind === undefined) report(row.line, `site "${month.site}" is not in sites.csv`);
    else if (kind !== 'practice') report(row.line, `site "${month.site}" is a ${kind}; only practices have months`);
    const key = `${month.site} ${month.month}`;
    const first = seen.get(key);
    if (first !== undefined) report(row.line, `${key} is already on line ${first}`);
    seen.set(key, first ?? row.line);
    return [month];
  });
}

function readRow(row: CsvRow, report: Report): PublishedMonth | null {
  const cell = (column: Column) => row.cells[column] ?? '';
  const wrong = (message: string) => {
    report(row.line, message);
  };
  const count = (column: Column) => {
    const value = readNumber(cell(column));
    if (value === null || value < 0) wrong(`${column} "${cell(column)}" is not a number of 0 or more`);
    return value ?? 0;
  };
  const month = readMonth(cell('month'));
  if (month === null) wrong(`month "${cell('month')}" is not like 2025-10`);
  const basis = cell('basis');
  if (basis !== 'own' && basis !== 'peers') wrong(`basis "${basis}" must be own or peers`);
  const counts = {
    inbound: count('inbound'),
    answered: count('answered'),
    endedInIvr: count('ended_in_ivr'),
    callbackRequested: count('callback_requested'),
    callbackMade: count('callback_made'),
    missed: count('missed'),
  };
  const outcomes = counts.answered + counts.endedInIvr + counts.callbackRequested + counts.missed;
  if (outcomes > counts.inbound * TOLERANCE + 1)
    wrong(`outcomes add up to ${outcomes}, more than inbound ${counts.inbound}`);
  const bands = (kind: 'answered' | 'missed'): PublishedMonth['answeredWait'] => [
    count(`${kind}_under_1`),
    count(`${kind}_1_to_2`),
    count(`${kind}_2_to_5`),
    count(`${kind}_over_5`),
  ];
  const answeredWait = bands('answered');
  const missedWait = bands('missed');
  const online = cell('online') === '' ? null : count('online');
  if (month === null || (basis !== 'own' && basis !== 'peers')) return null;
  return { site: readCode(cell('site')), month, basis, ...counts, answeredWait, missedWait, online };
}
