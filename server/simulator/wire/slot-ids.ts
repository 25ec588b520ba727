import type { UnitDef } from '#shared/model/definition.ts';
import { hash32 } from '../random.ts';
import type { Day } from '../world/day.ts';

/**
 * The ids of a day's slots at a site, by their place in its book. A number that an earlier slot already has gives way to
 * another: no two are the same, and none depends on those that come after it.
 */
export function slotIds(site: Pick<UnitDef, 'id'>, day: Pick<Day, 'date'>, count: number): string[] {
  return distinct(count, (index, turn) =>
    turn === 0 ? hash32(site.id, day.date, index) : hash32(site.id, day.date, index, turn),
  );
}

/** `draw` is asked again, with the next turn, for a number that is taken. */
export function distinct(count: number, draw: (index: number, turn: number) => number): string[] {
  const ids = new Set<string>();
  for (let index = 0; index < count; index++) {
    let turn = 0;
    while (ids.size === index) ids.add(`slot-${draw(index, turn++).toString(36)}`);
  }
  return [...ids];
}
