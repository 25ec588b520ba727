import { fileURLToPath } from 'node:url';
import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { AdapterName, Definition, UnitDef } from '#shared/model/definition.ts';
import { familyOf, metricsOf } from '#shared/model/feed-metrics.ts';
import { METRIC_NAMES, metricSpec } from '#shared/model/metrics.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';

const SYSTEMS = new URL('../../server/systems/', import.meta.url);

const loaded = new Map<string, Promise<Definition>>();

/** Frozen, so that the tests may share it: England takes seconds on a busy machine. */
function load(id: string): Promise<Definition> {
  const known = loaded.get(id) ?? loadShipped(id);
  loaded.set(id, known);
  return known;
}

async function loadShipped(id: string): Promise<Definition> {
  const result = await loadDefinition(fileURLToPath(new URL(id, SYSTEMS)));
  if (!result.ok) throw new Error(result.faults.map((f) => `${f.file}:${f.line}: ${f.message}`).join('\n'));
  return result.definition;
}

const sites = (definition: Definition, kind: SiteKind) => definition.units.filter((unit) => unit.siteKind === kind);
const groups = (definition: Definition, kind: UnitDef['kind']) => definition.units.filter((unit) => unit.kind === kind);
const within = (definition: Definition, unit: UnitDef, ancestor: string): boolean => {
  const parent = definition.units.find(({ id }) => id === unit.parent);
  return unit.parent === ancestor || (parent !== undefined && within(definition, parent, ancestor));
};
const offered = (definition: Definition) => new Set(definition.units.flatMap((unit) => unit.services));

const COUNTS = [
  { id: 'sefton', places: 2, neighbourhoods: 8, practices: 39 },
  { id: 'greater-manchester', places: 10, neighbourhoods: 65, practices: 406 },
  { id: 'coventry-and-warwickshire', places: 4, neighbourhoods: 20, practices: 119 },
  { id: 'leicester-city', places: 4, neighbourhoods: 11, practices: 51 },
  { id: 'county-durham', places: 5, neighbourhoods: 13, practices: 61 },
  { id: 'england', places: 155, neighbourhoods: 1296, practices: 6169 },
];

test.each(COUNTS)(
  '$id: $places places, $neighbourhoods neighbourhoods, $practices practices',
  async ({ id, ...counts }) => {
    const definition = await load(id);
    expect(definition.id).toBe(id);
    expect({
      places: groups(definition, 'place').length,
      neighbourhoods: groups(definition, 'neighbourhood').length,
      practices: sites(definition, 'practice').length,
    }).toEqual(counts);
    expect(definition.simulated).toBe(true);
    expect(definition.attribution.join(' ')).toContain('Open Government Licence');
  },
);

test.each(COUNTS)(
  '$id: every practice has a list, a position, a published month and a telephone feed',
  async ({ id }) => {
    const definition = await load(id);
    const months = new Set(definition.published.map((month) => month.site));
    const heard = new Set(definition.feeds.filter((f) => familyOf(f) === 'telephony').flatMap((f) => f.sites));
    for (const practice of sites(definition, 'practice')) {
      expect(practice.population).toBeGreaterThan(0);
      expect(practice.position).not.toBeNull();
      expect(months.has(practice.id)).toBe(true);
      expect(heard.has(practice.id)).toBe(true);
    }
  },
);

test.each(COUNTS)('$id: every telephone figure of a practice comes from a feed, and from one only', async ({ id }) => {
  const definition = await load(id);
  const wanted = METRIC_NAMES.filter((name) => /^call/.test(name) && !metricSpec(name).derived);
  const brought = new Map<string, number>();
  for (const feed of definition.feeds.filter((f) => familyOf(f) === 'telephony')) {
    const metrics = metricsOf(feed).filter((name) => wanted.includes(name));
    for (const site of feed.sites)
      for (const name of metrics) {
        brought.set(`${site} ${name}`, (brought.get(`${site} ${name}`) ?? 0) + 1);
      }
  }
  expect(brought.size).toBe(sites(definition, 'practice').length * wanted.length);
  expect([...brought.values()].every((count) => count === 1)).toBe(true);
});

