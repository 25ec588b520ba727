import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';

/** Level that a score alone would give. */
export function levelOf(score: number, starts: Rules['levels']): Level {
  if (score >= starts[2]) return 4;
  if (score >= starts[1]) return 3;
  return score >= starts[0] ? 2 : 1;
}

/** Until when levels 2, 3 and 4 are held though nothing supports them any more; 0: not held. */
export type Held = readonly [EpochMs, EpochMs, EpochMs];

/** Where a unit stands between readings. Plain data: part of the checkpoint (decision 21). */
export interface Standing {
  readonly level: Level | null;
  /** What the last readings alone would give, newest last, as many as a rise needs. */
  readonly recent: readonly Level[];
  /** How many of them, counted back from the newest, are above the level: 0 when no rise waits for its next reading. */
  readonly rising: number;
  readonly until: Held;
  /** The score no longer supports the level, which falls at its `until` unless it is supported again. */
  readonly fading: boolean;
  /** The level before it became unknown, and when. */
  readonly lost: { readonly level: Level; readonly at: EpochMs } | null;
}

const NOT_HELD: Held = [0, 0, 0];
export const NO_STANDING: Standing = {
  level: null,
  recent: [],
  rising: 0,
  until: NOT_HELD,
  fading: false,
  lost: null,
};

export interface Reading {
  readonly at: EpochMs;
  /** Null: unknown. */
  readonly score: number | null;
  readonly floor: Level;
  /** What a fall is measured by: never lower because something went missing. */
  readonly fallScore: number | null;
  readonly fallFloor: Level;
  /** New data since the last evaluation: only such readings count towards a rise. */
  readonly fresh: boolean;
}

type StepRules = Pick<Rules, 'levels' | 'hysteresis'>;

const higher = (a: Level, b: Level): Level => (a > b ? a : b);
const lower = (a: Level, b: Level): Level => (a < b ? a : b);

/** Start of a level's range of scores; level 1 starts at 0. */
export const startOf = (level: Level, starts: Rules['levels']): number =>
  level === 1 ? 0 : level === 2 ? starts[0] : level === 3 ? starts[1] : starts[2];

/**
 * One evaluation. A level is reached when the last `riseAfter` readings all give it, whatever went before, and is held
 * until its last support is `fallAfterMinutes` old; then each level below for its own step. Support is a score above the
 * level's start less the margin. Everything here is a maximum of what worse scores only raise, so a worse stream of
 * scores never stands lower; and no fall comes within `fallAfterMinutes` of a rise, so in any such span a unit's level
 * changes direction at most once.
 */
export function step(standing: Standing, reading: Reading, rules: StepRules): Standing {
  const { score, at } = reading;
  if (score === null) return lose(standing, at);
  const now = higher(levelOf(score, rules.levels), reading.floor);
  const from = resume(standing, at, rules);
  if (from.level === null) {
    const until = hold(NOT_HELD, 1, now, reading, rules);
    return { ...NO_STANDING, level: now, recent: [now], until };
  }
  const { riseAfter } = rules.hysteresis;
  const recent = reading.fresh ? [...from.recent, now].slice(-riseAfter) : from.recent;
  const confirmed = reading.fresh && recent.length >= riseAfter ? recent.reduce(lower) : 1;
  const until = hold(from.until, from.level, confirmed, reading, rules);
  const level = highestHeld(until, higher(from.level, confirmed), at);
  return {
    level,
    recent,
    rising: above(recent, level),
    until,
    fading: level > 1 && !supports(level, reading, rules),
    lost: null,
  };
}

function lose(standing: Standing, at: EpochMs): Standing {
  if (standing.level === null) return standing;
  return { ...NO_STANDING, until: standing.until, lost: { level: standing.level, at } };
}

/** Silence is no way to fall: after a short gap the level and what is left of its time go on from where they were. */
function resume(standing: Standing, at: EpochMs, { hysteresis }: StepRules): Standing {
  if (standing.level !== null || standing.lost === null) return standing;
  const gap = at - standing.lost.at;
  if (gap > hysteresis.fallAfterMinutes * MINUTE) return NO_STANDING;
  const [two, three, four] = standing.until;
  return { ...NO_STANDING, level: standing.lost.level, until: [two + gap, three + gap, four + gap] };
}

/** Whether what is known, and what was last known of what has gone quiet, still speaks for a level. */
export function supports(level: Level, reading: Omit<Reading, 'at' | 'fresh'>, rules: StepRules): boolean {
  const measured = Math.max(reading.score ?? 0, reading.fallScore ?? 0);
  const floor = higher(reading.floor, reading.fallFloor);
  return floor >= level || measured >= startOf(level, rules.levels) - rules.hysteresis.fallMargin;
}

function hold(before: Held, level: Level, confirmed: Level, reading: Reading, rules: StepRules): Held {
  const { fallAfterMinutes, fallStepMinutes = fallAfterMinutes } = rules.hysteresis;
  const whole = reading.at + fallAfterMinutes * MINUTE;
  const until = (of: 2 | 3 | 4, above: EpochMs): EpochMs => {
    const held = before[of - 2] ?? 0;
    const renewed = confirmed >= of || (level >= of && supports(of, reading, rules)) ? whole : 0;
    return Math.max(held, renewed, above === 0 ? 0 : above + fallStepMinutes * MINUTE);
  };
  const four = until(4, 0);
  const three = until(3, four);
  return [until(2, three), three, four];
}

function highestHeld(until: Held, most: Level, at: EpochMs): Level {
  for (const level of [4, 3, 2] as const) if (most >= level && at <= (until[level - 2] ?? 0)) return level;
  return 1;
}

function above(recent: readonly Level[], level: Level): number {
  const last = recent.findLastIndex((of) => of <= level);
  return recent.length - 1 - last;
}

/** Until when a level that nothing supports any more is kept; null while it is supported, or there is none. */
export const keptUntil = ({ level, fading, until }: Standing): EpochMs | null =>
  level === null || level === 1 || !fading ? null : (until[level - 2] ?? null);
