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
    expect(ids(rows, given())).toEqual(['u', 'can-wait rumworth', 'can-wait horwich', 'h']);
    expect(folded(rows, given())[1]?.fold).toEqual({
      ...{ kind: 'can-wait', id: 'rumworth', name: 'RUMWORTH', proposals: 4, slots: 8, open: false },
    });
  });

  it('come out when their place is opened; the selected one is always there', () => {
    expect(ids(rows, given({ open: ['horwich'] }))).toEqual([
      ...['u', 'can-wait rumworth', 'can-wait horwich', 'p4', 'p5', 'p6', 'h'],
    ]);
    expect(ids(rows, given({ selected: 'p1' }))).toEqual(['u', 'can-wait rumworth', 'p1', 'can-wait horwich', 'h']);
  });

  it('give way at the end to what nobody answered, in one line; what somebody decided is never in it', () => {
    const lapsed = Array.from({ length: 6 }, (_, i) => redirectionOf({ id: `l${i}`, state: 'expired', slots: 3 }));
    const used = redirectionOf({ id: 'used', state: 'expired', decidedAt: '2026-01-12T09:00:00Z' });
    const all = [urgent, held, ...lapsed, used];
    expect(ids(all, given())).toEqual(['u', 'h', 'used', 'unanswered unanswered']);
    expect(folded(all, given()).at(-1)?.fold).toMatchObject({ kind: 'unanswered', proposals: 6, slots: 18 });
    expect(ids(all, given({ open: ['unanswered'] })).slice(4)).toEqual(lapsed.map(({ id }) => id));
    expect(ids([urgent, ...lapsed.slice(0, 5)], given())).toHaveLength(6);
  });

  it('stand as they are while they are few, and the head says both numbers', () => {
    expect(ids([urgent, ...patient.slice(0, 3)], given())).toEqual(['u', 'p0', 'p1', 'p2']);
    expect(sayBoth(rows)).toBe('1 for urgent patients · 7 more for patients who can wait');
    expect(sayBoth([held])).toBe('');
  });
});
