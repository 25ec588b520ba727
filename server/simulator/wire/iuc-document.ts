import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryCaller } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import { dayOf, type Day } from '../world/day.ts';
import { urgentStateAt } from '../world/urgent.ts';
import type { World } from '../world/world.ts';

/** `iuc-queues` of the contract: every 111 and out-of-hours service of a supplier. */
export function iucDocument(world: World, sites: readonly UnitDef[], day: Day, at: EpochMs, stamp: EpochMs): string {
  const wall = day.wallAt(at);
  const yesterday = dayOf(day.start - 1);
  const services = sites.map((site) => {
    const state = urgentStateAt(world.urgent(site, day), world.urgent(site, yesterday), wall);
    return {
      odsCode: codeOf(site),
      last15Minutes: {
        offered: state.offered,
        answered: state.answered,
        abandoned: state.abandoned,
        answeredIn60Seconds: state.answeredIn60Seconds,
      },
      queues: state.queues,
      shifts: { planned: state.planned, filled: state.filled },
      longestWaitingCase: canaryCaller(site.id, day.date, 'case'),
    };
  });
  return JSON.stringify({ generatedAt: toInstant(stamp), services });
}
