import { SERVICE_KINDS } from '#shared/model/site-kind.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';
import type { BoardView, Normal } from '../domain/ports.ts';

export type Point = [EpochMs, number | null];

/** An own normal that can be summed over sites, bucket by bucket; empty for a metric that it does not count. */
export interface SeriesNormal extends Normal {
  usualSeries(
    siteIds: readonly string[],
    metric: MetricName,
    from: EpochMs,
    to: EpochMs,
    step: number,
  ): readonly (readonly [EpochMs, number | null])[];
}

/** Bucket starts by London day, so that they align to midnight across a day of 23 or 25 hours. */
export function buckets(from: EpochMs, to: EpochMs, step: number): EpochMs[] {
  const starts: EpochMs[] = [];
  for (let day = dayStart(from); day < to; day = dayEnd(day)) {
    const end = Math.min(dayEnd(day), to);
    for (let at = day; at < end; at += step) if (at + step > from) starts.push(at);
  }
  return starts;
}

/** The practices at and beneath a unit. */
function practicesOf(board: BoardView, id: string): string[] {
  const { units } = board.definition;
  const within = new Set([id]);
  // Parents come before their children in a definition.
  for (const unit of units) if (unit.parent !== null && within.has(unit.parent)) within.add(unit.id);
  const isPractice = (kind: (typeof units)[number]['siteKind']) => kind !== null && !SERVICE_KINDS.includes(kind);
  return units.flatMap((unit) => (within.has(unit.id) && isPractice(unit.siteKind) ? unit.id : []));
}

/**
 * Own normal of a unit over buckets: what is usual within each for counts (groups: summed over their practices), what
 * is usual at its middle for the other metrics of a single site. Empty where nothing is known.
 */
export function createUsual(board: BoardView, normal: SeriesNormal) {
  return (id: string, metric: MetricName, from: EpochMs, to: EpochMs, step: number): Point[] => {
    const practices = practicesOf(board, id);
    const counts: Point[] = [];
    for (let day = dayStart(from); day < to; day = dayEnd(day)) {
      const end = Math.min(dayEnd(day), to);
      for (const [at, value] of normal.usualSeries(practices, metric, day, end, step)) {
        if (at + step > from) counts.push([at, value]);
      }
    }
    if (counts.length > 0 || board.unit(id)?.kind !== 'site') return counts;
    const points = buckets(from, to, step).map((at): Point => [at, normal.usual(id, metric, at + step / 2)]);
    return points.some(([, value]) => value !== null) ? points : [];
  };
}
