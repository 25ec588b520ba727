import type { Level } from '#shared/model/level.ts';
import { MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { BacktestSide } from '#shared/protocol/backtest.ts';
import { isJudged, isLevel, STATE } from './track.ts';

/** A change and its opposite within this time are a flap. */
const FLAP_MS = 30 * MINUTE;
const ORDER = '.?1234';

/** What one side made of one unit over the whole stretch. Minutes are to be added in order. */
export interface Tally {
  add(at: EpochMs, state: number): void;
  side(): BacktestSide;
  /** One character a quarter hour, the worst of each. */
  strip(): string;
}

export function createTally(from: EpochMs, withStrip: boolean): Tally {
  const levels: [number, number, number, number] = [0, 0, 0, 0];
  const quarters: number[] = [];
  let [unknown, changes, flaps] = [0, 0, 0];
  let before: number = STATE.closed;
  let last: { at: EpochMs; up: boolean } | null = null;

  const turn = (at: EpochMs, was: Level, now: Level) => {
    const up = now > was;
    if (last && last.up !== up && at - last.at <= FLAP_MS) flaps += 1;
    last = { at, up };
  };
  const mark = (at: EpochMs, state: number) => {
    const quarter = Math.floor((at - from) / QUARTER);
    const found = state === STATE.unknown ? 1 : isLevel(state) ? 1 + state : 0;
    quarters[quarter] = Math.max(quarters[quarter] ?? 0, found);
  };
  return {
    add(at, state) {
      if (isLevel(state)) levels[state - 1] = (levels[state - 1] ?? 0) + 1;
      else if (state === STATE.unknown) unknown += 1;
      // Opening and closing are no changes of pressure; becoming unknown is one.
      if (isJudged(state) && isJudged(before) && state !== before) changes += 1;
      if (isLevel(state) && isLevel(before) && state !== before) turn(at, before, state);
      if (withStrip) mark(at, state);
      before = state;
    },
    side: () => ({ minutes: { unknown, levels: [...levels] }, changes, flaps }),
    strip: () => quarters.map((place) => ORDER[place] ?? '.').join(''),
  };
}

export function sumSides(sides: readonly BacktestSide[]): BacktestSide {
  const levels: [number, number, number, number] = [0, 0, 0, 0];
  let [unknown, changes, flaps] = [0, 0, 0];
  for (const side of sides) {
    side.minutes.levels.forEach((minutes, i) => (levels[i] = (levels[i] ?? 0) + minutes));
    unknown += side.minutes.unknown;
    changes += side.changes;
    flaps += side.flaps;
  }
  return { minutes: { unknown, levels }, changes, flaps };
}
