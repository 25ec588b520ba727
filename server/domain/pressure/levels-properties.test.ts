import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '#shared/model/level.ts';
import { fromInstant, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { levelOf, NO_STANDING, step, type Reading } from './levels.ts';

const START = fromInstant('2026-11-23T08:00:00Z');
const SEEDED = { seed: 21, numRuns: 400 };

interface Look {
  readonly afterSeconds: number;
  /** Null: unknown. */
  readonly score: number | null;
  readonly worse: number;
  readonly floor: Level;
  readonly fresh: boolean;
}

const rulesArb = fc.record({
  levels: fc.constantFrom<[number, number, number]>([30, 52, 78], [10, 20, 95], [1, 50, 51]),
  hysteresis: fc.record({
    riseAfter: fc.integer({ min: 1, max: 4 }),
    fallMargin: fc.constantFrom(0, 4, 15),
    fallAfterMinutes: fc.constantFrom(5, 15, 30),
    fallStepMinutes: fc.constantFrom(0, 5, 30),
  }),
});
const scoreArb = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.constantFrom(9, 12, 28, 31, 50, 53, 76, 79), // about the starts, where levels flap
);
const lookArb = (unknown: boolean): fc.Arbitrary<Look> =>
  fc.record({
    afterSeconds: fc.oneof(fc.constantFrom(10, 60, 60, 60), fc.integer({ min: 1, max: 2500 })),
    score: unknown ? fc.option(scoreArb, { freq: 8 }) : scoreArb,
    worse: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
    floor: fc.constantFrom<Level>(1, 1, 1, 1, 1, 2, 3, 4),
    fresh: fc.constantFrom(true, true, true, false),
  });
const streamArb = (unknown: boolean) => fc.array(lookArb(unknown), { minLength: 1, maxLength: 120 });

interface Seen {
  readonly at: EpochMs;
  readonly level: Level | null;
}

function levelsOf(stream: readonly Look[], rules: Parameters<typeof step>[2], scoreOf: (look: Look) => number | null) {
  let standing = NO_STANDING;
  let at = START;
  return stream.map((look): Seen => {
    at += look.afterSeconds * 1000;
    const score = scoreOf(look);
    const reading: Reading = {
      at,
      score,
      floor: look.floor,
      fallScore: score,
      fallFloor: look.floor,
      fresh: look.fresh,
    };
    standing = step(standing, reading, rules);
    return { at, level: standing.level };
  });
}

/** Moves between known levels, through unknown spells too. */
function movesOf(seen: readonly Seen[]): { at: EpochMs; up: boolean }[] {
  const known = seen.filter((s): s is { at: EpochMs; level: Level } => s.level !== null);
  return known.flatMap(({ at, level }, i) => {
    const before = known[i - 1]?.level ?? level;
    return before === level ? [] : [{ at, up: level > before }];
  });
}

describe('hysteresis under any rules and any stream of scores', () => {
  it('changes direction at most once in any span of the time that a fall takes', () => {
    fc.assert(
      fc.property(streamArb(true), rulesArb, (stream, rules) => {
        const moves = movesOf(levelsOf(stream, rules, (look) => look.score));
        const span = rules.hysteresis.fallAfterMinutes * MINUTE;
        moves.forEach((first, i) => {
          const within = moves.slice(i).filter(({ at }) => at - first.at <= span);
          const turns = within.filter(({ up }, j) => j > 0 && up !== within[j - 1]?.up);
          expect(turns.length).toBeLessThanOrEqual(1);
          // And what turns is a fall taken back by a rise, which nothing may delay; never a rise taken back.
          expect(within.every(({ up }, j) => up || within[j - 1]?.up !== true)).toBe(true);
        });
      }),
      SEEDED,
    );
  });

  it('never delays a rise beyond the readings it needs, whatever went before', () => {
    fc.assert(
      fc.property(streamArb(false), rulesArb, (stream, rules) => {
        const seen = levelsOf(stream, rules, (look) => look.score);
        const { riseAfter } = rules.hysteresis;
        // A look that brings nothing new is no reading; the first one of all is.
        seen.forEach(({ level }, i) => {
          const readings = stream.slice(0, i + 1).filter(({ fresh }, j) => fresh || j === 0);
          if (stream[i]?.fresh !== true || readings.length < riseAfter) return;
          const last = readings.slice(-riseAfter);
          const agreed = Math.min(...last.map((l) => Math.max(levelOf(l.score ?? 0, rules.levels), l.floor)));
          expect(level).toBeGreaterThanOrEqual(agreed);
        });
      }),
      SEEDED,
    );
  });

  it('never stands lower for worse scores', () => {
    fc.assert(
      fc.property(streamArb(true), rulesArb, (stream, rules) => {
        const better = levelsOf(stream, rules, (look) => look.score);
        const worse = levelsOf(stream, rules, ({ score, worse: by }) => score && Math.min(100, score + by));
        better.forEach(({ level }, i) => {
          if (level === null) expect(worse[i]?.level).toBeNull();
          else expect(worse[i]?.level).toBeGreaterThanOrEqual(level);
        });
      }),
      SEEDED,
    );
  });

  it('never falls while the last known scores of what is silent would hold it', () => {
    fc.assert(
      fc.property(streamArb(false), rulesArb, scoreArb, (stream, rules, last) => {
        let standing = NO_STANDING;
        let at = START;
        for (const { afterSeconds, score } of stream) {
          at += afterSeconds * 1000;
          const known = score ?? 0;
          const reading = { at, score: known, floor: 1, fallScore: Math.max(known, last), fallFloor: 1, fresh: true };
          const before = standing.level;
          standing = step(standing, reading as Reading, rules);
          if (before !== null)
            expect(standing.level).toBeGreaterThanOrEqual(Math.min(before, levelOf(last, rules.levels)));
        }
      }),
      SEEDED,
    );
  });
});
