import type { EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { freeFrom } from '../hubs/hours.ts';

/** Free hub slots of a unit to the end of the day; null where it has no hubs, or where nothing is known of its one. */
export function freeSlots(unit: Unit, now: EpochMs): number | null {
  if (unit.siteKind === 'hub' && unit.level === null && unit.open !== false) return null;
  return unit.slotHours.length === 0 ? null : freeFrom(unit.slotHours, now);
}
