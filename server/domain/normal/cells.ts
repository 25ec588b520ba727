import { QUARTERS } from './day-fold.ts';
import type { Hold } from './learned-metrics.ts';

/** Days of one class a cell looks at, and fewest that make a normal. */
export const MOST_DAYS = 8;
export const FEWEST_DAYS = 3;
/** So many days of a class are looked through for the newest that are known: an outage of a month leaves a normal. */
export const SEARCHED_DAYS = 12;

/** What is usual by quarter hour, and the quartiles of the days behind it. NaN: too few days. */
export interface Cells {
  /** Days that went into it; of a quarter it may be fewer. */
  readonly days: number;
  readonly usual: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

const scratch = new Float64Array(256);

/** Sorts the first `count` of the scratch in place: a handful of numbers, without a list. */
function sortScratch(count: number): void {
  for (let i = 1; i < count; i += 1) {
    const value = scratch[i] ?? 0;
    let j = i - 1;
    for (; j >= 0 && (scratch[j] ?? 0) > value; j -= 1) scratch[j + 1] = scratch[j] ?? 0;
    scratch[j + 1] = value;
  }
}

/** The value below which a share `p` of the sorted first `count` lies, straight between neighbours. */
function quantile(count: number, p: number): number {
  const place = p * (count - 1);
  const below = Math.floor(place);
  const a = scratch[below] ?? NaN;
  return a + ((scratch[below + 1] ?? a) - a) * (place - below);
}

/** Running totals never fall, though the days behind two quarters may differ. */
function neverFalling(values: Float32Array): void {
  let most = -Infinity;
  for (let q = 0; q < values.length; q += 1) {
    const value = values[q] ?? NaN;
    if (Number.isNaN(value)) continue;
    most = Math.max(most, value);
    values[q] = most;
  }
}

/**
 * Median and quartiles over rows of a value a quarter hour, of each quarter the first `most` that are known. Null where
 * fewer than `fewest` rows have anything at all.
 */
export function foldCells(
  rows: readonly Float32Array[],
  hold: Hold,
  fewest = FEWEST_DAYS,
  most = MOST_DAYS,
): Cells | null {
  if (rows.length < fewest) return null;
  const make = () => new Float32Array(QUARTERS).fill(NaN);
  const cells = { days: Math.min(rows.length, most), usual: make(), low: make(), high: make() };
  for (let q = 0; q < QUARTERS; q += 1) {
    let count = 0;
    for (const row of rows) {
      const value = row[q] ?? NaN;
      if (Number.isNaN(value)) continue;
      scratch[count] = value;
      count += 1;
      if (count === most) break;
    }
    if (count < fewest) continue;
    sortScratch(count);
    cells.usual[q] = quantile(count, 0.5);
    cells.low[q] = quantile(count, 0.25);
    cells.high[q] = quantile(count, 0.75);
  }
  if (hold === 'total') for (const values of [cells.usual, cells.low, cells.high]) neverFalling(values);
  return cells;
}

/**
 * Usual at a minute of the wall clock, without a jump from quarter to quarter; the day's quarters begin at `from` in
 * `values`. NaN where its quarter is not known: what lies to either side is no evidence for it.
 */
export function cellAt(values: Float32Array, hold: Hold, minute: number, from = 0): number {
  const place = minute / 15;
  const q = Math.min(QUARTERS - 1, Math.max(0, Math.floor(place)));
  const own = values[from + q] ?? NaN;
  if (hold === 'mean') {
    const off = place - q - 0.5;
    const to = off < 0 ? q - 1 : q + 1;
    const beside = to < 0 || to === QUARTERS ? NaN : (values[from + to] ?? NaN);
    return Number.isNaN(beside) ? own : own + (beside - own) * Math.abs(off);
  }
  const before = q === 0 ? (hold === 'total' ? 0 : own) : (values[from + q - 1] ?? NaN);
  return Number.isNaN(before) ? own : before + (own - before) * (place - q);
}
