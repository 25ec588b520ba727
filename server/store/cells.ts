import type { EpochMs } from '#shared/model/time.ts';
import { firstAt, type Samples } from './day-samples.ts';
import { LEVEL } from './history.ts';
import type { Span } from './recording.ts';

/** How a total of the day so far rose within a cell; enough to join neighbours as if they had been one. */
export interface CellRise {
  /** First sample that was not absent. */
  readonly firstAt: EpochMs;
  readonly first: number;
  /** That one was a level (`LEVEL`), or an absence stood before it in the cell. */
  readonly firstIsLevel: boolean;
  readonly brokenBefore: boolean;
  /** Time of the last sample that was not absent. */
  readonly knownAt: EpochMs;
  /** Sum of the rises between the cell's own samples. */
  readonly rise: number;
  /** The last level in the cell and what came after it; null where there was none. */
  readonly level: { readonly value: number; readonly riseAfter: number } | null;
}

/**
 * What change-only samples came to in a stretch of one London day in which there was at least one. Two cells of one
 * stretch split anywhere say the same as one: `foldCells` reads either.
 */
export interface Cell {
  readonly at: EpochMs;
  readonly end: EpochMs;
  /** Time of the first sample; what stood before the cell stood until then. */
  readonly firstAt: EpochMs;
  /** Samples, absences included. */
  readonly count: number;
  /** The last sample; null: absent at the end. */
  readonly last: number | null;
  /** The last sample that was not absent, and the bounds of those; null: all were. */
  readonly known: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Milliseconds from the first sample to the end in which a value stood and the server was recording. */
  readonly covered: number;
  /** Mean over those, by time; 0 where there are none. */
  readonly mean: number;
  /** Of counters only. */
  readonly rise: CellRise | null;
}

/** Milliseconds of [from, to) in which the server was recording. `spans` ascending, without overlap. */
export function recordedMs(spans: readonly Span[], from: EpochMs, to: EpochMs): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? Infinity) <= from) low = middle + 1;
    else high = middle;
  }
  let sum = 0;
  for (let span = spans[low]; span !== undefined && span.from < to; span = spans[(low += 1)]) {
    sum += Math.min(span.to, to) - Math.max(span.from, from);
  }
  return sum;
}

/**
 * Rolls samples up into the cells between neighbouring `bounds` (ascending). A cell must not reach over a London
 * midnight. Stretches without a sample have no cell: what stands in them is the last cell's.
 */
export function rollUp(samples: Samples, bounds: readonly EpochMs[], spans: readonly Span[], counter: boolean): Cell[] {
  const cells: Cell[] = [];
  for (let i = 0; i + 1 < bounds.length; i += 1) {
    const at = bounds[i] ?? 0;
    const end = bounds[i + 1] ?? at;
    const from = firstAt(samples.at, at);
    const to = firstAt(samples.at, end);
    if (to > from) cells.push(cellOf(samples, from, to, { at, end }, spans, counter));
  }
  return cells;
}

function cellOf(
  samples: Samples,
  from: number,
  to: number,
  { at, end }: { at: EpochMs; end: EpochMs },
  spans: readonly Span[],
  counter: boolean,
): Cell {
  const { at: times, value: values } = samples;
  let known: number | null = null;
  let min: number | null = null;
  let max: number | null = null;
  let [covered, area] = [0, 0];
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    known = value;
    min = Math.min(min ?? value, value);
    max = Math.max(max ?? value, value);
    const ms = recordedMs(spans, times[i] ?? 0, i + 1 < to ? (times[i + 1] ?? end) : end);
    covered += ms;
    area += ms * value;
  }
  const last = values[to - 1] ?? NaN;
  return {
    ...{ at, end, firstAt: times[from] ?? at, count: to - from, known, min, max, covered },
    last: Number.isNaN(last) ? null : last,
    mean: covered === 0 ? 0 : area / covered,
    rise: counter ? riseOf(samples, from, to) : null,
  };
}

function riseOf({ at, value: values, code }: Samples, from: number, to: number): CellRise | null {
  let first: Pick<CellRise, 'firstAt' | 'first' | 'firstIsLevel' | 'brokenBefore'> | null = null;
  let level = null as CellRise['level'];
  let rise = 0;
  let [known, knownAt] = [0, 0];
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const isLevel = code[i] === LEVEL;
    const step = first === null || isLevel ? 0 : Math.max(0, value - known);
    first ??= { firstAt: at[i] ?? 0, first: value, firstIsLevel: isLevel, brokenBefore: i > from };
    rise += step;
    if (isLevel) level = { value, riseAfter: 0 };
    else if (level !== null) level = { value: level.value, riseAfter: level.riseAfter + step };
    [known, knownAt] = [value, at[i] ?? 0];
  }
  return first === null ? null : { ...first, knownAt, rise, level };
}
