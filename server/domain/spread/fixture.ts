import { QUARTER, ZONE, type EpochMs } from '#shared/model/time.ts';
import { quartersOf, type Quarters } from './track.ts';

/** Numbers between 0 and 1 that a seed always brings again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Unrest of a unit: standard normal values, each keeping the share `keeps` of the one before. */
export function unrest(length: number, keeps: number, seed: number): number[] {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const fresh = Math.sqrt(1 - keeps * keeps);
  let value = normal();
  return Array.from({ length }, () => (value = keeps * value + fresh * normal()));
}

/** London days from `date` on. */
export function windowFrom(date: string, weeks: number): Quarters {
  const from = Temporal.PlainDate.from(date).toZonedDateTime(ZONE);
  return quartersOf({ from: from.epochMilliseconds, to: from.add({ weeks }).epochMilliseconds });
}

/** A score by quarter hours: the day's common shape and five points of unrest; closed at night and on weekends. */
export function scoreOf(window: Quarters, moved: readonly number[]): [EpochMs, number | null][] {
  return moved.map((by, i) => {
    const cell = window.cells[i] ?? 0;
    const [type, quarter] = [Math.floor(cell / 96), cell % 96];
    const open = type >= 1 && type <= 5 && quarter >= 32 && quarter < 74;
    return [window.from + i * QUARTER, open ? 40 + 25 * Math.sin(quarter / 13) + 4 * type + 5 * by : null];
  });
}
