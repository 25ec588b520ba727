import type { EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { ancestors } from '../control/tree.ts';
import { sayCount, sayNumber } from '../format/numbers.ts';
import { sayKilometres } from '../hubs/distance.ts';
import { areaRow } from '../hubs/need.ts';
import { nearestSpare, roomOf, type Room } from '../hubs/room.ts';
import { nearestOf } from './catchment.ts';
import { beneath, type Grain } from './drawn.ts';
import { freeSlots } from './free-slots.ts';

/** Slots that are left somewhere: of a hub those that are free, of a place those beyond its own need. */
export interface Spare {
  readonly unit: Unit;
  readonly km: number;
  readonly slots: number;
}

/** So many patients without a slot of one unit, and where the nearest slots are. Nobody has offered them yet. */
export interface Flow {
  readonly from: string;
  /** Drawn units amid which it starts; empty: where `from` itself is drawn. */
  readonly amid: readonly string[];
  readonly to: string;
  readonly patients: number;
  /** The whole of it in words, for those who do not see the arrow. */
  readonly words: string;
}

/** Who waits and the nearest slots for them, of what is looked at. */
export interface SpareView {
  readonly flows: readonly Flow[];
  /** What the arrows leave out, or why there is none, in a sentence; empty: nothing. */
  readonly note: string;
  /** Patients waiting without a slot in a unit, or around a practice; null: not known. */
  readonly waiting: (unit: Unit) => number | null;
  readonly nearest: (unit: Unit) => Spare | null;
}

/** Between places what one has beyond its own need; between finer units the free slots of single hubs. */
export function spareView(
  units: ReadonlyMap<string, Unit>,
  focus: string,
  grain: Grain,
  hubs: readonly Unit[],
  now: EpochMs,
): SpareView {
  const inside = new Map(beneath(units, focus).map((unit) => [unit.id, unit]));
  return grain.kind === 'place' ? betweenPlaces(inside, focus, now) : toHubs(inside, grain, hubs, now);
}

function betweenPlaces(inside: ReadonlyMap<string, Unit>, focus: string, now: EpochMs): SpareView {
  const room = roomOf(inside, focus, now);
  const nearest = (unit: Unit): Spare | null => {
    const found = nearestSpare(inside, room, unit.id);
    return found && { unit: found.place.unit, km: found.km, slots: Math.round(found.place.spare ?? 0) };
  };
  const flows = room.places.flatMap(({ unit, spare }): Flow[] => {
    const to = spare !== null && spare < 0 ? nearest(unit) : null;
    if (spare === null || !to) return [];
    const patients = Math.round(Math.min(-spare, to.slots));
    return [{ from: unit.id, amid: [], to: to.unit.id, patients, words: sayFlow(patients, unit, to, 'to spare') }];
  });
  const note = flows.length > 0 ? '' : whyNoPlace(room);
  return { flows, note, waiting: (unit) => areaRow(unit).waiting, nearest };
}

function whyNoPlace({ places }: Room): string {
  const known = places.filter(({ spare }) => spare !== null);
  if (known.length === 0) return 'No arrows: who waits, or what is free for them, is not known of any place.';
  if (known.every(({ spare }) => (spare ?? 0) >= 0)) return 'No arrows: no place is known to be short of slots.';
  return known.some(({ spare }) => (spare ?? 0) > 0)
    ? 'No arrows: how far the places are apart is not known.'
    : 'No arrows: no place has slots to spare.';
}

function toHubs(inside: ReadonlyMap<string, Unit>, grain: Grain, hubs: readonly Unit[], now: EpochMs): SpareView {
  const areas = [...inside.values()]
    .filter(({ kind }) => kind === 'neighbourhood')
    .map((unit) => areaRow(unit))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const free = hubs.filter((hub) => (freeSlots(hub, now) ?? 0) > 0);
  const nearest = (unit: Unit): Spare | null => {
    const found = nearestOf(unit, free);
    return found && { ...found, slots: freeSlots(found.unit, now) ?? 0 };
  };
  const short = areas.filter(({ waiting }) => Math.round(waiting ?? 0) > 0);
  const flows = short.flatMap(({ id, unit, waiting }): Flow[] => {
    const to = unit ? nearest(unit) : null;
    if (!unit || !to) return [];
    const patients = Math.round(waiting ?? 0);
    const amid = grain.units.filter((each) => each.id === id || isBeneath(inside, each, id)).map((each) => each.id);
    return [{ from: id, amid, to: to.unit.id, patients, words: sayFlow(patients, unit, to, 'free') }];
  });
  const open = areas.filter(({ closed }) => !closed);
  const dark = open.filter(({ waiting }) => waiting === null).length;
  const why =
    short.length === 0
      ? whyNobody(open.length, dark)
      : free.length === 0
        ? whyNoSlots(hubs, now)
        : 'how far the hubs are is not known.';
  return {
    flows,
    note: flows.length === 0 ? `No arrows: ${why}` : sayDark(dark),
    waiting: (unit) => waitingAround(inside, unit),
    nearest,
  };
}

function whyNobody(open: number, dark: number): string {
  if (open === 0) return 'no neighbourhood here is open.';
  if (dark === open) return 'how many wait without a slot is not known.';
  return dark === 0
    ? 'nobody waits without a slot.'
    : `nobody is known to wait without a slot; of ${sayCount(dark, 'neighbourhood')} it is not known.`;
}

function whyNoSlots(hubs: readonly Unit[], now: EpochMs): string {
  if (hubs.length === 0) return 'there are no hubs here.';
  return hubs.some((hub) => freeSlots(hub, now) !== null)
    ? 'no hub is known to have free slots left today.'
    : 'what the hubs have free is not known.';
}

const sayDark = (dark: number) =>
  dark === 0 ? '' : `Who waits in ${sayCount(dark, 'more neighbourhood')} is not known.`;

/** Of a practice nothing but its neighbourhood's figure is in an overview. */
function waitingAround(inside: ReadonlyMap<string, Unit>, unit: Unit): number | null {
  const area = unit.kind === 'site' ? ancestors(inside, unit).findLast(({ kind }) => kind === 'neighbourhood') : unit;
  return area ? areaRow(area).waiting : null;
}

const isBeneath = (units: ReadonlyMap<string, Unit>, unit: Unit, id: string) =>
  ancestors(units, unit).some((above) => above.id === id);

function sayFlow(patients: number, from: Unit, { unit, km, slots }: Spare, left: string): string {
  const waiting = `${sayCount(patients, 'patient')} without a slot in ${from.name}`;
  return `${waiting}: nearest is ${unit.name}, ${sayKilometres(km)} away, ${sayNumber(slots)} ${left}`;
}
