import { describe, expect, it } from 'vitest';
import { redirectionOf } from './fixture.ts';
import { folded, sayBoth } from './folds.ts';

const urgent = redirectionOf({ id: 'u' });
const held = redirectionOf({ id: 'h', state: 'held' });
const patient = Array.from({ length: 7 }, (_, i) =>
  redirectionOf({ id: `p${i}`, unit: i < 4 ? 'rumworth' : 'horwich', slots: 2, placed: { soon: 2 } }),
);
const given = (more: { selected?: string; open?: string[] } = {}) => ({
  selected: more.selected ?? null,
  open: new Set(more.open),
  placeOf: (unit: string) => ({ id: unit, name: unit.toUpperCase() }),
});
const ids = (...args: Parameters<typeof folded>) => folded(...args).map(({ id }) => id);

describe('proposals that place no urgent patient', () => {
  const rows = [urgent, ...patient, held];

  it('stand in one line a place, after the urgent ones and before what is held', () => {
    expect(ids(rows, given())).toEqual(['u', 'place rumworth', 'place horwich', 'h']);
    expect(folded(rows, given())[1]?.fold).toEqual({
      ...{ id: 'rumworth', name: 'RUMWORTH', proposals: 4, slots: 8, open: false },
    });
  });

  it('come out when their place is opened; the selected one is always there', () => {
    expect(ids(rows, given({ open: ['horwich'] }))).toEqual([
      ...['u', 'place rumworth', 'place horwich', 'p4', 'p5', 'p6', 'h'],
    ]);
    expect(ids(rows, given({ selected: 'p1' }))).toEqual(['u', 'place rumworth', 'p1', 'place horwich', 'h']);
  });

  it('stand as they are while they are few, and the head says both numbers', () => {
    expect(ids([urgent, ...patient.slice(0, 3)], given())).toEqual(['u', 'p0', 'p1', 'p2']);
    expect(sayBoth(rows)).toBe('1 for urgent patients · 7 more for patients who can wait');
    expect(sayBoth([held])).toBe('');
  });
});
