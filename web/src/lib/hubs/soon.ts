import { HOUR, type EpochMs } from '$shared/model/time';
import type { SlotHour } from '$shared/model/unit';
import type { Hub, HubSlot } from '$shared/protocol/hubs';

/** Free slots of one hub that begin soon, and will go unfilled unless somebody is sent there. */
export interface SoonRow {
  readonly hub: Hub;
  readonly free: number;
  /** Those that are known one by one. */
  readonly slots: readonly HubSlot[];
  /** Of a hub that is known by the hour: the hours that begin within two hours, and have some free. */
  readonly hours: readonly SlotHour[];
}

export const SOON = 2 * HOUR;

/** Hubs with free slots within the next two hours, most first; each hub's slots in the order of their start. */
export function unfilledSoon(hubs: readonly Hub[], now: EpochMs): SoonRow[] {
  return hubs
    .map((hub) => {
      const slots = (hub.slots ?? []).filter(({ start, free }) => free > 0 && start >= now && start < now + SOON);
      const hours = hub.slots
        ? []
        : hub.hours.filter(({ from, free }) => free > 0 && from + HOUR > now && from + HOUR <= now + SOON);
      const free = [...slots, ...hours].reduce((sum, each) => sum + each.free, 0);
      return { hub, slots: slots.sort((a, b) => a.start - b.start), hours, free };
    })
    .filter(({ free }) => free > 0)
    .sort((a, b) => b.free - a.free || a.hub.name.localeCompare(b.hub.name, 'en-GB'));
}
