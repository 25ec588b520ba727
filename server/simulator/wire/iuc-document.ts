import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant } from '#shared/model/time.ts';
import { codeOf } from '../directory.ts';
import { dayOf, type Day } from '../world/day.ts';
import { urgentStateAt } from '../world/urgent.ts';
import type { World } from '../world/world.ts';

/** `iuc-queues` of the contract: every 111 and out-of-hours service of a supplier. */
export function iucDocument(world: World, sites: readonly UnitDef[], day: Day, at: number): string {
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
    };
  });
  return JSON.stringify({ generatedAt: toInstant(at), services });
}
