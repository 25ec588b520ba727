import { describe, expect, test } from 'vitest';
import { fromInstant, HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import type { HubTerms } from '#shared/model/redirection-policy.ts';
import type { Change } from '#shared/protocol/what-if.ts';
import { hubAt, practiceAt, slots, townOf } from './fixture.ts';
import { createGround } from './ground.ts';
import { slotKey } from './lots.ts';
import { OWN_POLICY } from './policy.ts';
import { applyChanges, type Situation } from './what-if.ts';

const NOON = fromInstant('2026-01-12T12:00:00Z');
const at = (hours: number) => toInstant(NOON + hours * HOUR);
const units = townOf(
  practiceAt('P1', 'east-1', 0, 0),
  practiceAt('P2', 'east-1', 1, 1),
  practiceAt('FAR', 'west-1', 90, 90),
  hubAt('H1', 'east-1', 0, 1),
  hubAt('H2', 'east-1', 1, 0),
  hubAt('DARK', 'east-1', 1, 0),
);
const ground = createGround({ units }, OWN_POLICY);
const situation: Situation = {
  at: NOON,
  counts: new Map([
    ['P1', { urgent: 3, soon: 4 }],
    ['P2', {}],
    ['FAR', null],
  ]),
  hubs: [
    { hub: 'H1', groups: [slots(NOON + HOUR, 2, { busy: 3, held: 1 }), slots(NOON + 3 * HOUR, 4)] },
    { hub: 'H2', groups: [slots(NOON + 2 * HOUR, 1)] },
    { hub: 'DARK', groups: null },
  ],
  promised: new Map(),
};
const apply = (...changes: Change[]) => applyChanges(ground, situation, changes, (id) => id);
const freeOf = ({ hubs }: Pick<Situation, 'hubs'>, id: string) =>
  (hubs.find(({ hub }) => hub === id)?.groups ?? []).map(({ start, free }) => [(start - NOON) / HOUR, free]);

describe('what if', () => {
  test('a hub closes: its slots of that time are gone, and first it is said who would have to move', () => {
    const closed = apply({ what: 'close', hub: 'H1', from: at(0), to: at(2) });
    expect(freeOf(closed, 'H1')).toEqual([[3, 4]]);
    expect(closed.warnings).toEqual([{ change: 0, text: '4 booked or held there would have to move' }]);
  });

  test('every hub within reach closes: whoever needs one is counted', () => {
    const all = (hub: string): Change => ({ what: 'close', hub, from: at(0), to: at(10) });
    expect(apply(all('H2')).warnings).toEqual([]);
    expect(apply(all('H2'), all('H1')).warnings.at(-1)).toEqual({
      change: 1,
      text: '1 practice has no other hub within reach',
    });
  });

  test('somebody more sees patients, one after the other, to the end of the time and no further', () => {
    const change: Change = {
      ...{ what: 'clinician', hub: 'H2', from: at(3), to: toInstant(NOON + 4 * HOUR + 10 * MINUTE) },
      ...{ minutes: 20, channel: 'telephone' },
    };
    const more = apply(change);
    expect(freeOf(more, 'H2')).toHaveLength(1 + 3);
    expect(more.hubs.find(({ hub }) => hub === 'H2')?.groups?.at(-1)).toMatchObject({
      ...{ start: NOON + 3 * HOUR + 40 * MINUTE, minutes: 20, channel: 'telephone', free: 1, busy: 0 },
    });
    expect(apply({ ...change, to: at(3) }).faults).toEqual([{ change: 0, text: 'it ends before it begins' }]);
    expect(apply({ ...change, minutes: 60, to: toInstant(NOON + 3.5 * HOUR) }).faults[0]?.text).toBe(
      'there is no room for one slot',
    );
  });

  test('free slots are moved to another hour, and no more than there are', () => {
    const moved = apply({ what: 'move', hub: 'H1', from: at(3), to: at(1), slots: 3 });
    expect(freeOf(moved, 'H1')).toEqual([
      [1, 5],
      [3, 1],
    ]);
    expect(apply({ what: 'move', hub: 'H1', from: at(3), to: at(1), slots: 5 }).faults).toHaveLength(1);
    expect(apply({ what: 'move', hub: 'H1', from: at(3), to: at(-1), slots: 1 }).faults[0]?.text).toContain('past');
  });

  test('patients are sent: they need no slot any more, the hub has those fewer, the urgent go first', () => {
    const sent = apply({ what: 'send', hub: 'H1', practice: 'P1', slots: 4 });
    expect(sent.pins).toEqual([{ practice: 'P1', hub: 'H1', placed: { urgent: 3, soon: 1 } }]);
    expect(sent.counts.get('P1')).toEqual({ urgent: 0, soon: 3 });
    expect(freeOf(sent, 'H1')).toEqual([
      [1, 0],
      [3, 2],
    ]);
    const idle = apply({ what: 'send', hub: 'H1', practice: 'P2', slots: 2 });
    expect(idle.warnings).toEqual([{ change: 0, text: '2 of them for nobody who is known to need one' }]);
    expect(apply({ what: 'send', hub: 'H1', practice: 'P1', slots: 7 }).faults).toHaveLength(1);
  });

  test('patients are sent by the rules of an offer: what is promised, under embargo or kept for others is not theirs', () => {
    const change: Change = { what: 'send', hub: 'H1', practice: 'P1', slots: 6 };
    const told = (given: Partial<Situation>, terms: Partial<HubTerms> = {}) => {
      const policy = { ...OWN_POLICY, hubs: [{ hub: 'H1', ...terms }] };
      return applyChanges(createGround({ units }, policy), { ...situation, ...given }, [change], (id) => id).faults.map(
        ({ text }) => text,
      );
    };
    expect(told({})).toEqual([]);
    const promised = new Map([[slotKey('H1', slots(NOON + HOUR, 2)), 2]]);
    expect(told({ promised })).toEqual(['2 of 6 are not free: 4 are left']);
    expect(told({}, { embargoUntil: '13:00' })).toEqual(['P1 cannot have any: not before 1pm']);
    expect(told({}, { only: ['west'] })).toEqual(['P1 cannot have any: the hub is kept for others']);
  });

  test('what cannot be is named by its place, and the rest stands', () => {
    const tried = apply(
      { what: 'without', practice: 'P1' },
      { what: 'without', practice: 'nobody' },
      { what: 'close', hub: 'nowhere', from: at(0), to: at(1) },
      { what: 'close', hub: 'DARK', from: at(0), to: at(1) },
      { what: 'close', hub: 'H1', from: at(0), to: at(30) },
      { what: 'send', hub: 'H1', practice: 'FAR', slots: 1 },
    );
    expect(tried.faults.map(({ change }) => change)).toEqual([1, 2, 3, 4, 5]);
    expect(tried.counts.get('P1')).toEqual({});
  });

  test('nothing of what is given is changed', () => {
    const before = structuredClone(situation);
    apply(
      { what: 'close', hub: 'H1', from: at(0), to: at(2) },
      { what: 'send', hub: 'H1', practice: 'P1', slots: 1 },
      { what: 'without', practice: 'P1' },
    );
    expect(situation).toEqual(before);
  });
});
