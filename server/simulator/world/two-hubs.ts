import type { Definition, UnitDef } from '#shared/model/definition.ts';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { dayOfDate, type Day } from './day.ts';
import type { OutsideChange, OutsideEvent } from './outside.ts';
import { FREE, statusesAt } from './slot-book.ts';
import { createWorld, type World } from './world.ts';

export const MONDAY = dayOfDate('2026-01-12');
export const national = sampleNational();
export const SEED = 11;

/** The sample with a second hub, 8 km to the north of everybody; each of the two has so many minutes a week. */
export function twoHubs(practices = 14, minutes = 6000): Definition {
  const sample = sampleDefinition(practices);
  const hub = sample.units.find((unit) => unit.id === 'SHUB1');
  if (!hub) throw new Error('no hub');
  const north = { lat: 53.572, lon: -2.2, approximate: false };
  const identifiers = { ...hub.identifiers, minutes: String(minutes) };
  const hubs = [
    { ...hub, identifiers },
    { ...hub, id: 'SHUB2', odsCode: 'SHUB2', position: north, identifiers },
  ];
  return { ...sample, units: [...sample.units.filter((unit) => unit !== hub), ...hubs] };
}

export const worldOf = (outside: readonly OutsideEvent[] = [], its = twoHubs()) =>
  createWorld({ definition: its, national, scenario: null, seed: SEED, outside });

export function unit(world: World, id: string): UnitDef {
  const found = world.sites.byId(id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

export const eventOf = (site: string, wall: number, changes: OutsideChange[], day: Day = MONDAY): OutsideEvent => ({
  seed: SEED,
  at: day.epochOf(wall),
  date: day.date,
  site,
  changes,
});

/** Free slots of the hub at `wall` that start at least so many seconds later. */
export function freeSlots(world: World, hub: string, wall: number, notice = 1800, day = MONDAY): number[] {
  const book = world.slots(unit(world, hub), day);
  const statuses = statusesAt(book, wall);
  return book.slots.flatMap((slot, i) => (statuses[i] === FREE && slot.start > wall + notice ? [i] : []));
}

/** Holds `count` of the hub's free slots for the practice; what the event was. */
export function hold(
  world: World,
  hub: string,
  wall: number,
  count: number,
  practice: string,
  until: number,
  need?: string,
): OutsideEvent {
  const changes = freeSlots(world, hub, wall)
    .slice(0, count)
    .map((slot) => ({
      ...({ slot, becomes: 'held', key: `k${wall}`, until: MONDAY.epochOf(until), for: practice } as const),
      ...(need === undefined ? {} : { need }),
    }));
  const event = eventOf(hub, wall, changes);
  world.take(event);
  return event;
}
