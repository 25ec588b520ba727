import type { MetricShape } from '#shared/model/metrics.ts';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import type { SeriesBounds } from '../domain/ports.ts';
import { recordedMs, type Cell, type CellRise } from './cells.ts';
import type { Span } from './recording.ts';
import type { Point, Sample } from './series.ts';

export interface CellFoldInput {
  readonly shape: MetricShape;
  /** Ascending, none across the start of a bucket; those before the first bucket tell what stands there. */
  readonly cells: readonly Cell[];
  /** The last sample before the first cell. */
  readonly standing: Sample | null;
  readonly spans: readonly Span[];
  readonly starts: readonly EpochMs[];
  readonly end: EpochMs;
}

/**
 * Folds rolled-up samples into buckets, the same whatever the width of the cells.
 *
 * - gauge, window, daily: the last value observed in the bucket; where nothing at all came, the value that stands from
 *   before, if it is not absent and the server was recording at some time of the bucket.
 * - since-midnight: how much the counter rose within the bucket; at London midnight it starts from nothing. A rise across
 *   a gap counts where both its sides lie in one bucket, and otherwise nowhere: nobody knows when it happened. A total
 *   that is a level (another feed's, or a final one) rises nowhere, but is what a bucket with its whole day so far has.
 *
 * A bucket in which nothing was known is null, never interpolated.
 */
export function foldCells(input: CellFoldInput): Point[] {
  const rises = input.shape === 'since-midnight' ? risesByBucket(input) : null;
  const points: Point[] = [];
  for (const { start, end, standing, cells, index } of buckets(input)) {
    const within = cells.findLast((cell) => cell.known !== null)?.known ?? null;
    const stands = cells.length === 0 && input.spans.some((s) => s.from < end && s.to >= start);
    const known = within ?? (stands ? standing : null);
    points.push([start, known === null || rises === null ? known : (rises.get(index) ?? 0)]);
  }
  return points;
}

/** What stood in each bucket, the value with which it began included as far as it was recorded. */
export function foldBounds(input: CellFoldInput): SeriesBounds[] {
  return Array.from(buckets(input), ({ start, end, standing, cells }): SeriesBounds => {
    let held = standing;
    let cursor = start;
    let min: number | null = null;
    let max: number | null = null;
    let [covered, area, count] = [0, 0, 0];
    const take = (value: number | null) => {
      if (value === null) return;
      min = Math.min(min ?? value, value);
      max = Math.max(max ?? value, value);
    };
    const hold = (until: EpochMs) => {
      const ms = held === null ? 0 : recordedMs(input.spans, cursor, until);
      if (held === null || ms === 0) return;
      take(held);
      covered += ms;
      area += ms * held;
    };
    for (const cell of cells) {
      hold(cell.firstAt);
      take(cell.min);
      take(cell.max);
      covered += cell.covered;
      area += cell.covered * cell.mean;
      count += cell.count;
      held = cell.last;
      cursor = cell.end;
    }
    hold(end);
    return {
      at: start,
      min,
      max,
      mean: covered === 0 ? null : area / covered,
      coverage: covered / (end - start),
      count,
    };
  });
}

/** The buckets with their cells and the value that stands when each begins. */
function* buckets({ cells, standing: before, starts, end: last }: CellFoldInput) {
  let next = 0;
  let standing = before?.value ?? null;
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? last;
    for (let cell = cells[next]; cell !== undefined && cell.at < start; cell = cells[(next += 1)]) standing = cell.last;
    const from = next;
    while ((cells[next]?.at ?? Infinity) < end) next += 1;
    const within = cells.slice(from, next);
    yield { index, start, end, standing, cells: within };
    standing = within.at(-1)?.last ?? (within.length === 0 ? standing : null);
  }
}

interface Known {
  readonly at: EpochMs;
  readonly value: number;
}

function risesByBucket({ cells, standing, spans, starts, end }: CellFoldInput): Map<number, number> {
  const rises = new Map<number, number>();
  const through = (from: EpochMs, to: EpochMs) => spans.some((s) => s.from <= from && s.to >= to);
  let known: Known | null =
    standing === null || standing.value === null ? null : { ...standing, value: standing.value };
  let broken = false;
  /** What a bucket had risen by before the day of its newest cell began. */
  let base = { bucket: -1, midnight: 0, rises: 0 };
  let [bucket, knownIn] = [-1, -1];
  for (const cell of cells) {
    while (bucket + 1 < starts.length && (starts[bucket + 1] ?? Infinity) <= cell.at) bucket += 1;
    if (cell.at >= end) break;
    const { rise } = cell;
    if (rise === null || cell.known === null) {
      broken = true;
      continue;
    }
    if (bucket >= 0) {
      const midnight = dayStart(cell.at);
      const before = rises.get(bucket) ?? 0;
      if (bucket !== base.bucket || midnight !== base.midnight) base = { bucket, midnight, rises: before };
      const unbroken = known !== null && !broken && !rise.brokenBefore && through(known.at, rise.firstAt);
      const inward = riseInto(rise, known, { midnight, unbroken, together: knownIn === bucket });
      const whole = rise.level !== null && (starts[bucket] ?? 0) <= midnight;
      const told = whole && rise.level !== null ? base.rises + rise.level.value + rise.level.riseAfter : null;
      rises.set(bucket, told ?? before + inward + rise.rise);
    }
    known = { at: rise.knownAt, value: cell.known };
    knownIn = bucket;
    broken = cell.last === null;
  }
  return rises;
}

/** From the last known total before a cell to its first. */
function riseInto(
  rise: CellRise,
  known: Known | null,
  { midnight, unbroken, together }: { midnight: EpochMs; unbroken: boolean; together: boolean },
): number {
  if (known === null || rise.firstIsLevel) return 0;
  const sameDay = known.at >= midnight;
  if (!unbroken && !(sameDay && together)) return 0;
  return Math.max(0, rise.first - (sameDay ? known.value : 0));
}
