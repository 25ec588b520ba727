import { describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/model/time.ts';
import { createRefusals, payloadTime } from './adapters/values.ts';
import type { Head } from './http.ts';
import { createSkew } from './skew.ts';
import { isAhead, judgeTimes, NO_TIMES, type Times } from './timing.ts';

const START = Date.parse('2026-09-14T08:30:00Z');

interface Seen {
  /** Of the payload's own time and of `Date`, against ours; undefined: as right as can be, null: none. */
  readonly own?: number | null;
  readonly date?: number | null;
  readonly age?: number;
  readonly ahead?: boolean;
  /** Since the last answer. */
  readonly after?: number;
}

/** States of one feed's answers, one after the other. */
function statesOf(answers: readonly Seen[], staleAfterMs = 3 * MINUTE, periodMs = 15_000): (string | null)[] {
  const skew = createSkew({ speed: 1, simulated: false }, () => 0);
  let times: Times = NO_TIMES;
  let at = START;
  return answers.map(({ own = 0, date = 0, age = 0, ahead = false, after = 15_000 }) => {
    at += after;
    const head: Head = { status: 200, headers: {}, dateMs: date === null ? null : at + date, ageMs: age };
    const payload = own === null ? null : at + own;
    const timing = { supplier: 'alder', staleAfterMs, periodMs, head, own: payload, ahead, at, latencyMs: 20 };
    const judged = judgeTimes(timing, times, skew);
    ({ times } = judged);
    return judged.fault?.state ?? null;
  });
}

describe('the times of an answer', () => {
  it.each<[string, Seen[], (string | null)[]]>([
    ['are in order', [{}, {}, {}], [null, null, null]],
    [
      'may be missing altogether',
      [
        { own: null, date: null },
        { own: null, date: null },
      ],
      [null, null],
    ],
    ['10 minutes ahead by Date and payload', [{ date: 10 * MINUTE, own: null, ahead: true }], ['clock-off']],
    ['10 minutes ahead by the payload alone', [{ own: null, ahead: true }], ['clock-off']],
    ['10 minutes behind by Date', [{ date: -10 * MINUTE, own: -10 * MINUTE }], ['clock-off']],
    [
      'behind by the payload alone, moving on as ours does',
      [{}, { own: -10 * MINUTE }, { own: -10 * MINUTE }],
      [null, 'out-of-order', 'clock-off'],
    ],
    ['a minute off is within what may be', [{ date: MINUTE, own: -MINUTE }, {}], [null, null]],
    [
      'an old copy, its Date as old',
      [
        { own: -4 * MINUTE, date: -4 * MINUTE },
        { own: -4 * MINUTE - 15_000, date: -4 * MINUTE - 15_000 },
      ],
      ['clock-off', 'stale-cache'],
    ],
    ['an old copy by its Age, at once', [{ own: -20 * MINUTE, age: 20 * MINUTE, date: -20 * MINUTE }], ['stale-cache']],
    ['the same time again is no old copy while it is young', [{ own: -15_000 }, { own: -30_000 }], [null, null]],
    ['older than the one before', [{}, { own: -40_000 }, {}], [null, 'out-of-order', null]],
    ['older ones again and again', [{}, { own: -40_000 }, { own: -50_000 }], [null, 'out-of-order', 'out-of-order']],
    [
      'made every ten minutes: as old as that, but a right clock',
      [
        { own: -MINUTE, after: MINUTE },
        { own: -6 * MINUTE, after: 5 * MINUTE },
        { own: -MINUTE, after: 5 * MINUTE },
        { own: -6 * MINUTE, after: 5 * MINUTE },
      ],
      [null, 'stale-cache', null, 'stale-cache'],
    ],
  ])('%s', (_, answers, states) => {
    expect(statesOf(answers)).toEqual(states);
  });

  it('blame no supplier while the clock that is wrong is ours', () => {
    const skew = createSkew({ speed: 1, simulated: false }, () => 0);
    skew.hear('birch', START + 10 * MINUTE, START, 20);
    const head: Head = { status: 200, headers: {}, dateMs: START + 10 * MINUTE, ageMs: 0 };
    const timing = { supplier: 'alder', staleAfterMs: 3 * MINUTE, periodMs: 15_000, head, own: null, ahead: true };
    expect(judgeTimes({ ...timing, at: START, latencyMs: 20 }, NO_TIMES, skew).fault).toBeNull();
  });

  it('that adapters refuse as ahead are known from refusals of records', () => {
    const refusals = createRefusals();
    payloadTime('2026-09-14T09:30:00Z', START, '/generatedAt', refusals);
    expect(refusals.list.map(isAhead)).toEqual([true]);
    expect(isAhead({ place: '/states/3/declaredAt', reason: 'is ahead of our clock' })).toBe(false);
    expect(isAhead({ place: '/generatedAt', reason: 'must be a date and time with its offset' })).toBe(false);
  });
});
