import { describe, expect, it } from 'vitest';
import type { ScoreLine } from '$shared/protocol/scorecard';
import { lineOf } from './fixture.ts';
import { rowsOf, scalesOf } from './rows.ts';
import { NOTHING_THEN, sayCard, sayFair, sayLost, sayRefusals, sayWeek, sayWithout } from './words.ts';

const LINES = [
  lineOf('sys', null, { kind: 'system', depth: 0, offered: 30 }),
  lineOf('east', 'sys', { kind: 'place', depth: 1, offered: 10 }),
  lineOf('e1', 'east', { offered: 4, booked: 1 }),
  lineOf('e2', 'east', { offered: 6, booked: null }),
  lineOf('e3', 'east'),
  lineOf('west', 'sys', { kind: 'place', depth: 1, offered: 20 }),
  lineOf('w1', 'west', { offered: 8, booked: 3 }),
  lineOf('w2', 'west', { offered: 12, booked: 5 }),
];
const ids = (...of: Parameters<typeof rowsOf>) => rowsOf(...of).map(({ id }) => id);

describe('rows of a week', () => {
  it('stand beneath their place, those without an offer together at its end', () => {
    expect(ids(LINES, null)).toEqual(['sys', 'east', 'e1', 'e2', 'quiet east', 'west', 'w1', 'w2']);
    const quiet = rowsOf(LINES, null)[4];
    expect(quiet?.kind === 'quiet' && quiet.lines.map(({ name }) => name)).toEqual(['e3']);
  });

  it('are sorted within their place, and places among themselves; what is not known stands last either way', () => {
    expect(ids(LINES, { column: 'offered', down: true })).toEqual([
      ...['sys', 'west', 'w2', 'w1', 'east', 'e2', 'e1', 'quiet east'],
    ]);
    const places = (down: boolean) => ids(LINES, { column: 'booked', down }).filter((id) => /^[ew]\d/.test(id));
    expect(places(true)).toEqual(['e1', 'e2', 'w2', 'w1']);
    expect(places(false)).toEqual(['e1', 'e2', 'w1', 'w2']);
  });

  it('have bars that can be compared with those beside them', () => {
    expect(scalesOf(LINES)).toEqual({ system: 30, place: 20, neighbourhood: 12 });
  });

  it('are none where nothing came', () => {
    expect(rowsOf([], null)).toEqual([]);
  });
});

describe('a week in words', () => {
  const say = (given: Partial<ScoreLine>, current = true) =>
    sayCard({ current, agreed: 60, lines: [lineOf('sys', null, given)] });

  it('tells what was offered and what came of it, and what nobody has told', () => {
    const told = {
      offered: 30,
      accepted: 20,
      booked: 12,
      notTold: 4,
      attended: 9,
      attendedOf: 10,
      minutesPer1000: 1.26,
    };
    expect(say(told)).toBe(
      '**20 of 30** slots offered were accepted, **12** booked (of 4 more nobody has told) and **9** of the 10 of whom it is known attended. ' +
        'That is **1.3** of the 60 minutes for each 1,000 patients.',
    );
    expect(say({ ...told, booked: null, attended: null, minutesPer1000: null })).toBe(
      '**20 of 30** slots offered were accepted, how many were booked nobody has told.',
    );
    expect(say({}, false)).toBe(NOTHING_THEN);
  });

  it('says what came to nothing and why, and who got their part', () => {
    expect(sayLost({ lapsed: 2, refused: { 'too-far': 1, 'hub-needed': 3 }, returned: null })).toEqual([
      ...['2 unanswered', '4 refused', 'what went back is not known'],
    ]);
    expect(sayRefusals({ 'too-far': 1, 'hub-needed': 3 })).toBe(
      'the hub is needed for others 3, too far for our patients 1',
    );
    const fair = { need: 9, met: 0.4, mostDeprived: 0.5, leastDeprived: null, unevenness: 0.2 };
    expect(sayFair(fair)).toEqual(['most deprived 50%', 'practices differ by 20 points']);
    expect(sayWithout({ with: 61.6, without: 71.2, looks: 3 })).toBe(', without it 71');
    expect(sayWithout({ with: 61.6, without: 61.9, looks: 3 })).toBe(', as without it');
  });

  it('names the week by the days of London, the month once where it is one', () => {
    expect(sayWeek({ from: '2026-03-23T00:00:00Z', to: '2026-03-29T23:00:00Z' })).toBe('23 to 29 March 2026');
    expect(sayWeek({ from: '2025-12-29T00:00:00Z', to: '2026-01-05T00:00:00Z' })).toBe('29 December to 4 January 2026');
  });
});
