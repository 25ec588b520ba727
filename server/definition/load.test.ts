import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import {
  copyOfValid,
  edit,
  expectFault,
  loadValid,
  spoiling,
  type Spoiled,
} from '../../test/support/definition-copy.ts';
import { loadDefinition } from './load.ts';

test('a valid folder becomes one frozen definition, parents before children', async () => {
  const definition = await loadValid();
  const ids = definition.units.map((unit) => unit.id);
  expect(ids.slice(0, 5)).toEqual(['riverside', 'north', 'south', 'U10001', 'U10002']);
  for (const unit of definition.units) {
    if (unit.parent !== null) expect(ids.indexOf(unit.parent)).toBeLessThan(ids.indexOf(unit.id));
  }
  expect(Object.isFrozen(definition)).toBe(true);
  expect(Object.isFrozen(definition.units[3]?.identifiers)).toBe(true);
  expect(definition.coreHours).toEqual([{ days: [1, 2, 3, 4, 5], from: 480, to: 1110 }]);
});

test('populations of groups are the lists beneath them; services count for nobody', async () => {
  const { units } = await loadValid();
  const population = (id: string) => units.find((unit) => unit.id === id)?.population;
  expect(['riverside', 'north', 'south', 'U10001', 'U10002'].map(population)).toEqual([
    30000, 15000, 15000, 15000, 12000,
  ]);
  expect(population('12345')).toBeNull();
});

test('a site without a position stands at its nearest placed ancestor, marked approximate', async () => {
  const { units } = await loadValid();
  const position = (id: string) => units.find((unit) => unit.id === id)?.position;
  expect(position('P10002')).toEqual({ lat: 53.51, lon: -2.21, approximate: true });
  expect(position('P10001')).toEqual({ lat: 53.51, lon: -2.21, approximate: false });
  expect(position('north')).toEqual({ lat: 53.5, lon: -2.2, approximate: false });
});

test('one code may be two things, and made-up sites have no code', async () => {
  const { units } = await loadValid();
  const unit = (id: string) => units.find((u) => u.id === id);
  expect(unit('12345~out-of-hours')).toMatchObject({ odsCode: '12345', siteKind: 'out-of-hours', bankHolidays: true });
  expect(unit('X-RIVERSIDE-CAR')).toMatchObject({ odsCode: null, illustrative: true });
});

/** What a British spreadsheet makes of a CSV: its own dates and months, thousands, trailing blanks, CRLF and a mark. */
function throughSpreadsheet(text: string): string {
  const rows = parse(text) as unknown as string[][];
  const cell = (value: string) => {
    const seen = value
      .replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1')
      .replace(/^2025-10$/, 'Oct-25')
      .replace(/^2025-11$/, '01/11/2025')
      .replace(/^12345$/, '="12345"')
      .replace(/^(\d{1,2})(\d{3})$/, '$1,$2');

    return /[",]/.test(seen) ? `"${seen.replaceAll('"', '""')}"` : `${seen} `;
  };
  const lines = rows.map((row) => [...row.map(cell), '', ''].join(','));
  return `\uFEFF${[...lines, ',,,,,', ''].join('\r\n')}`;
}

test('a trip through a spreadsheet changes nothing, not even the version', async () => {
  const folder = await copyOfValid();
  await edit(folder, 'sites.csv', throughSpreadsheet);
  await edit(folder, 'published.csv', throughSpreadsheet);
  expect(await readFile(join(folder, 'sites.csv'), 'utf8')).toContain('"=""12345""",Town hub ,hub ,');
  const loaded = await loadDefinition(folder);
  expect(loaded.ok ? [] : loaded.faults).toEqual([]);
  expect(loaded).toMatchObject({ ok: true, definition: { version: (await loadValid()).version } });
});

test('another list size is another version', async () => {
  const folder = await copyOfValid();
  await edit(folder, 'sites.csv', (text) => text.replace(',9000,', ',9001,'));
  const loaded = await loadDefinition(folder);
  expect(loaded.ok && loaded.definition.version).not.toBe((await loadValid()).version);
});

test('every fault is reported at once, by file and line', async () => {
  const folder = await copyOfValid();
  await edit(folder, 'sites.csv', (text) => text.replace('U10002,12000', 'U10009,many').replace(',53.42,', ',3.42,'));
  await edit(folder, 'feeds.yaml', (text) => text.replace("'*/15 * * * * *'", "'often'"));
  const loaded = await loadDefinition(folder);
  expect(loaded.ok ? [] : loaded.faults.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'feeds.yaml:7',
    'sites.csv:4',
    'sites.csv:4',
    'sites.csv:5',
  ]);
});

