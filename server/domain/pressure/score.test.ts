import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Absence } from '#shared/model/absence.ts';
import { MINUTE } from '#shared/model/time.ts';
import { testRules } from '../../board/fixture.ts';
import { judge, pointsFor, readyRules, resolveCutoffs, rulesFor, type Evidence, type ReadyRule } from './indicators.ts';
import { scoreSite, type Remembered } from './score.ts';

const rules = testRules({ escalators: [{ indicator: 'wait', points: 3, level: 3, reason: 'far too long' }] });
const practice = rulesFor(readyRules(rules), 'practice');
const ruleOf = (id: string): ReadyRule => {
  const found = practice.find(({ rule }) => rule.id === id);
  if (!found) throw new Error(id);
  return found;
};

const value = (number: number): Evidence => ({
  value: number,
  usual: null,
  absence: null,
  detail: null,
  base: null,
  population: 8000,
});
const absent = (absence: Absence = 'unreachable'): Evidence => ({ ...value(0), value: null, absence });

interface Known {
  slots?: number | null;
  wait?: number | null;
  waiting?: number | null;
}
const score = (known: Known, memory: (Remembered | undefined)[] = [], minutesOn = 0) =>
  scoreSite(
    practice,
    ({ rule }) => {
      const number = known[rule.id as keyof Known];
      return number === null || number === undefined ? absent() : value(number);
    },
    memory,
    { at: minutesOn * MINUTE, minute: 600, holdMs: () => 15 * MINUTE, minimumCoverage: rules.minimumCoverage },
  );

describe('an indicator', () => {
  it('gives one point for each cut-off reached', () => {
    expect([299, 300, 600, 1200].map((v) => pointsFor('high', [300, 600, 1200], v))).toEqual([0, 1, 2, 3]);
    expect([0.21, 0.2, 0.08, 0].map((v) => pointsFor('low', [0.2, 0.08, 0], v))).toEqual([0, 1, 2, 3]);
  });

  it('resolves cut-offs against the own normal and the list size', () => {
    const relative = (against: 'usual-ratio' | 'usual-difference' | 'per-1000') => ({
      ...ruleOf('wait').rule,
      against,
      cutoffs: [1, 2, 4] as [number, number, number],
    });
    expect(resolveCutoffs(relative('usual-ratio'), 10, null)).toEqual([10, 20, 40]);
    expect(resolveCutoffs(relative('usual-difference'), 10, null)).toEqual([11, 12, 14]);
    expect(resolveCutoffs(relative('per-1000'), null, 5000)).toEqual([5, 10, 20]);
    expect(resolveCutoffs(relative('usual-ratio'), null, null)).toBeNull();
    expect(resolveCutoffs(relative('per-1000'), null, null)).toBeNull();
  });

  it('says nothing outside its hours or on too few calls, and that is no absence', () => {
    const ready = { ...ruleOf('wait'), fromMinute: 480, toMinute: 1080 };
    expect(judge(ready, value(1), 479).kind).toBe('idle');
    const based = { ...ready, rule: { ...ready.rule, minimumBase: 10 } };
    expect(judge(based, { ...value(1), base: 9 }, 600).kind).toBe('idle');
    expect(judge(based, { ...value(1), base: 10 }, 600).kind).toBe('judged');
  });

  it('never gives fewer points for a worse value', () => {
    const cutoffs = fc
      .tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true }))
      .map(([a, b, c]) => [a, b, c].sort((x, y) => x - y) as [number, number, number]);
    fc.assert(
      fc.property(cutoffs, fc.double({ noNaN: true }), fc.double({ noNaN: true }), (ups, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(pointsFor('high', ups, high)).toBeGreaterThanOrEqual(pointsFor('high', ups, low));
        const downs: [number, number, number] = [ups[2], ups[1], ups[0]];
        expect(pointsFor('low', downs, low)).toBeGreaterThanOrEqual(pointsFor('low', downs, high));
      }),
    );
  });
});

describe('the score of a site', () => {
  it('is points given of those possible', () => {
    expect(score({ slots: 0, wait: 700, waiting: 0 })).toMatchObject({
      given: 18,
      possible: 27,
      score: 66.7,
      coverage: 1,
    });
  });

  it('leaves an indicator that never reported out of both sides', () => {
    expect(score({ slots: 0, wait: 700 })).toMatchObject({ given: 18, possible: 21, coverage: 0.778 });
  });

  it('is unknown below the minimum coverage', () => {
    expect(score({ slots: 0 }).coverage).toBe(0.444);
    expect(score({ slots: 0 }).score).toBeNull();
  });

  it('keeps the last points of one that has gone quiet for its time, then drops it', () => {
    const memory: (Remembered | undefined)[] = [];
    score({ slots: 0, wait: 1300, waiting: 0 }, memory, 0);
    const held = score({ slots: 0, wait: null, waiting: 0 }, memory, 1);
    expect(held).toMatchObject({ given: 21, possible: 27, coverage: 1 });
    expect(held.judged.find((j) => j.ready.rule.id === 'wait')).toMatchObject({ held: true, points: 3 });
    expect(score({ slots: 0, wait: null, waiting: 0 }, memory, 17)).toMatchObject({
      given: 12,
      possible: 18,
      coverage: 0.667,
      fallScore: 77.8,
      floor: 1,
      fallFloor: 3,
    });
  });

  it('asks for the level of an escalator', () => {
    expect(score({ slots: 1, wait: 1300, waiting: 0 }).floor).toBe(3);
  });

  const wide = fc.record({
    slots: fc.double({ min: 0, max: 1, noNaN: true }),
    wait: fc.integer({ min: 0, max: 3000 }),
    waiting: fc.nat(40),
  });

  it('never falls when one input worsens', () => {
    const worse = { slots: (v: number) => v / 2, wait: (v: number) => v * 2 + 1, waiting: (v: number) => v + 5 };
    fc.assert(
      fc.property(wide, fc.constantFrom('slots', 'wait', 'waiting'), (known, id) => {
        const worsened = { ...known, [id]: worse[id as keyof typeof worse](known[id as keyof typeof known]) };
        expect(score(worsened).score ?? 0).toBeGreaterThanOrEqual(score(known).score ?? 0);
        expect(score(worsened).floor).toBeGreaterThanOrEqual(score(known).floor);
      }),
    );
  });

  it('measures a fall no lower because something went missing, however long ago', () => {
    const gone = fc.subarray(['slots', 'wait', 'waiting'] as const);
    fc.assert(
      fc.property(wide, gone, fc.nat(120), (known, missing, minutesOn) => {
        const memory: (Remembered | undefined)[] = [];
        const before = score(known, memory, 0);
        score({ ...known, ...Object.fromEntries(missing.map((id) => [id, null])) }, memory, 1);
        const after = score(
          { ...known, ...Object.fromEntries(missing.map((id) => [id, null])) },
          memory,
          minutesOn + 1,
        );
        if (after.score === null) return;
        expect(after.fallScore ?? 0).toBeGreaterThanOrEqual(before.score ?? 0);
        expect(after.fallFloor).toBeGreaterThanOrEqual(before.floor);
      }),
    );
  });
});
