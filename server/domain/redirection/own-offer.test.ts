import { describe, expect, test } from 'vitest';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import { slotsIn } from './drafts.ts';
import { hubAt, practiceAt, slots, townOf } from './fixture.ts';
import { createGround } from './ground.ts';
import { lotsOf } from './lots.ts';
import { ownChances, ownDraft, unitOver, type OwnGround } from './own-offer.ts';
import { OWN_POLICY } from './policy.ts';
import type { RedirectionProblem } from './problem-codes.ts';

const NOON = fromInstant('2026-01-12T12:00:00Z');
const TOWN = townOf(
  practiceAt('P1', 'east-1', 0, 0),
  practiceAt('P2', 'east-2', 1, 1),
  practiceAt('FAR', 'east-2', 30, 0),
  practiceAt('P4', 'west-1', 0, 3),
  hubAt('H1', 'east-1', 0, 1),
);
const STRETCH = { hub: 'H1', from: NOON, to: NOON + 8 * HOUR };

function given(policy: Partial<RedirectionPolicy> = {}): OwnGround {
  const ground = createGround({ units: TOWN }, { ...OWN_POLICY, ...policy });
  const groups = [slots(NOON + 2 * HOUR, 4), slots(NOON + 4 * HOUR, 4)];
  const lots = lotsOf(ground, [{ hub: 'H1', groups }], { at: NOON, promised: new Map() });
  return { ground, lots, needs: new Map([['P1', { urgent: 2, soon: 1 }]]), at: NOON, nameOf: (id) => id };
}
function problem(work: () => unknown): Pick<RedirectionProblem, 'code' | 'message' | 'available'> {
  try {
    work();
  } catch (error) {
    return error as RedirectionProblem;
  }
  throw new Error('it was allowed');
}

describe("a lead's own offer", () => {
  test('takes the earliest slots for the most urgent, and whom nobody counts yet is expected', () => {
    const draft = ownDraft(given(), STRETCH, [{ practice: 'P1', slots: 5 }]);
    expect(draft.slots.map(({ need, count }) => [need, count])).toEqual([
      ['urgent', 2],
      ['soon', 1],
      ['expected', 1],
      ['expected', 1],
    ]);
    expect(draft.borrowed).toBe(false);
    for (const { km } of draft.slots) expect(km).toBeCloseTo(1, 0);
  });

  test('lends no more than the hub does, and says to whom it does not', () => {
    const most = ownChances(given(), STRETCH, ['P1', 'P2']).map((each) => each.most);
    expect(most).toEqual([8, 6]);
    expect(ownDraft(given(), STRETCH, [{ practice: 'P2', slots: 6 }]).borrowed).toBe(true);
    expect(problem(() => ownDraft(given(), STRETCH, [{ practice: 'P2', slots: 7 }]))).toMatchObject({
      code: 'BAD_SHARES',
      message: expect.stringContaining('P2 can have 6 of 7') as string,
    });
  });

  test.each([
    ['FAR', {}, 'further than 8 km'],
    ['P4', {}, 'within a place only'],
    ['P2', { reach: { ...OWN_POLICY.reach, lend: 'none' as const } }, 'slots are not lent'],
    ['P2', { hubs: [{ hub: 'H1', only: ['east-1'] }] }, 'kept for others'],
    ['P1', { hubs: [{ hub: 'H1', embargoUntil: '18:00' }] }, 'not before 6pm'],
  ])('%s is refused with the reason', (practice, policy, why) => {
    expect(problem(() => ownDraft(given(policy), STRETCH, [{ practice, slots: 1 }]))).toMatchObject({
      code: 'BAD_SHARES',
      message: expect.stringMatching(new RegExp(`${practice} .*${why}`)) as string,
    });
  });

  test('of too many it says how many are left', () => {
    const both = [
      { practice: 'P1', slots: 6 },
      { practice: 'P2', slots: 3 },
    ];
    expect(problem(() => ownDraft(given(), STRETCH, both))).toMatchObject({ code: 'SLOTS_GONE', available: 8 });
    const fewer = ownDraft(given(), STRETCH, [both[0] ?? { practice: '', slots: 0 }, { practice: 'P2', slots: 2 }]);
    expect(slotsIn(fewer)).toBe(8);
  });

  test('is decided by the lead of the nearest unit that holds all its practices', () => {
    const units = new Map(TOWN.map((unit) => [unit.id, unit]));
    expect(unitOver(units, ['P1'])).toBe('east-1');
    expect(unitOver(units, ['P1', 'P2'])).toBe('east');
    expect(unitOver(units, ['P1', 'P4'])).toBe('system');
  });
});
