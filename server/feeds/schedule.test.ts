import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { createSchedule, shortestPeriodMs, stableHash, type Schedule } from './schedule.ts';

const START = fromInstant('2026-09-14T06:45:00Z');
const made: Schedule[] = [];
const scheduleOf = (expression: string, count: number): Schedule => {
  const items = Array.from({ length: count }, (_, i) => ({ id: `slots-alder:P${81000 + i}`, schedule: expression }));
  const schedule = createSchedule(items);
  made.push(schedule);
  return schedule;
};
afterEach(() => {
  for (const schedule of made.splice(0)) schedule.stop();
});

/** How often each id came due while the clock went from START by `stepMs` at a time. */
function run(schedule: Schedule, lengthMs: number, stepMs: number) {
  const perStep: number[] = [];
  const times = new Map<string, number[]>();
  schedule.due(START);
  for (let at = START + stepMs; at <= START + lengthMs; at += stepMs) {
    const due = schedule.due(at);
    perStep.push(due.length);
    for (const id of due) times.set(id, [...(times.get(id) ?? []), at]);
  }
  return { perStep, times };
}

describe('schedule', () => {
  it('spreads 406 feeds of one expression over its five minutes, each once a period', () => {
    const { perStep, times } = run(scheduleOf('0 */5 * * * *', 406), 20 * MINUTE, 1000);
    expect(times.size).toBe(406);
    for (const seen of times.values()) {
      expect(seen.length).toBe(4);
      for (const [i, at] of seen.entries()) expect(i === 0 ? 0 : at - (seen[i - 1] ?? 0) - 5 * MINUTE).toBe(0);
    }
    expect(Math.max(...perStep)).toBeLessThanOrEqual(8);
    const perMinute = Array.from({ length: 5 }, (_, m) =>
      perStep.slice(m * 60, m * 60 + 60).reduce((a, b) => a + b, 0),
    );
    for (const count of perMinute) expect(count).toBeGreaterThan(406 / 5 / 2);
  });

  it.each([10, 60, 600])('keeps the same turns at %i times real speed in ticks of 100 ms', (speed) => {
    const { times } = run(scheduleOf('*/15 * * * * *', 40), 10 * MINUTE, speed * 100);
    const turns = [...times.values()].map((seen) => seen.length);
    const possible = Math.min(40, (10 * MINUTE) / (speed * 100));
    for (const count of turns) expect(Math.abs(count - possible)).toBeLessThanOrEqual(1);
  });

  it('asks each feed once, not once a missed turn, after the clock has jumped', () => {
    for (const jump of [30 * MINUTE, 5 * HOUR, 72 * HOUR]) {
      const schedule = scheduleOf('0 */5 * * * *', 50);
      schedule.due(START);
      const due = schedule.due(START + jump);
      expect(due).toHaveLength(50);
      expect(new Set(due).size).toBe(50);
    }
  });

  it('goes on quietly after the clock went back', () => {
    const schedule = scheduleOf('0 */5 * * * *', 50);
    schedule.due(START + HOUR);
    expect(schedule.due(START)).toEqual([]);
    const due = new Set<string>();
    for (let s = 1; s <= 600; s++) for (const id of schedule.due(START + s * 1000)) due.add(id);
    expect(due.size).toBe(50);
  });

  it('goes by London time when the clocks go back', () => {
    const schedule = createSchedule([{ id: 'report', schedule: '0 0 8 * * *' }]);
    made.push(schedule);
    const offset = stableHash('report') % shortestPeriodMs('0 0 8 * * *');
    schedule.due(fromInstant('2026-10-25T07:59:00Z'));
    let first: number | null = null;
    for (let m = 0; m <= 24 * 60 && first === null; m++) {
      const at = fromInstant('2026-10-25T08:00:00Z') + m * MINUTE;
      if (schedule.due(at).length > 0) first = at;
    }
    expect((first ?? 0) - fromInstant('2026-10-25T08:00:00Z') - offset).toBeLessThan(MINUTE);
  });

  it.each([
    ['*/15 * * * * *', 15_000],
    ['0 * * * * *', MINUTE],
    ['0 */5 * * * *', 5 * MINUTE],
    ['0 0,20,30 * * * *', 10 * MINUTE],
    ['0 5,55 * * * *', 10 * MINUTE],
    ['0 0 */6 * * *', 6 * HOUR],
    ['30 15 7 * * *', 24 * HOUR],
  ])('knows the period of %s', (expression, periodMs) => {
    expect(shortestPeriodMs(expression)).toBe(periodMs);
  });

  it.each(['*/15 * * * * *', '0 */5 * * * *', '30 7,37 * * * *', '0 0 8 * * *'])(
    'says of %s when each is due next, as it then is',
    (expression) => {
      const schedule = scheduleOf(expression, 7);
      const lengthMs = expression.includes('8') ? 50 * HOUR : HOUR;
      schedule.due(START);
      const expected = new Map<string, number | null>();
      for (let i = 0; i < 7; i++) expected.set(`slots-alder:P${81000 + i}`, null);
      const seen: boolean[] = [];
      for (const id of expected.keys()) expected.set(id, schedule.next(id, START));
      for (let at = START + 1000; at <= START + lengthMs; at += 1000) {
        for (const id of schedule.due(at)) {
          const said = expected.get(id) ?? 0;
          seen.push(said <= at && said > at - 1000);
          expected.set(id, schedule.next(id, at));
        }
      }
      expect(seen.length).toBeGreaterThanOrEqual(7);
      expect(seen.every(Boolean)).toBe(true);
    },
  );

  it('finds the next turn after any time ahead, and none in more than eight days', () => {
    const schedule = scheduleOf('0 0 8 * * *', 1);
    const id = 'slots-alder:P81000';
    const first = schedule.next(id, START) ?? 0;
    expect(schedule.next(id, first)).toBe(first + 24 * HOUR);
    expect(schedule.next(id, first + 3 * 24 * HOUR - 1)).toBe(first + 3 * 24 * HOUR);
    expect(schedule.next(id, START)).toBe(first);
    expect(schedule.next('nobody', START)).toBeNull();
    expect(scheduleOf('0 0 8 1 1 *', 1).next(id, START)).toBeNull();
  });

  it('never asks twice within one call, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2 * HOUR, max: 3 * HOUR }), { maxLength: 20 }), (moves) => {
        const schedule = scheduleOf('*/20 * * * * *', 15);
        let at = START;
        for (const move of moves) {
          at += move;
          const due = schedule.due(at);
          expect(new Set(due).size).toBe(due.length);
        }
      }),
      { seed: 7, numRuns: 30 },
    );
  });
});
