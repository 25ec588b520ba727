import { fileURLToPath } from 'node:url';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NationalSchema, type Definition } from '#shared/model/definition.ts';
import { dispatch } from '../../server/cli/dispatch.ts';
import { loadDefinition } from '../../server/definition/load.ts';

const PUBLISHED = fileURLToPath(new URL('../fixtures/published/', import.meta.url));

let folder: string;
let report: string;
let definition: Definition;

async function headroom(...args: string[]) {
  const lines: string[] = [];
  const code = await dispatch(args, { out: (line) => lines.push(line), err: (line) => lines.push(line) });
  return { code, text: lines.join('\n') };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-import-'));
  const to = join(folder, 'coast');
  const map = ['--map', join(folder, 'coast.json')];
  const { code, text } = await headroom(
    'import',
    'definition',
    join(PUBLISHED, 'recipe.yaml'),
    '--from',
    PUBLISHED,
    '--to',
    to,
    ...map,
  );
  expect(text).toContain('No faults.');
  expect(code).toBe(0);
  report = text;
  const loaded = await loadDefinition(to);
  if (!loaded.ok) throw new Error('the import made a definition with faults');
  definition = loaded.definition;
});

afterAll(() => rm(folder, { recursive: true }));

const unit = (id: string) => definition.units.find((u) => u.id === id);
const month = (site: string, name: string) => definition.published.find((m) => m.site === site && m.month === name);

test('practices are the active ones with a list; what is left out is counted and named', () => {
  expect(definition.units.filter((u) => u.siteKind === 'practice')).toHaveLength(15);
  expect(report).toContain('ods/epraccur.csv: 21 rows read, 19 taken, 2 not taken');
  expect(report).toContain('3 × registered as a practice, but without a list');
  expect(report).toContain('N84043 Seaforth Village Surgery');
  expect(unit('N84043')).toBeUndefined();
});

test('a practice in no network hangs under its place; one the mapping lacks takes its network from the memberships', () => {
  expect(unit('N84019')?.parent).toBe('coast-south');
  expect(unit('N84617')?.parent).toBe('U18460');
  expect(unit('U18460')).toMatchObject({ name: 'Southport & Formby', parent: 'coast-north' });
});

test('names are readable, positions exact or said to be approximate', () => {
  expect(unit('N84021')?.name).toBe('St Marks Medical Centre (TCG Medical)');
  expect(unit('N84005')?.position?.approximate).toBe(false);
  expect(unit('N84625')?.position?.approximate).toBe(true);
});

test('own months are the published figures, through a trailing blank and an odd date', () => {
  expect(month('N84013', '2025-10')).toMatchObject({
    basis: 'own',
    inbound: 11353,
    answered: 6976,
    endedInIvr: 2620,
    callbackRequested: 752,
    missed: 991,
    answeredWait: [3948, 1183, 1308, 537],
    missedWait: [791, 92, 92, 16],
  });
});

test('a dash, a blank or an absent row is no zero: the month is made from peers and marked', () => {
  for (const [site, name] of [
    ['N84014', '2025-11'],
    ['N84024', '2025-10'],
    ['N84012', '2025-10'],
  ] as const) {
    const made = month(site, name);
    expect(made?.basis).toBe('peers');
    expect(made?.inbound).toBeGreaterThan(1000);
  }
  expect(report).toContain('1 × a count is blank or a dash (N84014 2025-11)');
  expect(report).toContain('1 × no waits in the other two tables (N84024 2025-10)');
});

test('months from peers add up', () => {
  for (const m of definition.published.filter(({ basis }) => basis === 'peers')) {
    expect(m.answered + m.endedInIvr + m.callbackRequested + m.missed).toBe(m.inbound);
    expect(m.answeredWait.reduce((a, b) => a + b, 0)).toBe(m.answered);
    expect(m.missedWait.reduce((a, b) => a + b, 0)).toBe(m.missed);
  }
});

test('online consultations come where they are published, and are absent where no data was sent', () => {
  expect(month('N84001', '2025-11')?.online).toBe(408);
  expect(month('N84005', '2025-11')?.online).toBeNull();
  expect(month('N84001', '2025-10')?.online).toBeNull();
});