test('a definition without published months is one too', async () => {
  const folder = await copyOfValid();
  await rm(join(folder, 'published.csv'));
  expect(await loadDefinition(folder)).toMatchObject({ ok: true, definition: { published: [] } });
});

test('a missing file is a fault of its own and hides no other', async () => {
  const folder = await copyOfValid();
  await rm(join(folder, 'sites.csv'));
  await edit(folder, 'rules.yaml', (text) => text.replace('[30, 55, 80]', '[30, 80, 55]'));
  const loaded = await loadDefinition(folder);
  expect(loaded.ok ? [] : loaded.faults).toEqual([
    { file: 'rules.yaml', line: 5, message: 'levels 30, 80, 55 must rise, between 0 and 100' },
    { file: 'sites.csv', line: 1, message: 'the file is missing' },
  ]);
});

const site = spoiling('sites.csv');
const rule = spoiling('rules.yaml');
const system = spoiling('system.yaml');
const month = spoiling('published.csv');

const FAULTS: readonly Spoiled[] = [
  system('name: Riverside\n', 'name: [Riverside\n', 3, 'not readable as YAML'),
  system('timeZone: Europe/London', 'timeZone: Europe/Paris', 4, 'timeZone must be "Europe/London"'),
  system('08:00-18:30', '18:30-08:00', 5, 'ends before it begins'),
  system('populationBasis: list-size\n', '', 1, '"populationBasis" is missing'),
  system('populationBasis: list-size', 'populationBasis: adjusted', 27, 'has no adjustedPopulation'),
  system('minutesPer1000: 60', 'minutesPer1000: sixty', 8, 'minutesPer1000 must be number'),
  system('simulated: true', 'simulated: false', 1, '"odsCode" is missing: feed "slots-alder-clinical" (bars-slots)'),
  system('simulated: true', 'simulatd: true', 1, '"simulated" is missing'),
  system('simulated: true', 'simulated: true\nnonsense: 1', 15, 'nonsense is not a known setting'),
  system('year: 2020', 'year: 1066', 17, 'figures.0.year'),
  system('id: south', 'id: north', 24, 'place "north" is there twice'),
  system('id: north\n', 'id: North East\n', 21, 'places.0.id must match pattern'),
  system('name: South', 'name: South\n    parent: west', 26, 'parent "west" of place "south" is not a place'),
  system('name: South', 'name: South\n    parent: south', 26, 'place "south" is its own ancestor'),
  system('lat: 53.5, lon: -2.2', 'lat: -2.2, lon: 53.5', 23, 'swapped'),
  system('place: south', 'place: west', 34, 'place "west" of neighbourhood "U10002" is unknown'),
  system('id: U10002', 'id: U10001', 31, 'has an id that is taken'),
  system('name: Lower River', 'name: Lower River\n    illustrative: true', 33, 'must say "(illustrative)"'),
  site('kind,parent', 'kind,parents', 1, 'column "parent" is missing'),
  site('P10002,Mill Surgery', 'P10001,Mill Surgery', 3, '"P10001" is already on line 2'),
  site('P10002,Mill Surgery', 'U10001,Mill Surgery', 3, 'already a place or neighbourhood'),
  site('P10002,Mill', '1.00E+05,Mill', 3, 'rewritten as a number by a spreadsheet'),
  site('P10002,Mill', 'p-10002,Mill', 3, 'not a code of capital letters and digits'),
  site('12345~out-of-hours', '12345~hub', 7, 'what follows "~" must be the site\'s kind'),
  site('Mill Surgery,practice', 'Mill Surgery,surgery', 3, 'kind "surgery" must be one of'),
  site('Mill Surgery,practice,U10001,6000', 'Mill Surgery,practice,U10009,6000', 3, 'parent "U10009" is no place'),
  site('U10001,6000', 'U10001,', 3, 'list_size is missing'),
  site('U10001,6000', 'U10001,6000.5', 3, 'not a whole number'),
  site('hub,north,,', 'hub,north,500,', 6, 'a hub has no registered list'),
  site('53.51,-2.21', '-2.21,53.51', 2, 'swapped'),
  site('53.51,-2.21', '53.51,', 2, 'needs both lat and lon'),
  site('53.51,-2.21', '40.71,-74.00', 2, 'not in the United Kingdom'),
  site('GMS,4.5', 'GMS,four', 2, 'wte_gp "four" is not a number'),
  site('valid_to\nP10001', 'valid_to,depravation\nP10001', 1, 'column "depravation" is not known'),
  site('sat 09:00-12:00', 'sat 9am-12', 4, 'is not a time like 08:00'),
  site('sat 09:00-12:00', 'fri 12:00-19:00', 4, 'opening times overlap'),
  site('minutes=900;', 'minutes 900;', 6, 'is not like key=value'),
  site('2030-03-31', '2030-02-31', 4, 'valid_to "2030-02-31" is not a date'),
  site('2019-10-01,\nP10002', '2019-10-01,2018-01-01\nP10002', 2, 'is before valid_from'),
  site('Visiting car (illustrative)', 'Visiting car', 8, 'must say "(illustrative)"'),
  site('Weir Practice', 'Weir Practice, Lower Road', 4, 'more cells than the heading'),
  rule('metric: slots.left-share', 'metric: slots.left', 12, 'metric "slots.left" does not exist'),
  rule(
    'siteKinds: [practice]\n    direction: high',
    'siteKinds: [hub]\n    direction: high',
    23,
    'does not exist at hub',
  ),
  rule('[0.2, 0.08, 0]', '[0, 0.08, 0.2]', 16, 'must fall, mildest first'),
  rule('[240, 540, 1080]', '[240, 240, 1080]', 26, 'must rise, mildest first'),
  rule('[240, 540, 1080]', '[240, 540]', 26, 'indicators.1.cutoffs'),
  rule('id: longest-wait', 'id: same-day-slots', 20, 'indicator "same-day-slots" is there twice'),
  rule('indicator: longest-wait', 'indicator: shortest-wait', 33, 'which is no indicator'),
  rule("'callers wait {value}'", "'callers wait {valve}'", 29, '"{valve}" must be {value}'),
  rule("'callers wait {value}'", "'callers wait very long today'", 29, 'longer than four words'),
  rule("to: '18:00'", "to: '07:00'", 31, 'to 07:00 is not after from 08:00'),
  rule("published: '2026-01-05'", "published: 'today'", 3, 'published "today" is not a date'),
  month('P10002,2025-10', 'P10009,2025-10', 4, 'site "P10009" is not in sites.csv'),
  month('P10002,2025-10', '12345,2025-10', 4, 'only practices have months'),
  month('P10001,2025-11', 'P10001,2025-10', 3, 'is already on line 2'),
  month('2025-11,own', '2025-13,own', 3, 'month "2025-13" is not like'),
  month('2025-10,peers', '2025-10,guess', 4, 'must be own or peers'),
  month('own,5000,3000', 'own,5000,-', 2, 'answered "-" is not a number'),
  month('own,5000,3000', 'own,4000,3000', 2, 'more than inbound 4000'),
];

test.each(FAULTS)('$file line $line: $says', expectFault);

test('a file saved as Windows-1252 is refused, because its names would be damaged', async () => {
  const folder = await copyOfValid();
  await edit(folder, 'sites.csv', (text) => text);
  const bytes = await readFile(join(folder, 'sites.csv'));
  bytes[bytes.indexOf('Mill Surgery')] = 0xe9;
  await writeFile(join(folder, 'sites.csv'), bytes);
  const loaded = await loadDefinition(folder);
  expect(loaded.ok ? [] : loaded.faults).toMatchObject([{ file: 'sites.csv', line: 3 }]);
});
