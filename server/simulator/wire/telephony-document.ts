import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant } from '#shared/model/time.ts';
import { codeOf } from '../directory.ts';
import type { Day } from '../world/day.ts';
import { queueStateAt } from '../world/telephony.ts';
import type { World } from '../world/world.ts';

/** `telephony-queues` of the contract: one document with every practice of a supplier. */
export function telephonyDocument(world: World, sites: readonly UnitDef[], day: Day, at: number): string {
  const wall = day.wallAt(at);
  const queues = sites.flatMap((site) => {
    const calls = world.calls(site, day);
    if (!calls) return [];
    const { inbound, endedInIvr, answered, answeredWithin2Minutes, missed, callbacksRequested, callbacksMade, ...now } =
      queueStateAt(calls, wall);
    return {
      odsCode: codeOf(site),
      ...now,
      sinceMidnight: {
        inbound,
        endedInIvr,
        answered,
        answeredWithin2Minutes,
        missed,
        callbacksRequested,
        callbacksMade,
      },
    };
  });
  return JSON.stringify({ generatedAt: toInstant(at), queues });
}
