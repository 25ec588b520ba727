import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import { completeDay, countReading, type Counter } from './counters.ts';
import { createDays } from './days.ts';

const days = createDays();

/** Readings as [time, raw]; what came of each, and the counter at the end. */
function run(readings: readonly (readonly [string, number])[]) {
  let counter: Counter | null = null;
  const steps = readings.map(([time, raw]) => {
    const step = countReading(counter, raw, fromInstant(time), null, days);
    if (step.kind !== 'ignored') counter = step.counter;
    return step;
  });
  return { steps, counter: counter as Counter | null };
}

describe('a since-midnight counter', () => {
  const table: [string, [string, number][], number][] = [
    ['rises', [['2026-11-23T09:00:00Z', 10], ['2026-11-23T09:01:00Z', 14]], 14],
    ['first seen during the day counts what it shows', [['2026-11-23T09:00:00Z', 33]], 33],
    ['starts anew at midnight', [['2026-11-23T23:59:50Z', 120], ['2026-11-24T00:00:10Z', 0], ['2026-11-24T08:00:00Z', 5]], 5],
    ['restarted at noon: what it shows is new', [['2026-11-23T11:59:00Z', 80], ['2026-11-23T12:01:00Z', 3], ['2026-11-23T12:02:00Z', 7]], 87],
    ['reset twice', [['2026-11-23T09:00:00Z', 50], ['2026-11-23T09:05:00Z', 2], ['2026-11-23T09:10:00Z', 1]], 53],
    ['corrected by one, not reset', [['2026-11-23T09:00:00Z', 149], ['2026-11-23T09:00:15Z', 148], ['2026-11-23T09:00:30Z', 151]], 151],
    ['dropped by one long after is a reset', [['2026-11-23T09:00:00Z', 149], ['2026-11-23T12:00:00Z', 148]], 297],
    ['an older reading never rewinds', [['2026-11-23T09:02:00Z', 14], ['2026-11-23T09:01:00Z', 10]], 14],
    ['the same reading twice counts once', [['2026-11-23T09:02:00Z', 14], ['2026-11-23T09:02:00Z', 14]], 14],
    ['yesterday arriving late leaves today alone', [['2026-11-23T23:50:00Z', 100], ['2026-11-24T00:00:30Z', 2], ['2026-11-23T23:59:00Z', 104]], 2],
    ['not yet reset just after midnight', [['2026-11-23T23:59:50Z', 100], ['2026-11-24T00:00:05Z', 101], ['2026-11-24T00:00:20Z', 1]], 2],
    ['a UTC midnight in summer', [['2026-07-06T22:59:00Z', 200], ['2026-07-06T23:30:00Z', 203], ['2026-07-07T00:00:10Z', 0], ['2026-07-07T07:00:00Z', 9]], 12],
    ['a UTC midnight in summer after a quiet day', [['2026-07-05T22:55:00Z', 3], ['2026-07-05T23:00:10Z', 3], ['2026-07-05T23:30:00Z', 4], ['2026-07-06T00:00:10Z', 0], ['2026-07-06T07:00:00Z', 9]], 10],
    ['as many calls again after midnight, where the night before showed a reset on time', [['2026-07-03T22:58:00Z', 90], ['2026-07-03T23:01:00Z', 0], ['2026-07-04T22:58:00Z', 1], ['2026-07-04T23:02:00Z', 1]], 1],
    ['a leap day', [['2028-02-28T23:59:50Z', 40], ['2028-02-29T00:00:10Z', 0], ['2028-02-29T23:59:50Z', 7]], 7],
    ['a leap day is over', [['2028-02-29T23:59:50Z', 40], ['2028-03-01T00:00:10Z', 0], ['2028-03-01T08:00:00Z', 6]], 6],
    ['clocks go forward: 23 hours', [['2026-03-29T22:59:50Z', 40], ['2026-03-29T23:00:10Z', 0], ['2026-03-30T07:00:00Z', 6]], 6],
    ['clocks go back: 25 hours', [['2026-10-25T23:59:50Z', 40], ['2026-10-26T00:00:10Z', 0], ['2026-10-26T08:00:00Z', 6]], 6],
    ['clocks go back: the repeated hour is one day', [['2026-10-25T00:30:00Z', 4], ['2026-10-25T01:30:00Z', 5]], 5],
  ]; // prettier-ignore
  it.each(table)('%s', (_, readings, total) => {
    expect(run(readings).counter?.total).toBe(total);
  });

  it('is put right by the final total of a day that it still keeps, and of no other', () => {
    const { counter } = run([
      ['2026-11-22T23:50:00Z', 100],
      ['2026-11-23T09:00:00Z', 10],
    ]);
    if (!counter) throw new Error('nothing counted');
    const day = (text: string) => fromInstant(`${text}T00:00:00Z`);
    expect(completeDay(counter, day('2026-11-22'), 104)).toMatchObject({ total: 10, before: { total: 104, raw: 100 } });
    expect(completeDay(counter, day('2026-11-23'), 12)).toMatchObject({ total: 12, raw: 10, before: { total: 100 } });
    expect(completeDay(counter, day('2026-11-20'), 9)).toBe(counter);
  });

  it('completes yesterday with what arrives after midnight', () => {
    const { steps } = run([
      ['2026-11-23T23:50:00Z', 100],
      ['2026-11-24T00:00:30Z', 2],
      ['2026-11-23T23:59:00Z', 104],
    ]);
    expect(steps[2]).toMatchObject({ kind: 'yesterday', total: 104, day: fromInstant('2026-11-23T00:00:00Z') });
  });

  it('counts nothing as new on first sight, and never what nobody saw before a reset', () => {
    const { steps } = run([
      ['2026-11-23T09:00:00Z', 33],
      ['2026-11-23T12:00:00Z', 3],
    ]);
    expect(steps[0]).toMatchObject({ increment: 0, from: null });
    expect(steps[1]).toMatchObject({ increment: 3 });
  });

  it('adds up to the calls of the day, however often it restarts between polls', () => {
    const polls = fc.array(fc.record({ calls: fc.nat(30), restart: fc.boolean() }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(polls, (script) => {
        let counter: Counter | null = null;
        let raw = 0;
        let expected = 0;
        script.forEach(({ calls, restart }, i) => {
          // Poll just before each restart, so that nothing goes unseen; polls are far enough apart to be no correction.
          const zeroed = restart && calls < raw;
          raw = zeroed ? calls : raw + calls;
          expected += calls;
          const at = fromInstant('2026-11-23T05:00:00Z') + i * 11 * MINUTE;
          const step = countReading(counter, raw, at, null, days);
          if (step.kind === 'counted') counter = step.counter;
        });
        expect((counter as Counter | null)?.total).toBe(expected);
      }),
    );
  });

  it('ends the same however its readings of one day are shuffled, as long as it was not reset', () => {
    const raws = fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        raws.chain((r) => fc.tuple(fc.constant([...r].sort((a, b) => a - b)), fc.shuffledSubarray(r.map((_, i) => i), { minLength: r.length }))),
        ([sorted, order]) => {
          let counter: Counter | null = null;
          for (const i of order) {
            const at = fromInstant('2026-11-23T09:00:00Z') + i * MINUTE;
            const step = countReading(counter, sorted[i] ?? 0, at, null, days);
            if (step.kind === 'counted') counter = step.counter;
          }
          expect((counter as Counter | null)?.total).toBe(sorted.at(-1));
        },
      ),
    ); // prettier-ignore
  });
});
