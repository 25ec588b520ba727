import type { UnitDef } from '#shared/model/definition.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { canaryCaller } from '../canaries.ts';
import type { Day } from '../world/day.ts';
import { queueStateAt, type QueueState } from '../world/telephony.ts';
import type { World } from '../world/world.ts';

/** Metrics of Amazon Connect's GetCurrentMetricData that this supplier's account has, with their units. */
const METRICS: Readonly<Record<string, { unit: 'COUNT' | 'SECONDS'; of: (state: QueueState) => number }>> = {
  CONTACTS_IN_QUEUE: { unit: 'COUNT', of: (state) => state.waiting },
  OLDEST_CONTACT_AGE: { unit: 'SECONDS', of: (state) => state.longestWaitSeconds },
  AGENTS_ON_CONTACT: { unit: 'COUNT', of: (state) => state.handlersOnCall },
  AGENTS_AVAILABLE: { unit: 'COUNT', of: (state) => state.handlersFree },
  CONTACTS_SCHEDULED: { unit: 'COUNT', of: (state) => state.callbacksWaiting },
};
export const isConnectMetric = (name: string) => Object.hasOwn(METRICS, name);

/**
 * GetCurrentMetricData, grouped by queue: one result a queue, with every metric asked for, in the order asked; the time
 * of the snapshot in seconds since 1970.
 */
export function connectMetrics(
  world: World,
  sites: readonly UnitDef[],
  metrics: readonly string[],
  day: Day,
  at: EpochMs,
  stamp: EpochMs,
): string {
  const wall = day.wallAt(at);
  const results = sites.flatMap((site) => {
    const calls = world.calls(site, day);
    if (!calls) return [];
    const state = queueStateAt(calls, wall);
    const id = site.identifiers['queue'] ?? '';
    return [
      {
        Collections: metrics.flatMap((name) => {
          const metric = METRICS[name];
          return metric ? [{ Metric: { Name: name, Unit: metric.unit }, Value: metric.of(state) }] : [];
        }),
        Dimensions: {
          Channel: 'VOICE',
          Queue: { Arn: `arn:aws:connect:eu-west-2:000000000000:instance/demonstration/queue/${id}`, Id: id },
        },
        LatestContact: canaryCaller(site.id, day.date, 'connect'),
      },
    ];
  });
  return JSON.stringify({
    ApproximateTotalCount: results.length,
    DataSnapshotTime: Math.floor(stamp / 1000),
    MetricResults: results,
  });
}
