import { METRIC_NAMES, metricSpec, type MetricName } from '#shared/model/metrics.ts';

/** Measured against usual itself, said by people, or the same as another metric in other words. */
const NOT_LEARNED: ReadonlySet<MetricName> = new Set<MetricName>([
  'calls.against-usual',
  'calls.wait',
  'declared.level',
  'practices.without-slots',
  'slots.free-minutes',
  'slots.held',
  'appointments.unmapped',
]);

/** Metrics whose own past is learned: whatever a site can be judged by, and what charts show beside it. */
export const LEARNED: readonly MetricName[] = METRIC_NAMES.filter((name) => {
  const { measure, shape } = metricSpec(name);
  return measure !== 'epoch-ms' && shape !== 'daily' && !NOT_LEARNED.has(name);
});

/**
 * What stands for a quarter hour: `mean` over its time (lengths of queues, waits), the value at its `end` (windows and
 * shares, which tell of the time before), or the running `total` at its end. Totals rather than rises: the median of
 * small rises is nothing, and a day's medians would not add up to a day.
 */
export type Hold = 'mean' | 'end' | 'total';

export function holdOf(metric: MetricName): Hold {
  const { shape, measure } = metricSpec(metric);
  if (shape === 'since-midnight') return 'total';
  return shape === 'window' || measure === 'share' || measure === 'ratio' ? 'end' : 'mean';
}

/** Counts grow with the list; a score of 0 to 100 is none. */
export const growsWithList = (metric: MetricName): boolean =>
  metricSpec(metric).measure === 'count' && metric !== 'pressure.score';
