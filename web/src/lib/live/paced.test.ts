import { describe, expect, it } from 'vitest';
import { createPacing } from './paced.ts';

const MINUTE = 60_000;

/** Seconds of real time at which something is read again, within a minute. */
function readings(pace: () => number): number[] {
  const clock = createPacing({ pace, stepMs: 5 * MINUTE, mostMs: () => 20_000 });
  return Array.from({ length: 60 }, (_gap, i) => i + 1).filter(() => clock.pass(1000));
}

describe('how often history is read again', () => {
  it.each([
    ['live', 1, [20, 40, 60]],
    ['paused', 0, [20, 40, 60]],
    ['an hour in a minute', 60, [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]],
  ])('follows time as it runs: %s', (_name, speed, expected) => {
    expect(readings(() => speed)).toEqual(expected);
  });

  it('leaves two seconds between two readings, however fast time runs', () => {
    expect(readings(() => 600)).toEqual(Array.from({ length: 30 }, (_gap, i) => 2 * (i + 1)));
  });

  it('does not wait out the slow interval once time runs again', () => {
    let second = 0;
    expect(readings(() => ((second += 1) > 10 ? 300 : 0))[0]).toBe(11);
  });
});
