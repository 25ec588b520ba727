import type { SlotHour, Unit } from '$shared/model/unit';
import type { Hub, Hubs } from '$shared/protocol/hubs';
import { ancestors } from '../control/tree.ts';
import type { PlaceRoom, Room } from './room.ts';

/** One row of the timetable: a hub with its slots, or a place with the sums of its hubs. */
export type TimetableRow =
  | {
      readonly kind: 'hub';
      readonly id: string;
      readonly hub: Hub;
      readonly unit: Unit | undefined;
      /** Stands beneath its place's own row. */
      readonly nested: boolean;
    }
  | {
      readonly kind: 'place';
      readonly id: string;
      readonly unit: Unit;
      readonly room: PlaceRoom | undefined;
      readonly hours: readonly SlotHour[];
      readonly hubs: readonly Hub[];
      readonly open: boolean;
    };

/** Hub rows: those of which something is known first, most free first. */
function hubRowsOf(hubs: readonly Hub[], units: ReadonlyMap<string, Unit>, nested = false): TimetableRow[] {
  const free = (hub: Hub) => hub.metrics['slots.free']?.value ?? -1;
  return [...hubs]
    .sort((a, b) => free(b) - free(a) || a.name.localeCompare(b.name, 'en-GB'))
    .map((hub) => ({ kind: 'hub', id: hub.id, hub, unit: units.get(hub.id), nested }));
}

export interface RowsInput {
  /** A row a place, which opens to its hubs; else a row a hub. */
  readonly folded: boolean;
  readonly hubs: readonly Hub[];
  readonly units: ReadonlyMap<string, Unit>;
  readonly room: Room | null;
  /** Place that is open, and its own hubs as far as they have come. */
  readonly open: string | null;
  readonly opened: Hubs | null;
  readonly find: string;
}

/** Rows of the timetable: hubs of a place, or places of the system, the open one with its hubs after it. */
export function rowsOf({ folded, hubs, units, room, open, opened, find }: RowsInput): TimetableRow[] {
  const wanted = find.trim().toLocaleLowerCase('en-GB');
  const matches = ({ name }: Hub) => name.toLocaleLowerCase('en-GB').includes(wanted);
  const some = wanted && hubs.some(matches);
  if (!folded || room === null) return hubRowsOf(some ? hubs.filter(matches) : hubs, units);
  if (some) return hubRowsOf(hubs.filter(matches), units);
  const beneath = (hub: Hub, id: string) => {
    const unit = units.get(hub.id);
    return unit !== undefined && ancestors(units, unit).some((above) => above.id === id);
  };
  const ofPlaces = room.places.flatMap((each): TimetableRow[] => {
    const { unit } = each;
    const own = hubs.filter((hub) => beneath(hub, unit.id));
    const isOpen = open === unit.id;
    const row: TimetableRow = {
      ...{ kind: 'place', id: unit.id, unit, room: each, hours: unit.slotHours },
      ...{ hubs: own, open: isOpen },
    };
    // Until its slots have come, the hours stand for them.
    const within = opened?.place === unit.id ? opened.hubs.filter((hub) => beneath(hub, unit.id)) : own;
    return isOpen ? [row, ...hubRowsOf(within, units, true)] : [row];
  });
  const apart = hubs.filter((hub) => !room.places.some(({ unit }) => beneath(hub, unit.id)));
  return [...ofPlaces, ...hubRowsOf(apart, units)];
}

export const countHubs = (units: ReadonlyMap<string, Unit>): number =>
  [...units.values()].filter(({ siteKind }) => siteKind === 'hub').length;