test.each(COUNTS)('$id: most practices have online requests, all may declare, suppliers are listed', async ({ id }) => {
  const definition = await load(id);
  const practices = sites(definition, 'practice').length;
  const by = (adapter: AdapterName) => definition.feeds.filter((feed) => feed.adapter === adapter);
  const online = by('online-consultations').flatMap((feed) => feed.sites);
  expect(new Set(online).size).toBe(online.length);
  expect(online.length / practices).toBeGreaterThan(0.85);
  expect(online.length).toBeLessThan(practices);
  expect(by('declared-states').map((feed) => feed.sites.length)).toEqual([practices]);
  const listed = new Set(definition.suppliers?.map((supplier) => supplier.id));
  for (const feed of definition.feeds) expect(listed.has(feed.supplier), feed.supplier).toBe(true);
  expect(definition.slotTypes?.types.length).toBeGreaterThan(10);
});

test('slots ahead stand after the slots of the same practices, so that these count first', async () => {
  for (const id of ['greater-manchester', 'leicester-city', 'county-durham']) {
    const { feeds } = await load(id);
    const ahead = feeds.findIndex((feed) => feed.adapter === 'gp-connect-slots');
    expect(feeds[ahead]?.horizonDays).toBe(14);
    const bars = feeds.findIndex((feed) => feed.adapter === 'bars-slots' && feed.supplier === feeds[ahead]?.supplier);
    expect(bars).toBeGreaterThanOrEqual(0);
    expect(bars).toBeLessThan(ahead);
    expect(feeds[ahead]?.sites).toEqual(feeds[bars]?.sites);
  }
  expect((await load('england')).feeds.some((feed) => feed.adapter === 'gp-connect-slots')).toBe(false);
});

test('a telephone account that practices share is split over them', async () => {
  const accounts = (await load('greater-manchester')).feeds.flatMap((feed) => feed.shared ?? []);
  expect(accounts.map((account) => account.sites.length)).toEqual([3]);
  expect((await load('sefton')).feeds.flatMap((feed) => feed.shared ?? [])).toHaveLength(1);
});

test.each(COUNTS)('$id: hubs with minutes, an out-of-hours service and NHS 111', async ({ id }) => {
  const definition = await load(id);
  const hubs = sites(definition, 'hub');
  expect(hubs.length).toBeGreaterThan(2);
  for (const hub of hubs) expect(Number(hub.identifiers['minutes'])).toBeGreaterThan(100);
  expect(sites(definition, 'out-of-hours').length).toBeGreaterThan(0);
  expect(sites(definition, 'nhs111').length).toBeGreaterThan(0);
});

test.each(COUNTS)('$id: what is made up says so', async ({ id }) => {
  const definition = await load(id);
  for (const unit of definition.units) {
    expect(unit.illustrative).toBe(unit.name.includes('(illustrative)'));
    if (unit.kind === 'site') expect(unit.id.startsWith('X-')).toBe(unit.illustrative);
  }
});

test.each(COUNTS.slice(0, 5))('$id: hubs together offer 60 minutes per 1,000', async ({ id }) => {
  const definition = await load(id);
  const population = definition.units[0]?.population ?? 0;
  const minutes = sites(definition, 'hub').reduce((sum, hub) => sum + Number(hub.identifiers['minutes']), 0);
  expect(minutes).toBeGreaterThan(population * 0.06 * 0.98);
});

test('Greater Manchester has a hub in every locality, and each service its document names', async () => {
  const definition = await load('greater-manchester');
  for (const place of groups(definition, 'place')) {
    expect(
      sites(definition, 'hub').some((hub) => within(definition, hub, place.id)),
      place.name,
    ).toBe(true);
    expect(
      sites(definition, 'out-of-hours').some((site) => within(definition, site, place.id)),
      place.name,
    ).toBe(true);
  }
  const names = [
    '7-day access',
    'walk-in',
    'GP in emergency department',
    'admission avoidance',
    'NHS 111',
    'ambulance service',
    'single point of access',
  ];
  for (const name of names) expect(offered(definition), name).toContain(name);
});

