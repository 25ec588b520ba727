import { describe, expect, it } from 'vitest';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import { entriesOf } from './find.ts';
import { sectionsOf, type Source } from './lines.ts';

const UNITS = unitsOf(
  unitOf('gm', { kind: 'system', name: 'Greater Manchester' }),
  unitOf('rules-lane', { kind: 'neighbourhood', name: 'Rusholme', parent: 'gm', level: 3 }),
);
const run = () => undefined;
const source: Source = {
  entries: entriesOf(UNITS),
  units: UNITS,
  screens: [
    { id: 'feeds', name: 'Feeds', href: '/feeds', note: 'health, quarantine' },
    { id: 'rules', name: 'Rules', href: '/rules', note: 'thresholds' },
  ],
  commands: [
    { id: 'print', name: 'Print this view', words: 'paper pdf', run },
    { id: 'replay', name: 'Replay an hour ago', hindered: 'Not live', run },
  ],
  recent: ['do:print', 'unit:rules-lane', 'unit:gone', 'screen:rules'],
};
const shown = (query: string, given: Partial<Source> = {}) =>
  sectionsOf({ ...source, ...given }, query).map(({ title, lines }) => [title, lines.map(({ key }) => key)]);

describe('what the palette lists', () => {
  it('begins with what was gone to lately, and repeats none of it; what is no longer there is left out', () => {
    expect(shown('')).toEqual([
      ['Recent', ['do:print', 'unit:rules-lane', 'screen:rules']],
      ['Screens', ['screen:feeds']],
      ['Do', ['do:replay']],
    ]);
  });

  it('puts the section with the best fit first', () => {
    expect(shown('ru')).toEqual([
      ['Units', ['unit:rules-lane']],
      ['Screens', ['screen:rules']],
    ]);
    expect(shown('rules')[0]).toEqual(['Screens', ['screen:rules']]);
    expect(shown('pdf')).toEqual([['Do', ['do:print']]]);
  });

  it('says why something cannot be done now instead of hiding it', () => {
    const [section] = sectionsOf(source, 'replay');
    expect(section?.lines[0]).toMatchObject({ note: 'Not live', hindered: 'Not live' });
  });

  it('lists nothing for what nobody is called', () => {
    expect(shown('zzz')).toEqual([]);
  });
});
