import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';

/** Level that a score alone would give. */
export function levelOf(score: number, starts: Rules['levels']): Level {
  if (score >= starts[2]) return 4;
  if (score >= starts[1]) return 3;
  return score >= starts[0] ? 2 : 1;
}

/** Where a unit stands between readings. Plain data: part of the checkpoint (decision 21). */
export interface Standing {
  readonly level: Level | null;
  /** Readings in a row above the level, and the lowest level among them. */
  readonly rising: number;
  readonly risingTo: Level;
  /** Since when the score has been far enough under the level's start. */
  readonly belowSince: EpochMs | null;
  /** The level before it became unknown, and when. */
  readonly lost: { readonly level: Level; readonly at: EpochMs } | null;
}

export const NO_STANDING: Standing = { level: null, rising: 0, risingTo: 1, belowSince: null, lost: null };

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

const higher = (a: Level, b: Level): Level => (a > b ? a : b);
const oneDown = (level: Level): Level => (level === 4 ? 3 : level === 3 ? 2 : 1);

/** Start of a level's range of scores; level 1 starts at 0. */
export const startOf = (level: Level, starts: Rules['levels']): number =>
  level === 1 ? 0 : level === 2 ? starts[0] : level === 3 ? starts[1] : starts[2];

/**
 * One evaluation: rises after `riseAfter` readings in a row, falls one level at a time after the score has stayed under
 * the start less the margin for `fallAfterMinutes`. A rise is never delayed by anything else.
 */
export function step(standing: Standing, reading: Reading, rules: Pick<Rules, 'levels' | 'hysteresis'>): Standing {
  const { score, at } = reading;
  if (score === null) return lose(standing, at);
  const now = higher(levelOf(score, rules.levels), reading.floor);
  const from = resume(standing, at, rules);
  if (from.level === null) return { ...NO_STANDING, level: now };
  if (now > from.level) return rise(from, from.level, now, reading.fresh, rules);
  return fall({ ...from, rising: 0, risingTo: 1 }, from.level, reading, rules);
}

function lose(standing: Standing, at: EpochMs): Standing {
  const lost = standing.level === null ? standing.lost : { level: standing.level, at };
  return { ...NO_STANDING, lost };
}

/** After a short gap the level goes on from where it was, so that silence is no way to fall at once. */
function resume(standing: Standing, at: EpochMs, { hysteresis }: Pick<Rules, 'hysteresis'>): Standing {
  if (standing.level !== null || standing.lost === null) return standing;
  const recent = at - standing.lost.at <= hysteresis.fallAfterMinutes * MINUTE;
  return recent ? { ...NO_STANDING, level: standing.lost.level } : NO_STANDING;
}

function rise(
  from: Standing,
  level: Level,
  now: Level,
  fresh: boolean,
  { hysteresis }: Pick<Rules, 'hysteresis'>,
): Standing {
  const standing = { ...from, belowSince: null };
  if (!fresh) return standing;
  const rising = from.rising + 1;
  const risingTo = from.rising === 0 || now < from.risingTo ? now : from.risingTo;
  if (rising < hysteresis.riseAfter) return { ...standing, level, rising, risingTo };
  // Higher than it has been confirmed: the next reading goes on counting from this one.
  return now > risingTo
    ? { ...standing, level: risingTo, rising: 1, risingTo: now }
    : { ...standing, level: risingTo, rising: 0, risingTo: 1 };
}

function fall(from: Standing, level: Level, reading: Reading, rules: Pick<Rules, 'levels' | 'hysteresis'>): Standing {
  const { fallMargin, fallAfterMinutes } = rules.hysteresis;
  const measured = Math.max(reading.score ?? 0, reading.fallScore ?? 0);
  const under = level > 1 && measured < startOf(level, rules.levels) - fallMargin && reading.fallFloor < level;
  if (!under) return { ...from, belowSince: null };
  const since = from.belowSince ?? reading.at;
  if (reading.at - since < fallAfterMinutes * MINUTE) return { ...from, belowSince: since };
  return { ...from, level: oneDown(level), belowSince: reading.at };
}