test.each([
  [
    'sefton',
    ['enhanced access', 'acute respiratory', 'out-of-hours', 'acute visiting', 'care-home team', 'administrative hub'],
  ],
  ['coventry-and-warwickshire', ['out-of-hours 6:30pm to 8am', 'extended hours', 'Pharmacy First']],
  [
    'leicester-city',
    ['extended hours', 'capacity in core hours', 'clinical response', 'digital', 'telephone appointments'],
  ],
  [
    'county-durham',
    [
      'enhanced access',
      'online consultations',
      'video consultations',
      'triage first',
      'care-home support',
      'vaccination',
    ],
  ],
])('%s has each service its document names', async (id, names) => {
  const definition = await load(id);
  for (const name of names) expect(offered(definition), name).toContain(name);
  expect(definition.figures.some((figure) => figure.source.startsWith('Founding document'))).toBe(true);
});

test('Sefton has enhanced access in both networks, and neighbourhoods of 20,000 to 55,000 people', async () => {
  const definition = await load('sefton');
  const access = definition.units.filter((unit) => unit.services.includes('enhanced access'));
  expect(access.map((unit) => unit.parent).toSorted()).toEqual(['south-sefton', 'southport-and-formby']);
  for (const hood of groups(definition, 'neighbourhood')) {
    expect(hood.population).toBeGreaterThan(20_000);
    expect(hood.population).toBeLessThan(55_000);
  }
});

test('Coventry and Warwickshire has one out-of-hours provider', async () => {
  expect(sites(await load('coventry-and-warwickshire'), 'out-of-hours')).toHaveLength(1);
});

test('Leicester City keeps its four Health Need Neighbourhoods, marked illustrative, with their figures', async () => {
  const definition = await load('leicester-city');
  const places = groups(definition, 'place');
  expect(places.every((place) => place.illustrative)).toBe(true);
  expect(definition.figures.map((figure) => figure.text).join(' ')).toMatch(/128,157.*108,245.*90,005.*65,453/);
});

test('England nests region, ICB, sub-ICB and network, and stays small', async () => {
  const definition = await load('england');
  const places = groups(definition, 'place');
  const depth = (id: string | null): number =>
    id === null ? 0 : 1 + depth(definition.units.find((u) => u.id === id)?.parent ?? null);
  expect(places.filter((place) => depth(place.id) === 2)).toHaveLength(7);
  expect(places.filter((place) => depth(place.id) === 3)).toHaveLength(42);
  expect(places.filter((place) => depth(place.id) === 4)).toHaveLength(106);
  const sizes = await Promise.all(
    ['sites.csv', 'published.csv', 'system.yaml'].map(
      async (file) => (await stat(new URL(`england/${file}`, SYSTEMS))).size,
    ),
  );
  expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(5_000_000);
});

test.each(COUNTS)('$id: its map is small and names places of the system', async ({ id }) => {
  const text = await readFile(new URL(`../../web/static/geo/${id}.json`, import.meta.url), 'utf8');
  const map = JSON.parse(text) as { places: { id: string; rings: unknown[] }[]; attribution: string[] };
  const ids = new Set((await load(id)).units.map((unit) => unit.id));
  expect(text.length).toBeLessThan(id === 'england' ? 250_000 : 60_000);
  expect(map.places.every((place) => ids.has(place.id) && place.rings.length > 0)).toBe(true);
  expect(map.attribution.join(' ')).toContain('National Statistics');
});

test('the national shapes load', () => {
  const national = loadNational();
  expect(national.days).toHaveLength(123);
  expect(national.urgentByHour).toHaveLength(168);
  expect(national.nhs111.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
