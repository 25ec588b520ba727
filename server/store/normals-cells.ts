import type { MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { SiteCells } from '../domain/normal/metric-day.ts';
import { metricCellsOf, type BuildDeps } from './normals-build.ts';

/** A day of one metric of all sites is some hundred kilobytes; charts ask for the same few again and again. */
const MOST_KEPT = 24;

/** Cells of days by metric, told from the store and kept for a while: the least lately asked for goes first. */
export function createDayCells(deps: BuildDeps) {
  let kept = new Map<string, Promise<ReadonlyMap<string, SiteCells>>>();
  return {
    of(day: EpochMs, metric: MetricName): Promise<ReadonlyMap<string, SiteCells>> {
      const key = `${metric} ${day}`;
      const known = kept.get(key);
      const cells = known ?? metricCellsOf(deps, day, metric);
      kept.delete(key);
      kept.set(key, cells);
      // A failure is for those who asked; the next one asks again.
      if (known === undefined) cells.catch(() => kept.delete(key));
      const oldest = kept.keys().next().value;
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return cells;
    },
    /** Something was learned since. */
    forget(): void {
      kept = new Map();
    },
  };
}
