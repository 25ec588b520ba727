import type { Unit } from '$shared/model/unit';
import type { EpochMs } from '$shared/model/time';
import { ancestors } from '../control/tree.ts';
import { isClosed } from '../format/closed.ts';
import { atHour } from '../format/time.ts';
import { centreOf, kilometres } from './distance.ts';
import { freeFrom } from './hours.ts';

/** What one place needs and what its own hubs still have today. */
export interface PlaceRoom {
  readonly unit: Unit;
  /** Patients waiting without a slot at their own practice, estimated; null: not known, or the place is closed. */
  readonly waiting: number | null;
  /** Slots that its known hubs have free before 8pm; null: it has hubs, and none of them is known. */
  readonly free: number | null;
  /** Free less waiting: above 0 to spare, below 0 short; null where either is not known. */
  readonly spare: number | null;
  /** Hubs beneath it. */
  readonly hubs: number;
  /** Of them, open ones of which nothing is known: in no sum, so `free` may be more. */
  readonly silent: readonly Unit[];
  /** Nobody is there to wait: neither none nor unknown. */
  readonly closed: boolean;
}

/** Places in the order of their need: the shortest first, those of which too little is known last. */
export interface Room {
  readonly places: readonly PlaceRoom[];
  /** Sum over the places whose figure is known; null where none is. */
  readonly waiting: number | null;
  /** Of every known hub, those that stand beneath no single place included; null where no hub is known. */
  readonly free: number | null;
  /** Of `free`: slots of hubs that serve the whole system and so belong to no place. */
  readonly shared: number;
  readonly silent: readonly Unit[];
}

/** Of whom need and capacity are compared: the places beneath the system, else its neighbourhoods. */
export function placesOf(units: ReadonlyMap<string, Unit>, systemId: string): Unit[] {
  const all = [...units.values()];
  const places = all.filter(({ kind, parent }) => kind === 'place' && parent === systemId);
  return places.length > 0 ? places : all.filter(({ kind }) => kind === 'neighbourhood');
}

/** Hubs that are open and of which nothing is known: their slots are in no sum. */
export function silentHubs(units: ReadonlyMap<string, Unit>): Unit[] {
  return [...units.values()]
    .filter((unit) => unit.siteKind === 'hub' && unit.level === null && !isClosed(unit))
    .sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
}

/** Who is short of slots today and who has some to spare, from the overview of a system. */
export function roomOf(units: ReadonlyMap<string, Unit>, systemId: string, now: EpochMs): Room {
  const until = atHour(now, 20);
  const groups = placesOf(units, systemId);
  const silent = silentHubs(units);
  const hubs = [...units.values()].filter(({ siteKind }) => siteKind === 'hub');
  const places = groups.map((unit) => roomOfPlace(unit, hubsBeneath(units, hubs, unit.id), silent, now, until));
  const waits = places.flatMap(({ waiting }) => waiting ?? []);
  const ofPlaces = sum(places.map(({ free }) => free ?? 0));
  const system = units.get(systemId);
  const all = system ? freeFrom(system.slotHours, now, until) : ofPlaces;
  const known = hubs.length > silent.length;
  return {
    places: places.sort(
      (a, b) => (a.spare ?? Infinity) - (b.spare ?? Infinity) || a.unit.name.localeCompare(b.unit.name, 'en-GB'),
    ),
    waiting: waits.length > 0 ? sum(waits) : null,
    free: known ? all : null,
    shared: Math.max(0, all - ofPlaces),
    silent,
  };
}

function roomOfPlace(
  unit: Unit,
  hubs: readonly Unit[],
  silentOnes: readonly Unit[],
  now: EpochMs,
  until: EpochMs,
): PlaceRoom {
  const silent = silentOnes.filter((hub) => hubs.includes(hub));
  const waiting = unit.metrics['patients.without-slot']?.value ?? null;
  const free = hubs.length > 0 && silent.length === hubs.length ? null : freeFrom(unit.slotHours, now, until);
  const spare = waiting === null || free === null ? null : free - waiting;
  return { unit, waiting, free, spare, hubs: hubs.length, silent, closed: isClosed(unit) };
}

const hubsBeneath = (units: ReadonlyMap<string, Unit>, hubs: readonly Unit[], id: string) =>
  hubs.filter((hub) => ancestors(units, hub).some((above) => above.id === id));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The nearest place with slots to spare, and how far its people are from those of the one that is short. */
export interface NearestSpare {
  readonly place: PlaceRoom;
  readonly km: number;
}

/** Null where nobody has any to spare, or where no positions are known. */
export function nearestSpare(units: ReadonlyMap<string, Unit>, room: Room, placeId: string): NearestSpare | null {
  const centre = (id: string) =>
    centreOf(
      [...units.values()].filter(
        (unit) => unit.siteKind === 'practice' && ancestors(units, unit).some((above) => above.id === id),
      ),
    );
  const here = centre(placeId);
  if (!here) return null;
  let best: NearestSpare | null = null;
  for (const place of room.places) {
    if (place.unit.id === placeId || (place.spare ?? 0) <= 0) continue;
    const there = centre(place.unit.id);
    const km = there ? kilometres(here, there) : Infinity;
    if (km < (best?.km ?? Infinity)) best = { place, km };
  }
  return best;
}
