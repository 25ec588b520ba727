import { describe, expect, it } from 'vitest';
import type { Unit } from '$shared/model/unit';
import type { Hub, PracticeNeed } from '$shared/protocol/hubs';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import { headSentence } from './head.ts';
import { filterNeed, idsOfNeed, inOrderOf, needByNeighbourhood, needByPractice } from './need.ts';
import { roomOf } from './room.ts';
import { rowsOf } from './rows.ts';
import { servingOf } from './serving.ts';

const NOW = Date.parse('2026-11-23T09:42:00Z');
type Absence = 'unreachable' | 'closed' | 'not-reported';
const metric = (value: number | null, absence: Absence = 'unreachable') => ({
  value,
  absence: value === null ? absence : null,
  observedAt: null,
});
const practice = (id: string, waiting: number | null, given: PracticeNeed['metrics'] = {}): PracticeNeed => ({
  ...{ id, name: id, parent: 'n1' },
  metrics: { 'patients.without-slot': metric(waiting), ...given },
});
const out = (at: string | null) => ({
  'practices.without-slots': metric(1),
  'slots.exhausted-at': metric(at === null ? null : Date.parse(`2026-11-23T${at}:00Z`), 'not-reported'),
});
const left = (free: number) => ({ 'practices.without-slots': metric(0), 'slots.free': metric(free) });
const at = (lon: number) => ({ lat: 53.5, lon, approximate: false });
const site = (id: string, siteKind: 'practice' | 'hub', parent: string, lon: number) =>
  unitOf(id, { kind: 'site', siteKind, parent, position: at(lon), open: true });
const place = (id: string, waiting: number, free: number) =>
  unitOf(id, {
    ...{ kind: 'place', parent: 'sys', metrics: { 'patients.without-slot': metric(waiting) } },
    slotHours: [{ from: Date.parse('2026-11-23T10:00:00Z'), free, booked: 1, held: 0 }],
  });
const hub = (id: string, parent: string, given: Partial<Hub> = {}): Hub => ({
  ...{ id, name: id, parent, illustrative: false, services: [], open: true, opening: null, served: null, feed: null },
  ...{ metrics: { 'slots.free': metric(2) }, hours: [], slots: null, last: null },
  ...given,
});

describe('who waits without a slot', () => {
  const units = unitsOf(unitOf('n1', { name: 'Rumworth' }));

  it('stands first; whom nobody knows of comes before whoever has slots left, with the reason', () => {
    const [group] = needByPractice(
      [
        practice('calm', 0, left(4)),
        practice('dark', null, { 'slots.free': metric(null) }),
        practice('some', 2, out('09:04')),
        practice('most', 9, out('08:47')),
        practice('gone', 0, out(null)),
        practice('shut', null, { 'patients.without-slot': metric(null, 'closed') }),
      ],
      units,
    );
    expect(group?.rows.map(({ id, when }) => [id, when])).toEqual([
      ['most', 'out at 8:47am'],
      ['some', 'out at 9:04am'],
      ['dark', 'no answer'],
      ['gone', 'already out'],
      ['calm', '4 slots left'],
      ['shut', 'closed'],
    ]);
    expect(group).toMatchObject({ waiting: 11, unknown: 1, when: '3 of 5 out' });
  });

  it('keeps its rows where they are while somebody reads them, and is found by the place above it', () => {
    const groups = needByPractice([practice('a', 1), practice('b', 5)], units);
    const ids = idsOfNeed(groups);
    expect(ids).toEqual(['n1', 'b', 'a']);
    const turned = needByPractice([practice('a', 9), practice('b', 5), practice('new', 7)], units);
    expect(inOrderOf(turned, ids)[0]?.rows.map(({ id }) => id)).toEqual(['b', 'a', 'new']);
    const above = () => ['South Bolton'];
    expect(filterNeed(groups, 'south', above)[0]?.rows).toHaveLength(2);
    expect(filterNeed(groups, 'south')).toEqual([]);
  });

  it('is not known of a group none of whose practices is', () => {
    expect(needByPractice([practice('dark', null)], units)[0]).toMatchObject({ waiting: null, unknown: 1 });
  });

  it('is told of a whole system by neighbourhood, the place with its own figure', () => {
    const area = unitOf('n1', {
      parent: 'bolton',
      reporting: { of: 4, sites: 4 },
      metrics: { 'patients.without-slot': metric(7), 'practices.without-slots': metric(3) },
    });
    const [group] = needByNeighbourhood(unitsOf(area), [place('bolton', 9, 0)]);
    expect(group?.rows.map(({ id, waiting, when }) => [id, waiting, when])).toEqual([['n1', 7, '3 of 4 out']]);
    expect(group?.waiting).toBe(9);
  });

  it('is found by the name of a practice, or of all that stand beneath a name', () => {
    const groups = needByPractice([practice('Swan Lane', 1), practice('Pikes', 0)], units);
    const names = (find: string) => filterNeed(groups, find).flatMap(({ rows }) => rows.map(({ name }) => name));
    expect(names('swan')).toEqual(['Swan Lane']);
    expect(names('rumw')).toHaveLength(2);
    expect(names('nothing')).toEqual([]);
  });
});

