import { describe, expect, it } from 'vitest';
import { dayStart, fromInstant, HOUR, MINUTE, QUARTER } from '#shared/model/time.ts';
import { QUIET } from '../quiet.ts';
import { createDayFold, dayFrame, QUARTERS, type FoldOptions } from './day-fold.ts';

const MONDAY = dayStart(fromInstant('2026-11-23T12:00:00Z'));
const UNREACHABLE = 2;
const CLOSED = 5;
type Sample = readonly [at: number, value: number | null, absence?: number];

function fold(
  samples: readonly Sample[],
  options: Partial<FoldOptions> = {},
  day = MONDAY,
  recorded?: [number, number][],
) {
  const spans = (recorded ?? [[day - HOUR, day + 26 * HOUR]]).map(([from, to]) => ({ from, to }));
  const folding = createDayFold(dayFrame(day, spans), {
    hold: 'mean',
    shut: () => false,
    wholeDays: false,
    ...options,
  });
  folding.push(
    Float64Array.from(samples, ([at]) => at),
    Float64Array.from(samples, ([, value]) => value ?? NaN),
    Uint8Array.from(samples, ([, value, absence]) => (value === null ? (absence ?? UNREACHABLE) : 0)),
  );
  return folding.finish();
}

describe('a day as it is learned from', () => {
  it('weighs a queue’s lengths by the time they stood', () => {
    const day = fold([
      [MONDAY, 4],
      [MONDAY + 10 * MINUTE, 10],
    ]);
    expect(day?.[0]).toBe(6);
    expect(day?.[1]).toBe(10);
    expect(day?.[QUARTERS - 1]).toBe(10);
  });

  it('learns nothing of a quarter of which less than half is known, and never a zero', () => {
    const day = fold([
      [MONDAY, 4],
      [MONDAY + 7 * MINUTE, null],
      [MONDAY + 3 * QUARTER + 8 * MINUTE, 5],
      [MONDAY + 4 * QUARTER, null],
    ]);
    expect(day).toBeNull();
    const known = fold([
      [MONDAY, 4],
      [MONDAY + 8 * MINUTE, null],
      [MONDAY + 2 * QUARTER, 6],
    ]);
    expect([known?.[0], known?.[1], known?.[2]]).toEqual([4, NaN, 6]);
  });

  it('learns nothing of the time in which the server was not recording', () => {
    const day = fold([[MONDAY, 4]], {}, MONDAY, [
      [MONDAY, MONDAY + HOUR],
      [MONDAY + 2 * HOUR, MONDAY + 3 * HOUR],
    ]);
    expect([day?.[3], day?.[4], day?.[7], day?.[8], day?.[12]]).toEqual([4, NaN, NaN, 4, NaN]);
  });

  it('learns nothing of a queue while the site is shut', () => {
    const day = fold([[MONDAY, 0]], { shut: (quarter) => quarter < 32 });
    expect([day?.[31], day?.[32]]).toEqual([NaN, 0]);
  });

  it('takes a window or a share as it stood at the quarter’s end', () => {
    const day = fold(
      [
        [MONDAY, 0.4],
        [MONDAY + 14 * MINUTE, 0.9],
      ],
      { hold: 'end' },
    );
    expect(day?.[0]).toBeCloseTo(0.9, 6);
  });

  it('leaves a day out of which less than half is left, unless it was shut or had nothing to say', () => {
    const outage: Sample[] = [
      [MONDAY, 4],
      [MONDAY + 8 * HOUR, null],
    ];
    expect(fold(outage, { wholeDays: true })).toBeNull();
    expect(fold([outage[0] ?? [0, 0], [MONDAY + 8 * HOUR, null, CLOSED]], { wholeDays: true })?.[0]).toBe(4);
    expect(fold([outage[0] ?? [0, 0], [MONDAY + 8 * HOUR, null, QUIET]], { wholeDays: true })?.[0]).toBe(4);
    expect(fold(outage)?.[0]).toBe(4);
  });
});

describe('a running total as it is learned', () => {
  const total = { hold: 'total' } as const;

  it('is what stood at each quarter’s end, and yesterday’s never stands for today’s', () => {
    const day = fold(
      [
        [MONDAY - HOUR, 240],
        [MONDAY + QUARTER + MINUTE, 3],
        [MONDAY + 2 * QUARTER + MINUTE, 7],
      ],
      total,
    );
    expect([day?.[0], day?.[1], day?.[2]]).toEqual([NaN, 3, 7]);
  });

  it('begins at nothing where yesterday ended with nothing', () => {
    expect(fold([[MONDAY - HOUR, 0]], total)?.[0]).toBe(0);
  });

  it('is right after an outage, because suppliers go on counting, and unknown during it', () => {
    const day = fold(
      [
        [MONDAY, 0],
        [MONDAY + HOUR, 10],
        [MONDAY + HOUR + 9 * MINUTE, null],
        [MONDAY + 3 * HOUR, 55],
      ],
      total,
    );
    expect([day?.[3], day?.[4], day?.[11], day?.[12]]).toEqual([0, NaN, NaN, 55]);
  });
});

describe('days on which the clocks change', () => {
  const quarterly = (day: number, count: number): Sample[] =>
    Array.from({ length: count }, (_, i) => [day + i * QUARTER, i] as const);

  it('does not know the hour that spring skips', () => {
    const spring = dayStart(fromInstant('2026-03-29T12:00:00Z'));
    const day = fold(quarterly(spring, 92), {}, spring);
    expect([...(day?.slice(2, 10) ?? [])]).toEqual([2, 3, NaN, NaN, NaN, NaN, 4, 5]);
    expect(day?.[95]).toBe(91);
  });

  it('averages the queues of the hour that autumn lives twice, and ends with its later total', () => {
    const autumn = dayStart(fromInstant('2026-10-25T12:00:00Z'));
    const mean = fold(quarterly(autumn, 100), {}, autumn);
    expect([...(mean?.slice(3, 9) ?? [])]).toEqual([3, 6, 7, 8, 9, 12]);
    const total = fold(quarterly(autumn, 100), { hold: 'total' }, autumn);
    expect([...(total?.slice(3, 9) ?? [])]).toEqual([3, 8, 9, 10, 11, 12]);
    expect(total?.[95]).toBe(99);
  });
});
