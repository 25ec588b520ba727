import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryCaller } from '../canaries.ts';
import { uuidOf } from '../random.ts';
import type { Day } from '../world/day.ts';
import { queueStateAt } from '../world/telephony.ts';
import type { World } from '../world/world.ts';

/** Metrics that the query asks for, and those of which it wants the conversations too. */
export interface ObservationsWanted {
  readonly metrics: ReadonlySet<string>;
  readonly details: ReadonlySet<string>;
}

/**
 * Genesys Cloud's answer to a query of queue observations, by queue and media type, with the waiting conversations
 * themselves (`detailMetrics`). It says nothing of its own time; a wait is told by when the conversation began.
 */
export function queueObservations(
  world: World,
  sites: readonly UnitDef[],
  wanted: ObservationsWanted,
  day: Day,
  at: EpochMs,
  stamp: EpochMs,
): string {
  const wall = day.wallAt(at);
  const results = sites.flatMap((site) => {
    const calls = world.calls(site, day);
    if (!calls) return [];
    const state = queueStateAt(calls, wall);
    const queueId = site.identifiers['queue'] ?? '';
    const oldest = stamp - state.longestWaitSeconds * 1000;
    const details = wanted.details.has('oWaiting') ? { observations: waiting(site, state.waiting, oldest, stamp) } : {};
    const groups = [
      {
        group: { queueId },
        data: [
          observed('oOnQueueUsers', state.handlersFree, 'IDLE'),
          observed('oOnQueueUsers', state.handlersOnCall, 'INTERACTING'),
        ],
      },
      {
        group: { queueId, mediaType: 'voice' },
        data: [observed('oInteracting', state.handlersOnCall), { ...observed('oWaiting', state.waiting), ...details }],
      },
      { group: { queueId, mediaType: 'callback' }, data: [observed('oWaiting', state.callbacksWaiting)] },
    ];
    return groups.map(({ group, data }) => ({ group, data: data.filter(({ metric }) => wanted.metrics.has(metric)) }));
  });
  return JSON.stringify({ results });
}

const observed = (metric: string, count: number, qualifier?: string) => ({
  metric,
  ...(qualifier === undefined ? {} : { qualifier }),
  stats: { count },
});

/** Conversations in the queue, the oldest first; when the others came is not known better than that it was later. */
function waiting(site: UnitDef, count: number, oldest: EpochMs, at: EpochMs) {
  return Array.from({ length: Math.min(count, 100) }, (_, i) => {
    const caller = canaryCaller(site.id, Math.floor(oldest / 1000), i);
    return {
      observationDate: toInstant(oldest + Math.floor(((at - oldest) * i) / Math.max(1, count))),
      conversationId: uuidOf(site.id, oldest, i),
      sessionId: uuidOf(site.id, oldest, i, 'session'),
      routingPriority: 0,
      participantName: caller.name,
      ani: `tel:${caller.telephone}`,
      direction: 'inbound',
    };
  });
}
