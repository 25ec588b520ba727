import { expect, test } from 'vitest';
import { sizeHubs } from './hubs.ts';
import type { Practice } from './practices.ts';
import { OPENING, type SiteDraft } from './site.ts';

const practice = (code: string, list: number, lat = 53.5): Practice => ({
  code,
  name: code,
  list,
  subIcb: '00T',
  network: null,
  administrative: null,
  supplier: '',
  at: { lat, lon: -2.2, district: '' },
  wteGp: null,
  deprivation: null,
  validFrom: null,
});
const hub = (code: string, parent: string, identifiers: Record<string, string> = {}): SiteDraft => ({
  code,
  name: code,
  kind: 'hub',
  parent,
  list: null,
  at: null,
  wteGp: null,
  opening: OPENING.hub,
  services: [],
  identifiers,
  validFrom: null,
});
const hierarchy = {
  places: [{ id: 'bolton', name: 'Bolton' }],
  neighbourhoods: [
    { id: 'U1', name: 'One', place: 'bolton' },
    { id: 'U2', name: 'Two', place: 'bolton' },
  ],
  parentOf: new Map([
    ['P1', 'U1'],
    ['P2', 'U2'],
    ['P3', 'bolton'],
  ]),
};
const practices = [practice('P1', 40_000), practice('P2', 50_000, 53.6), practice('P3', 3_000)];
const minutes = (sites: readonly SiteDraft[]) =>
  Object.fromEntries(sites.map((s) => [s.code, Number(s.identifiers['minutes'])]));
const total = (sites: readonly SiteDraft[]) => Object.values(minutes(sites)).reduce((a, b) => a + b, 0);

test('60 minutes per 1,000: own neighbourhood first, the rest with the place', () => {
  const sites = sizeHubs([hub('A', 'U1'), hub('B', 'bolton')], hierarchy, practices, null);
  expect(minutes(sites)).toEqual({ A: 2400, B: 3180 });
});

test('where nobody serves, illustrative hubs are made and say so', () => {
  const sites = sizeHubs([hub('A', 'U1')], hierarchy, practices, 30_000);
  const made = sites.filter((site) => site.code.startsWith('X-'));
  expect(made.map((site) => site.code)).toEqual(['X-BOLTON-HUB-1', 'X-BOLTON-HUB-2']);
  expect(made.every((site) => site.name.endsWith('(illustrative)'))).toBe(true);
  expect(total(sites)).toBe(Math.round(93_000 * 0.06));
});

test('a few patients outside every network go to the hubs around them', () => {
  const sites = sizeHubs([hub('A', 'U1'), hub('B', 'U2')], hierarchy, practices, 30_000);
  expect(minutes(sites)).toEqual({ A: 2490, B: 3090 });
});

test('a locality hub beside a full set of network hubs has its share too', () => {
  const sites = sizeHubs([hub('A', 'U1'), hub('B', 'U2'), hub('C', 'bolton')], hierarchy, practices, null);
  expect(minutes(sites)).toEqual({ A: 1920, B: 2400, C: 1260 });
});

test('hubs whose minutes are stated keep them and take none of the population', () => {
  const sites = sizeHubs(
    [hub('A', 'U1'), hub('B', 'bolton'), hub('R', 'bolton', { minutes: '4800' })],
    hierarchy,
    practices,
    null,
  );
  expect(minutes(sites)).toEqual({ A: 2400, B: 3180, R: 4800 });
});
