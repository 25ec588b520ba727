import { describe, expect, test } from 'vitest';
import { fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { weekNamed } from '#shared/model/week.ts';
import type { ScoreLine } from '#shared/protocol/scorecard.ts';
import { smallDefinition } from '../../../test/support/definition.ts';
import { decisionsOf } from './decisions.ts';
import { attendanceDue, factsOf } from './facts.ts';
import { draftOf, FIRST_SLOT, folded, seenOf, steps } from './record-fixture.ts';
import type { RedirectionEvent } from './record.ts';
import { scorecardOf } from './scorecard.ts';

const MONDAY = fromInstant('2026-01-12T09:00:00Z');
const later = (minutes: number) => MONDAY + minutes * MINUTE;
/** P1 and P2 are in N1 (two practices of 8,000), P3 and P4 in N2; HUB1 stands under N1. */
const { units } = smallDefinition();
const fifths = { P1: 1, P2: 5 } as const;
const UNITS = units.map((unit) => ({ ...unit, ...(unit.id in fifths && { deprivation: fifths[unit.id as 'P1'] }) }));
const week = (id = '2026-W03') => {
  const found = weekNamed(id);
  if (!found) throw new Error(id);
  return found;
};
function score(stories: readonly (readonly RedirectionEvent[])[], unit: string | null = null) {
  const facts = stories.map((events) => factsOf(folded(events)));
  const system = { units: UNITS, agreed: 60, simulated: true };
  return scorecardOf(system, facts, { week: week(), unit, at: MONDAY });
}
const lineOf = (stories: readonly (readonly RedirectionEvent[])[], unit = 'N1'): ScoreLine => {
  const line = score(stories).lines.find((each) => each.unit === unit);
  if (!line) throw new Error(unit);
  return line;
};

/** Six slots offered, four taken: three in person for P1 (2 km), one by telephone for P2. Two booked, one missed. */
const WHOLE = draftOf([{ count: 3 }, { count: 3, practice: 'P2', channel: 'telephone' }]);
const TAKEN = draftOf([{ count: 3 }, { count: 1, practice: 'P2', channel: 'telephone' }]);
const seen = seenOf({ P1: 4, P2: 2 });
const offer = steps({ id: 'a', draft: WHOLE, seen, at: MONDAY });
const taken = steps({ id: 'a', draft: TAKEN, seen, at: MONDAY });
const USED = [
  ...[offer.proposed(), offer.accepted(4, TAKEN), taken.held()],
  ...[taken.looked(['booked', 'booked', 'back', 'booked']), taken.looked([], 1, 200)],
];

describe('a week of redirections', () => {
  test('worked out by hand', () => {
    const lapsed = steps({ id: 'b', draft: draftOf([{ count: 5 }]), seen: seenOf({ P1: 3 }), at: later(240) });
    const refused = steps({ id: 'c', draft: draftOf([{ count: 2 }]), seen: seenOf({ P1: 6 }), at: later(120) });
    const gone = steps({ id: 'd', draft: draftOf([{ count: 9 }]), seen: seenOf({ P2: 2 }), at: later(180) });
    expect(
      lineOf([
        USED,
        [lapsed.proposed(), lapsed.lapsed()],
        [refused.proposed(), refused.refused()],
        // Overtaken before anybody answered: no offer, though the need was there.
        [gone.proposed(), gone.withdrawn()],
      ]),
    ).toEqual({
      ...{ unit: 'N1', name: 'neighbourhood N1', kind: 'neighbourhood', parent: 'place', depth: 2, population: 16_000 },
      ...{ redirections: 3, offered: 6 + 5 + 2, accepted: 4, held: 4, booked: 3, notTold: 0 },
      ...{ attended: 2, attendedOf: 3, returned: 1, lapsed: 5, refused: { 'too-far': 2 } },
      ...{ minutes: 45, minutesPer1000: 2.81, hubs: { count: 1, minutes: 45, minutesPer1000: 2.81 } },
      ...{ km: 2, remoteShare: 0.333, minutesToDecide: 5 },
      // P1 showed 6 at most that day and got 2, P2 showed 2 and got 1.
      fairness: { need: 8, met: 0.375, mostDeprived: 0.333, leastDeprived: 0.5, unevenness: 0.167 },
      pressure: null,
    });
  });

  test('counts slots that were offered again and again once, and not as unanswered once somebody has answered', () => {
    const again = (hour: number, count: number) => {
      const given = { id: `again-${hour}`, draft: draftOf([{ count }]), seen, at: later(hour * 60) };
      return steps(given);
    };
    const lapsed = (hour: number, count: number) => [again(hour, count).proposed(), again(hour, count).lapsed()];
    const refused = (hour: number, count: number) => [again(hour, count).proposed(), again(hour, count).refused()];
    const figures = (...stories: RedirectionEvent[][]) => {
      const { redirections, offered, lapsed: left } = lineOf(stories);
      return { redirections, offered, left };
    };
    expect(figures(lapsed(0, 5), lapsed(1, 7), lapsed(2, 6))).toEqual({ redirections: 1, offered: 7, left: 7 });
    expect(figures(lapsed(0, 7), refused(1, 5))).toEqual({ redirections: 2, offered: 7, left: 2 });
    expect(figures(lapsed(0, 5), refused(1, 5))).toEqual({ redirections: 1, offered: 5, left: 0 });
    // Later ones are others; so are those of another day.
    expect(figures(refused(1, 5), lapsed(2, 4))).toEqual({ redirections: 2, offered: 9, left: 4 });
    expect(figures(lapsed(0, 5), lapsed(24, 5))).toEqual({ redirections: 2, offered: 10, left: 10 });
  });

  test('adds up in its place and the system, and leaves the neighbour at nothing', () => {
    const { lines } = score([USED]);
    expect(lines.map(({ unit, depth, booked }) => [unit, depth, booked])).toEqual([
      ...[
        ['small', 0, 3],
        ['place', 1, 3],
      ],
      ...[
        ['N1', 2, 3],
        ['N2', 2, 0],
      ],
    ]);
    expect(lines[3]).toMatchObject({ offered: 0, km: null, remoteShare: null, hubs: null, minutesToDecide: null });
    expect(score([USED], 'N2').lines).toHaveLength(1);
  });

  test('tells what a lead lent: minutes count where they are used, and as rescued where the hub is', () => {
    const lent = steps({ id: 'l', draft: draftOf([{ count: 2, practice: 'P3' }], { unit: 'N2' }), seen, at: MONDAY });
    const story = [lent.proposed(), lent.accepted(), lent.held(), lent.looked(['booked', 'booked'])];
    expect(lineOf([story], 'N1')).toMatchObject({ minutes: 0, hubs: { minutes: 30 } });
    expect(lineOf([story], 'N2')).toMatchObject({ minutes: 30, hubs: null });
  });

  test('calls nothing zero that nobody has told', () => {
    const rung = steps({ id: 'r', draft: draftOf([{ count: 4 }]), seen: seenOf({ P1: 4 }), at: MONDAY });
    const silent = [rung.proposed(), rung.accepted(4, draftOf([{ count: 4 }]), false), rung.held([]), rung.ended()];
    const unknown = { booked: null, notTold: 4, attended: null, attendedOf: 0, returned: null, minutes: null };
    expect(lineOf([silent])).toMatchObject({ ...unknown, held: 4, km: null, minutesPer1000: null });
    // Of what nobody booked, nobody stayed away: that says nothing of those who were.
    const unused = steps({ id: 'u', draft: draftOf([{ count: 1 }]), seen: seenOf({ P1: 1 }), at: MONDAY });
    const back = [unused.proposed(), unused.accepted(), unused.held(), unused.looked(['back'])];
    expect(lineOf([USED.slice(0, 4), back])).toMatchObject({ booked: 3, attended: null, attendedOf: 0 });
    expect(lineOf([back])).toMatchObject({ booked: 0, attended: 0 });
    // Its practice's need is left out, not called unmet.
    expect(lineOf([silent]).fairness).toMatchObject({ need: 0, met: null, unevenness: null });
    expect(lineOf([silent, USED])).toMatchObject({ booked: 3, notTold: 4, minutes: 45 });
    expect(lineOf([[...silent.slice(0, 3), rung.told(4)]])).toMatchObject({ booked: 4, notTold: 0, returned: 0 });
  });

  test('takes a number of those who did not come for the whole only once all have been', () => {
    const early = [...USED.slice(0, 4), taken.looked([], 1, 130)];
    expect(lineOf([early])).toMatchObject({ booked: 3, attended: null, attendedOf: 0 });
    expect(attendanceDue(folded(early))).toBe(FIRST_SLOT + 30 * MINUTE);
    expect(attendanceDue(folded(USED))).toBeNull();
  });

  test('compares the pressure that was with what it would have been, where both are known', () => {
    const state = (score: number | null) => ({ level: null, score });
    const look = (now: number | null, without: number | null): RedirectionEvent => ({
      ...{ type: 'followed', at: later(70), id: 'a', by: 'system' },
      practices: [
        { practice: 'P1', name: 'P1', with: state(now), without: state(without), promised: state(60) },
        { practice: 'P2', name: 'P2', with: state(50), without: state(null), promised: state(null) },
      ],
    });
    expect(lineOf([[...USED, look(62, 71)]]).pressure).toEqual({ with: 62, without: 71, looks: 1 });
    expect(lineOf([[...USED, look(null, null)]]).pressure).toBeNull();
  });

  test('a lead’s own offer is offered and accepted, and says nothing of how long deciding takes', () => {
    const own = steps({ id: 'o', draft: draftOf([{ count: 2 }]), seen, at: MONDAY });
    expect(lineOf([[own.proposed(true), own.accepted(0), own.held()]])).toMatchObject({
      ...{ offered: 2, accepted: 2, minutesToDecide: null },
    });
  });

  test('has the hours that it has, and the redirections that were proposed in it', () => {
    const system = { units: UNITS, agreed: 60, simulated: false };
    const hours = (id: string) =>
      scorecardOf(system, [], { week: week(id), unit: null, at: week(id).from + HOUR }).hours;
    expect([hours('2026-W03'), hours('2026-W13'), hours('2026-W43')]).toEqual([168, 167, 169]);
    const late = steps({ id: 'n', draft: WHOLE, seen, at: week().to });
    expect(lineOf([[late.proposed(), late.lapsed()]])).toMatchObject({ offered: 0, lapsed: 0 });
    const card = scorecardOf(system, [], { week: week('2026-W01'), unit: null, at: MONDAY });
    expect(card).toMatchObject({
      previous: '2025-W52',
      next: '2026-W02',
      current: false,
      from: '2025-12-29T00:00:00.000Z',
    });
    expect(score([]).next).toBeNull();
  });
});

test('what people decided is told with what they saw; what the system did is not', () => {
  const { proposed, refused } = offer;
  const story: RedirectionEvent[] = [
    ...[proposed(), refused(), { type: 'undone', at: later(7), id: 'a', by: 'lead', key: 'k', answerBy: later(40) }],
    ...USED.slice(1),
  ] as RedirectionEvent[];
  const decisions = decisionsOf(folded(story));
  expect(decisions.map(({ action, by }) => [action, by])).toEqual([
    ...[
      ['redirection.refused', 'lead'],
      ['redirection.undone', 'lead'],
    ],
    ['redirection.accepted', 'lead'],
  ]);
  expect(decisions[0]?.detail).toMatchObject({ hub: 'HUB1', unit: 'N1', slots: 6, reason: 'too-far', saw: seen });
  expect(decisions[1]?.detail).toMatchObject({ saw: { state: 'refused', booked: 0 } });
  expect(decisions[2]?.detail).toMatchObject({ slots: 4, offered: 6, saw: seen });
});
