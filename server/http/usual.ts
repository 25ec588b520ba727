import { SERVICE_KINDS } from '#shared/model/site-kind.ts';
import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, localMinutes, type EpochMs } from '#shared/model/time.ts';
import { cellAt } from '../domain/normal/cells.ts';
import { holdOf } from '../domain/normal/learned-metrics.ts';
import type { SiteCells } from '../domain/normal/metric-day.ts';
import type { BoardView, Normal } from '../domain/ports.ts';

export type Point = [EpochMs, number | null];

/** An own normal that can be summed over sites, bucket by bucket; empty for a metric that it does not count. */
export interface SeriesNormal extends Normal {
  /** What it says without anything that was learned; absent: itself. */
  readonly published?: SeriesNormal;
  usualSeries(
    siteIds: readonly string[],
    metric: MetricName,
    from: EpochMs,
    to: EpochMs,
    step: number,
  ): readonly (readonly [EpochMs, number | null])[];
}

/** What was learned of one metric for one London day, by site; empty without a database or before there is anything. */
export type LearnedCells = (day: EpochMs, metric: MetricName) => Promise<ReadonlyMap<string, SiteCells>>;

/** A group's sum is usual only where nearly all of what is known of its parts can be added up. */
const NEARLY_ALL = 0.98;

/** Bucket starts by London day, so that they align to midnight across a day of 23 or 25 hours. */
export function buckets(from: EpochMs, to: EpochMs, step: number): EpochMs[] {
  const starts: EpochMs[] = [];
  for (let day = dayStart(from); day < to; day = dayEnd(day)) {
    const end = Math.min(dayEnd(day), to);
    for (let at = day; at < end; at += step) if (at + step > from) starts.push(at);
  }
  return starts;
}

/** The site itself, or the practices beneath a group. */
export function partsOf(board: BoardView, id: string): string[] {
  if (board.unit(id)?.kind === 'site') return [id];
  const { units } = board.definition;
  const within = new Set([id]);
  // Parents come before their children in a definition.
  for (const unit of units) if (unit.parent !== null && within.has(unit.parent)) within.add(unit.id);
  const isPractice = (kind: (typeof units)[number]['siteKind']) => kind !== null && !SERVICE_KINDS.includes(kind);
  return units.flatMap((unit) => (within.has(unit.id) && isPractice(unit.siteKind) ? unit.id : []));
}

/** Minutes of the wall clock; the end of a day is 1440, not the next day's nothing. */
const minuteIn = (day: EpochMs, at: EpochMs) => (at >= dayEnd(day) ? 1440 : at <= day ? 0 : localMinutes(at));

/** Total so far at a minute; on a quarter's edge what stood at its end, whether or not the next one is known. */
function totalBy(values: Float32Array, minute: number): number {
  const quarter = minute / 15;
  if (!Number.isInteger(quarter)) return cellAt(values, 'total', minute);
  return quarter === 0 ? 0 : (values[quarter - 1] ?? NaN);
}

/**
 * Own normal of a unit over buckets: the usual rise within each for counts since midnight (groups: summed over their
 * practices), and for the rest what is usual at its middle (of windows, which tell of the time before: at its end). Groups
 * have only what adds up. Empty where nothing is known.
 */
export function createUsual(board: BoardView, normal: SeriesNormal, learned: LearnedCells) {
  const counts = async (parts: readonly string[], metric: MetricName, from: EpochMs, to: EpochMs, step: number) => {
    const points: Point[] = [];
    for (let day = dayStart(from); day < to; day = dayEnd(day)) {
      const cells = await learned(day, metric);
      const own = parts.flatMap((id) => cells.get(id)?.cells.usual ?? []);
      const others = own.length === 0 ? parts : parts.filter((id) => !cells.has(id));
      const end = Math.min(dayEnd(day), to);
      const published = new Map(normal.usualSeries(others, metric, day, end, step));
      const starts = own.length === 0 ? [...published.keys()] : buckets(Math.max(day, from), end, step);
      for (const at of starts) {
        if (at + step <= from) continue;
        const [a, b] = [minuteIn(day, at), minuteIn(day, Math.min(at + step, end))];
        const rises = own.map((values) => totalBy(values, b) - totalBy(values, a));
        points.push([at, sumOf(rises, published.size > 0 ? [published.get(at) ?? null] : [])]);
      }
    }
    return points;
  };
  const moments = async (parts: readonly string[], metric: MetricName, from: EpochMs, to: EpochMs, step: number) => {
    const points: Point[] = [];
    const { shape } = metricSpec(metric);
    for (let day = dayStart(from); day < to; day = dayEnd(day)) {
      const cells = await learned(day, metric);
      const end = Math.min(dayEnd(day), to);
      for (const at of buckets(Math.max(day, from), end, step)) {
        const moment = shape === 'window' ? Math.min(at + step, end) - 1 : Math.min(at + step / 2, end - 1);
        const values = parts.map((id) => {
          const known = cells.get(id);
          const value = known ? cellAt(known.cells.usual, holdOf(metric), minuteIn(day, moment)) : NaN;
          return Number.isNaN(value) ? (normal.usual(id, metric, moment) ?? NaN) : value;
        });
        points.push([at, parts.length === 1 ? sumOf(values, []) : nearlyAll(values)]);
      }
    }
    return points;
  };
  return async (id: string, metric: MetricName, from: EpochMs, to: EpochMs, step: number): Promise<Point[]> => {
    const parts = partsOf(board, id);
    const { shape, group } = metricSpec(metric);
    if (parts.length === 0 || (board.unit(id)?.kind !== 'site' && group !== 'sum')) return [];
    const points = await (shape === 'since-midnight' ? counts : moments)(parts, metric, from, to, step);
    return points.some(([, value]) => value !== null) ? points : [];
  };
}

/** Sum of what is known; null when a part of those that should be is not. */
function sumOf(learned: readonly number[], published: readonly (number | null)[]): number | null {
  const known = learned.filter((value) => !Number.isNaN(value));
  if (known.length < learned.length * NEARLY_ALL || published.includes(null)) return null;
  if (known.length + published.length === 0) return null;
  return [...known, ...published].reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Sum over the parts that are known; null when more than a few are not. */
export function nearlyAll(values: readonly number[]): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0 || known.length < values.length * NEARLY_ALL) return null;
  return known.reduce((sum, value) => sum + value, 0);
}
