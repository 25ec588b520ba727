import type { Unit } from '$shared/model/unit';
import type { Hub } from '$shared/protocol/hubs';
import { ancestors } from '../control/tree.ts';
import { kilometres, sayKilometres } from './distance.ts';

/** Whom a chosen hub serves, or who serves a chosen practice, each with how far apart they are in words. */
export interface Serving {
  readonly chosen: string;
  readonly hub: boolean;
  /** Ids of the other side; the distance is empty where a position is not known. */
  readonly others: ReadonlyMap<string, string>;
}

/** Null where nothing is chosen, or what is chosen is not in view. */
export function servingOf(
  chosen: string | null,
  units: ReadonlyMap<string, Unit>,
  hubs: readonly Hub[],
  practices: readonly string[],
): Serving | null {
  const unit = chosen === null ? undefined : units.get(chosen);
  if (!unit) return null;
  const hub = hubs.find(({ id }) => id === unit.id);
  if (hub) {
    const served = practices.filter((id) => isBeneath(units, id, hub.parent));
    return { chosen: unit.id, hub: true, others: distances(unit, served, units) };
  }
  if (!practices.includes(unit.id)) return null;
  const serving = hubs.filter(({ parent }) => isBeneath(units, unit.id, parent)).map(({ id }) => id);
  return { chosen: unit.id, hub: false, others: distances(unit, serving, units) };
}

function isBeneath(units: ReadonlyMap<string, Unit>, id: string, group: string | null): boolean {
  const unit = units.get(id);
  return unit !== undefined && ancestors(units, unit).some((above) => above.id === group);
}

function distances(from: Unit, ids: readonly string[], units: ReadonlyMap<string, Unit>): ReadonlyMap<string, string> {
  return new Map(
    ids.map((id) => {
      const there = units.get(id)?.position;
      return [id, from.position && there ? sayKilometres(kilometres(from.position, there)) : ''];
    }),
  );
}
