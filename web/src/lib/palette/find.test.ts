import { describe, expect, it } from 'vitest';
import type { Unit } from '$shared/model/unit';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import { entriesOf, findUnits, fold } from './find.ts';

const UNITS = unitsOf(
  unitOf('gm', { kind: 'system', name: 'Greater Manchester', level: 3 }),
  unitOf('bolton', { kind: 'place', name: 'Bolton', parent: 'gm', level: 2 }),
  unitOf('U1', { kind: 'neighbourhood', name: 'Farnworth & Kearsley', parent: 'bolton', level: 1 }),
  unitOf('P82001', { kind: 'site', siteKind: 'practice', name: 'Bolton Road Surgery', parent: 'U1', level: 1 }),
  unitOf('P82002', { kind: 'site', siteKind: 'practice', name: 'Bolton Lane Surgery', parent: 'U1', level: 4 }),
  unitOf('P82003', { kind: 'site', siteKind: 'practice', name: "St Helen's Practice", parent: 'U1', level: 3 }),
  unitOf('P82004', {
    kind: 'site',
    siteKind: 'practice',
    name: 'Kearsley Medical Centre',
    parent: 'U1',
    level: null,
    coverage: 0.1,
    open: true,
  }),
);

const look = (query: string, units: ReadonlyMap<string, Unit> = UNITS) =>
  findUnits(entriesOf(units), query, units, 20).found.map(({ entry }) => entry.id);

describe('finding a unit', () => {
  it('finds by the beginning of the name first, the worse level first among equals', () => {
    expect(look('bolt')).toEqual(['P82002', 'bolton', 'P82001', 'P82003', 'P82004', 'U1']);
  });

  it('finds by code, whole or begun', () => {
    expect(look('p82003')).toEqual(['P82003']);
    expect(look('P8200')).toHaveLength(4);
  });

  it('finds by any words of the name in any order, then by the place and the kind', () => {
    expect(look('kearsley farn')[0]).toBe('U1');
    expect(look('pcn farnworth')).toEqual(['U1']);
    expect(look('lane farnworth')).toEqual(['P82002']);
  });

  it('takes no offence at apostrophes, accents and ampersands', () => {
    expect(look('st helens')).toEqual(['P82003']);
    expect(look('farnworth and kearsley')[0]).toBe('U1');
    expect(fold('Café Llŷn')).toBe('cafe llyn');
  });

  it('puts the worst first, and unknown above calm: nobody knows how bad it is', () => {
    expect(look('surgery farnworth')).toEqual(['P82002', 'P82003', 'P82004', 'P82001']);
  });

  it('finds nothing for nothing, and says how many found no room', () => {
    expect(look('')).toEqual([]);
    expect(look('zzz')).toEqual([]);
    expect(findUnits(entriesOf(UNITS), 'bolton', UNITS, 2).more).toBe(4);
  });

  it('names what a unit hangs under, without the system that everything is in', () => {
    expect(entriesOf(UNITS).find(({ id }) => id === 'P82001')?.where).toBe('Farnworth & Kearsley, Bolton');
  });
});
