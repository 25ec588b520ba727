import type { SiteKind } from '$shared/model/site-kind';
import type { SlotHour, Unit } from '$shared/model/unit';
import { HOUR } from '$shared/model/time';
import { isClosed } from '../format/closed.ts';
import { attention } from './arrange.ts';
import { ancestors } from './tree.ts';

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
export function hubRows(units: readonly Unit[], from: number, to: number, now: number): HubRow[] {
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

/** Free slots in hours that have not ended. The server counts a slot as free only while it has not begun. */
export function freeFrom(hours: readonly SlotHour[], now: number): number {
  return hours.reduce((sum, hour) => (hour.from + HOUR > now ? sum + hour.free : sum), 0);
}

/** Hubs that are open and of which nothing is known: their slots are in no sum. */
export function silentHubs(units: ReadonlyMap<string, Unit>): Unit[] {
  return [...units.values()]
    .filter((unit) => unit.siteKind === 'hub' && unit.level === null && !isClosed(unit))
    .sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
}

const URGENT: readonly SiteKind[] = [
  'nhs111',
  'out-of-hours',
  'urgent-treatment',
  'acute-visiting',
  'clinical-response',
];

/** 111, out-of-hours and the other urgent services, worst first. */
export function urgentServices(units: ReadonlyMap<string, Unit>): Unit[] {
  return [...units.values()]
    .filter((unit) => unit.siteKind !== null && URGENT.includes(unit.siteKind))
    .sort(
      (a, b) =>
        attention(b) - attention(a) ||
        URGENT.indexOf(a.siteKind ?? 'pharmacy') - URGENT.indexOf(b.siteKind ?? 'pharmacy') ||
        a.name.localeCompare(b.name),
    );
}