test('hubs are made where none serves, sized by 60 minutes per 1,000, and plainly illustrative', () => {
  const hubs = definition.units.filter((u) => u.siteKind === 'hub');
  expect(hubs.every((hub) => hub.illustrative && hub.name.endsWith('(illustrative)'))).toBe(true);
  const minutes = hubs.reduce((sum, hub) => sum + Number(hub.identifiers['minutes']), 0);
  const patients = unit('coast')?.population ?? 0;
  expect(Math.abs(minutes - patients * 0.06)).toBeLessThan(hubs.length + 1);
});

test('feeds serve the sites that have their supplier, each once', () => {
  const telephony = definition.feeds
    .filter((feed) => feed.adapter === 'telephony-queues')
    .flatMap((feed) => feed.sites);
  expect(telephony.toSorted()).toEqual(
    definition.units
      .filter((u) => u.siteKind === 'practice')
      .map((u) => u.id)
      .toSorted(),
  );
});

test('the map has a closed outline with the id of its place', async () => {
  const map = JSON.parse(await readFile(join(folder, 'coast.json'), 'utf8')) as {
    places: { id: string; rings: [number, number][][] }[];
  };
  const ring = map.places[0]?.rings[0] ?? [];
  expect(map.places.map((place) => place.id)).toEqual(['coast-north']);
  expect(ring.length).toBeGreaterThan(10);
  expect(ring.at(-1)).toEqual(ring[0]);
});

test('importing twice gives the same bytes', async () => {
  const again = join(folder, 'again');
  await headroom('import', 'definition', join(PUBLISHED, 'recipe.yaml'), '--from', PUBLISHED, '--to', again);
  for (const file of ['system.yaml', 'sites.csv', 'feeds.yaml', 'rules.yaml', 'published.csv']) {
    expect(await readFile(join(again, file), 'utf8')).toBe(await readFile(join(folder, 'coast', file), 'utf8'));
  }
});

test('importing again into a real deployment keeps the feeds and rules its people made', async () => {
  const real = join(folder, 'real');
  const recipe = join(folder, 'real.yaml');
  const text = await readFile(join(PUBLISHED, 'recipe.yaml'), 'utf8');
  const named = text.replace('id: coast,', 'id: coast, odsCode: QYG,');
  await writeFile(recipe, named.replace(/demonstration:\n( {2}.*\n)+/, ''));
  await headroom('import', 'definition', recipe, '--from', PUBLISHED, '--to', real);
  expect(await loadDefinition(real)).toMatchObject({
    ok: true,
    definition: {
      simulated: false,
      feeds: [],
      units: expect.arrayContaining([expect.objectContaining({ odsCode: 'QYG' })]) as unknown,
    },
  });
  const rules = await readFile(join(real, 'rules.yaml'), 'utf8');
  const tuned = rules.replace('uplift: 20', 'uplift: 15');
  await writeFile(join(real, 'rules.yaml'), tuned);
  const again = await headroom('import', 'definition', recipe, '--from', PUBLISHED, '--to', real);
  expect(again.text).toContain('rules.yaml: kept as it is');
  expect(await readFile(join(real, 'rules.yaml'), 'utf8')).toBe(tuned);
  expect(tuned).not.toBe(rules);
});

test('a file that is not there is named, and nothing is written', async () => {
  const { code, text } = await headroom(
    'import',
    'definition',
    join(PUBLISHED, 'recipe.yaml'),
    '--from',
    folder,
    '--to',
    join(folder, 'no'),
  );
  expect(code).toBe(1);
  expect(text).toContain('cannot be read (ENOENT)');
  await expect(readFile(join(folder, 'no', 'system.yaml'))).rejects.toThrow('ENOENT');
});

test('the national shapes hold, and the wrong column is noticed', async () => {
  const to = join(folder, 'national');
  const { code, text } = await headroom('import', 'national', '--from', PUBLISHED, '--to', to);
  expect(code).toBe(0);
  expect(text).toContain('"calls_abandoned" equals "calls_received" in 11 rows: wrong, not read');
  const national: unknown = JSON.parse(await readFile(join(to, 'national.json'), 'utf8'));
  if (!Value.Check(NationalSchema, national)) throw new Error('not the national shapes');
  expect(national.outcomes).toHaveLength(63);
  for (const { answered, endedInIvr, callbackRequested, missed } of national.outcomes) {
    expect(answered + endedInIvr + callbackRequested + missed).toBeCloseTo(1, 2);
  }
  expect(national.days[0]).toEqual({
    date: '2025-10-01',
    bands: [973, 56498, 358678, 290954, 228132, 242418, 156318, 10739, 9798],
  });
  expect(national.urgentByHour.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
});
