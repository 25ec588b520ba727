import type { SlotHour, Unit } from '$shared/model/unit';
import { HOUR, type EpochMs } from '$shared/model/time';
import { ancestors } from '../control/tree.ts';

/** Free hub slots of one place by hour; null where the place has no bookable hour then. */
export interface HubRow {
  readonly unit: Unit;
  /** Free from now to the end of the day. */
  readonly free: number;
  readonly hours: readonly (SlotHour | null)[];
}

/**
 * Whose slots are the rows: these groups; where a hub stands beneath none of them, what it stands beneath, in place of
 * the groups that this holds, so that no hub is summed twice.
 */
export function hubHolders(units: ReadonlyMap<string, Unit>, groups: readonly Unit[]): Unit[] {
  const known = new Set(groups.map(({ id }) => id));
  const apart = new Map<string, Unit>();
  for (const unit of units.values()) {
    if (unit.siteKind !== 'hub') continue;
    const above = ancestors(units, unit);
    const parent = above.at(-1);
    if (parent && !above.some(({ id }) => known.has(id))) apart.set(parent.id, parent);
  }
  return [...apart.values(), ...groups].filter((unit) => !ancestors(units, unit).some(({ id }) => apart.has(id)));
}

/** Rows with hub slots, most free first; columns are the hours that start in [from, to). */
export function hubRows(units: readonly Unit[], from: EpochMs, to: EpochMs, now: EpochMs): HubRow[] {
  const starts = Array.from({ length: Math.round((to - from) / HOUR) }, (_gap, index) => from + index * HOUR);
  return units
    .filter((unit) => unit.slotHours.length > 0)
    .map((unit) => ({
      unit,
      free: freeFrom(unit.slotHours, now),
      hours: starts.map((start) => unit.slotHours.find((hour) => hour.from === start) ?? null),
    }))
    .sort((a, b) => b.free - a.free || a.unit.name.localeCompare(b.unit.name));
}

/** Free slots in hours that have not ended and start before `until`. The server counts a slot as free only while it has not begun. */
export function freeFrom(hours: readonly SlotHour[], now: EpochMs, until = Infinity): number {
  return hours.reduce((sum, hour) => (hour.from + HOUR > now && hour.from < until ? sum + hour.free : sum), 0);
}
