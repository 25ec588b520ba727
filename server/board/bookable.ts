import type { EpochMs } from '#shared/model/time.ts';
import type { SiteSlots, SlotGroup } from '../domain/ports.ts';
import { METRIC_INDEX } from './layout.ts';
import { slotsNow } from './site-inputs.ts';
import { instanceNow, placeOf } from './sources.ts';
import type { World } from './world.ts';

/** Today's slots of a site one by one, or what was last told of them: the same that its counts are made of. */
export function siteSlots(world: World, id: string, at: EpochMs): SiteSlots | null {
  const index = world.layout.indexOf.get(id) ?? -1;
  const site = world.layout.sites[index];
  const state = world.sites[index];
  if (!site || !state) return null;
  const start = world.days.start(at);
  const end = world.days.end(at);
  const ofToday = (groups: readonly SlotGroup[]) => groups.filter((group) => group.start >= start && group.start < end);
  const instance = instanceNow(site, state, METRIC_INDEX['slots.free']);
  const tellsTaken = instance >= 0 && placeOf(site, METRIC_INDEX['slots.booked'], instance) >= 0;
  const common = { feed: world.layout.instances[instance]?.id ?? null, tellsTaken, served: site.served };
  const now = slotsNow(world, site, state, at);
  if (now) return { ...common, now: ofToday(now.groups), last: null };
  const told = state.slots.get(instance);
  const observedAt = world.feeds[instance]?.observedAt ?? null;
  const last =
    told && observedAt !== null && told.observedAt >= start ? { groups: ofToday(told.groups), observedAt } : null;
  return { ...common, now: null, last };
}
