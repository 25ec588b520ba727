import type { Level, Trend } from '#shared/model/level.ts';
import { QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { World } from './world.ts';

const ORDER = '.?1234';
/** A trail point every 5 minutes for an hour. */
const TRAIL = 12;
/** Points of score over 15 minutes that count as a trend. */
const NOTABLE = 3;

/**
 * The strip of the day with the quarter hour that holds `at` marked: the highest of the quarter stands. Quarters nobody
 * recorded are '.'. Quarters are counted from London midnight, so days of 92 and 100 quarters come out right.
 */
export function markDay(world: Pick<World, 'days'>, day: string, at: EpochMs, mark: Level | '?' | '.'): string {
  const quarter = Math.floor((at - world.days.start(at)) / QUARTER);
  // Longer than now: it is yesterday's.
  const today = day.length > quarter + 1 ? '' : day;
  const char = String(mark);
  if (today.length === quarter + 1) {
    const before = today[quarter] ?? '.';
    return ORDER.indexOf(char) > ORDER.indexOf(before) ? today.slice(0, quarter) + char : today;
  }
  return today.padEnd(quarter, '.') + char;
}

/** Score now against that of 15 minutes ago. */
export function trendOf(score: number | null, trail: readonly (number | null)[]): Trend | null {
  const before = trail.at(-3) ?? null;
  if (score === null || before === null) return null;
  if (score - before >= NOTABLE) return 'rising';
  return score - before <= -NOTABLE ? 'falling' : 'steady';
}

/** Publishes what time alone changes of a unit whose level and score stand. */
export function publishTime(world: World, index: number, at: EpochMs, mark: Level | '?' | '.'): void {
  const unit = world.published.units[index];
  if (!unit) return;
  const trend = trendOf(unit.score, unit.trail);
  const day = markDay(world, unit.day, at, mark);
  if (trend !== unit.trend || day !== unit.day) world.published.put(index, { trend, day });
}

export const extendTrail = (trail: readonly (number | null)[], score: number | null): (number | null)[] =>
  [...trail, score].slice(-TRAIL);

export { TRAIL };
