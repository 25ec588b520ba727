import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import {
  addRolling,
  beginRolling,
  createRolling,
  knownFrom,
  packRolling,
  sumRolling,
  unpackRolling,
} from './rolling.ts';

const at = fromInstant('2026-11-23T09:00:00Z');

describe('a rolling window', () => {
  it('forgets what is older than the window, to the minute', () => {
    const rolling = createRolling();
    addRolling(rolling, at, at + 1000, 5);
    expect(sumRolling(rolling, at, 15)).toBe(5);
    expect(sumRolling(rolling, at + 14 * MINUTE, 15)).toBe(5);
    expect(sumRolling(rolling, at + 15 * MINUTE, 15)).toBe(0);
    expect(sumRolling(rolling, at + 59 * MINUTE, 60)).toBe(5);
    expect(sumRolling(rolling, at + 60 * MINUTE, 60)).toBe(0);
  });

  it('spreads what came after a gap over the gap', () => {
    const rolling = createRolling();
    addRolling(rolling, at, at + 30 * MINUTE, 30);
    expect(sumRolling(rolling, at + 30 * MINUTE, 15)).toBeCloseTo(14, 4);
    expect(sumRolling(rolling, at + 30 * MINUTE, 60)).toBeCloseTo(30, 4);
  });

  it('keeps only the last hour of a gap of a day', () => {
    const rolling = createRolling();
    addRolling(rolling, at, at + 1440 * MINUTE, 1440);
    expect(sumRolling(rolling, at + 1440 * MINUTE, 60)).toBeCloseTo(59, 3);
  });

  it('knows since when it knows', () => {
    const rolling = createRolling();
    expect(knownFrom(rolling, at, 60)).toBeNull();
    beginRolling(rolling, at);
    expect(knownFrom(rolling, at + 10 * MINUTE, 60)).toBe(at);
    expect(knownFrom(rolling, at + 90 * MINUTE, 60)).toBe(at + 31 * MINUTE);
  });

  it('loses nothing that falls within the window, and comes back whole from a checkpoint', () => {
    const steps = fc.array(fc.record({ after: fc.integer({ min: 1, max: 90_000 }), amount: fc.nat(20) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (script) => {
        const rolling = createRolling();
        beginRolling(rolling, at);
        let now = at;
        let all = 0;
        for (const { after, amount } of script) {
          addRolling(rolling, now, now + after, amount);
          now += after;
          all += amount;
        }
        // 30 steps of at most 90 s are within the hour.
        expect(sumRolling(rolling, now, 60)).toBeCloseTo(all, 2);
        const back = unpackRolling(JSON.parse(JSON.stringify(packRolling(rolling))) as number[]);
        expect(back).toEqual(rolling);
      }),
    );
  });
});