describe('whom a hub serves', () => {
  const units = unitsOf(
    unitOf('sys', { kind: 'place', parent: null }),
    ...[place('bolton', 52, 9), place('bury', 4, 30)],
    unitOf('n1', { parent: 'bolton' }),
    ...[site('p1', 'practice', 'n1', -2.4), site('p2', 'practice', 'bury', -2.3)],
    ...[site('h1', 'hub', 'bolton', -2.43), site('h2', 'hub', 'sys', -2.2)],
  );
  const hubs = [hub('h1', 'bolton'), hub('h2', 'sys')];

  it('are the practices beneath what it stands beneath, and for a practice the hubs above it, with their distance', () => {
    expect([...(servingOf('h1', units, hubs, ['p1', 'p2'])?.others ?? [])]).toEqual([['p1', '2.0 km']]);
    expect([...(servingOf('h2', units, hubs, ['p1', 'p2'])?.others.keys() ?? [])]).toEqual(['p1', 'p2']);
    expect([...(servingOf('p2', units, hubs, ['p1', 'p2'])?.others ?? [])]).toEqual([['h2', '6.6 km']]);
    expect(servingOf('nobody', units, hubs, ['p1'])).toBeNull();
  });

  it('folds a system by place, opens one, and keeps hubs of the whole system apart', () => {
    const room = roomOf(units, 'sys', NOW);
    const rows = (open: string | null, find = '') =>
      rowsOf({ folded: true, hubs, units, room, open, opened: null, find }).map(({ id }) => id);
    expect(rows(null)).toEqual(['bolton', 'bury', 'h2']);
    expect(rows('bolton')).toEqual(['bolton', 'h1', 'bury', 'h2']);
    expect(rows(null, 'h1')).toEqual(['h1']);
  });

  it('says who waits, what is free, where it is short and who nearby has some to spare', () => {
    const room = roomOf(units, 'sys', NOW);
    const free = hub('h1', 'bolton', {
      hours: [{ from: Date.parse('2026-11-23T14:00:00Z'), free: 9, booked: 0, held: 0 }],
    });
    const say = (unit: Unit | null, of: Hub[]) => headSentence({ units, room, place: unit, hubs: of, now: NOW });
    expect(say(null, [free, hub('h3', 'bury', { metrics: { 'slots.free': metric(null) } })])).toBe(
      'About **56 patients** wait without a slot at their own practice. **9 hub slots** are free before 8pm, **0** of ' +
        'them before 1pm. bolton is **43 slots short**; bury, 6.6 km away, has **26 to spare**. 1 hub is not known and not counted.',
    );
    expect(say(place('calm', 0, 1), [free])).toMatch(/^Nobody waits without a slot/);
  });
});
