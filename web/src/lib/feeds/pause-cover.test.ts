import { describe, expect, it } from 'vitest';
import { unitOf } from '../control/unit-fixture.ts';
import { blockOf, feedOf } from './fixture.ts';
import { coverOfPause, type Known } from './pause-cover.ts';

const units = new Map(
  ['P1', 'P2', 'P3'].map((id) => [id, unitOf(id, { kind: 'site', siteKind: 'practice', population: 10_000 })] as const),
).set('H1', unitOf('H1', { kind: 'site', siteKind: 'hub', population: null }));
const field: Known['field'] = [
  {
    family: 'telephony',
    label: 'Telephony',
    blocks: [blockOf('calder', 'ooo', { sites: ['P1', 'P2', 'P3'], feeds: ['calls', 'calls', 'calls'] })],
  },
  {
    family: 'slots',
    label: 'Slots',
    blocks: [blockOf('alder', 'oo', { sites: ['P1', 'H1'], feeds: ['bars:P1', 'bars:H1'] })],
  },
];
const known: Known = {
  feeds: new Map(
    [
      feedOf('calls', { sites: ['P1', 'P2', 'P3'], label: 'Telephony queue' }),
      feedOf('bars:P1', { sites: ['P1'], staleAfterMs: 600_000 }),
      feedOf('bars:H1', { sites: ['H1'] }),
      feedOf('gpc:P2', { sites: ['P2'], adapter: 'gp-connect-slots' }),
      feedOf('totals:P2', { sites: ['P2'], adapter: 'mapped-csv', supplier: 'new', label: 'Telephone totals' }),
      feedOf('calder:P2', { sites: ['P2'], adapter: 'mapped-csv', supplier: 'calder' }),
    ].map((feed) => [feed.id, feed] as const),
  ),
  ...{ units, field, population: 120_000 },
};

describe('what a pause covers', () => {
  it('is every site of a connection that brings many, by kind of numbers, and its share of all patients', () => {
    expect(coverOfPause(['calls'], known)).toEqual({
      sites: ['P1', 'P2', 'P3'],
      kinds: ['Telephony of 3 practices'],
      patients: '30,000 of 120,000 registered patients (25%)',
      stands: '3 min',
    });
  });

  it('counts a site and its patients once, however many kinds of numbers go', () => {
    const cover = coverOfPause(['bars:P1', 'bars:H1', 'calls'], known);
    expect(cover.kinds).toEqual(['Telephony of 3 practices', 'Slots of 2 sites']);
    expect(cover.sites.toSorted()).toEqual(['H1', 'P1', 'P2', 'P3']);
    expect([cover.patients, cover.stands]).toEqual(['30,000 of 120,000 registered patients (25%)', '10 min']);
  });

  it('goes by the feed itself where another stands in for it on the screen, and names no patients where none are', () => {
    expect(coverOfPause(['gpc:P2'], known).kinds).toEqual(['Slots of 1 practice']);
    expect(coverOfPause(['calder:P2'], known).kinds).toEqual(['Telephony of 1 practice']);
    expect(coverOfPause(['totals:P2'], known).kinds).toEqual(['Telephone totals of 1 practice']);
    expect(coverOfPause(['bars:H1'], known)).toMatchObject({ kinds: ['Slots of 1 hub'], patients: '' });
  });

  it('is read off the field alone while single feeds are not known', () => {
    const cover = coverOfPause(['calls'], { ...known, feeds: null, population: null });
    expect([cover.kinds, cover.patients, cover.stands]).toEqual([
      ['Telephony of 3 practices'],
      '30,000 registered patients',
      '',
    ]);
  });
});
