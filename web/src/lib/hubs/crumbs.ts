import type { Unit } from '$shared/model/unit';
import type { Level } from '$shared/model/level-words';
import { ancestors } from '../control/tree.ts';

interface Crumb {
  readonly name: string;
  readonly href: string;
  readonly level: Level | null;
}

/** The way down to a place, itself last; `hrefOf` null: the hubs of all. */
export function crumbsOf(
  units: ReadonlyMap<string, Unit>,
  unit: Unit,
  systemId: string | null,
  hrefOf: (place: string | null) => string,
): Crumb[] {
  const way = [...ancestors(units, unit), ...(unit.id === systemId ? [] : [unit])];
  return way.map(({ id, name, level }) => ({ name, level, href: hrefOf(id === systemId ? null : id) }));
}

/** Names of what stands above a group, the system left out. */
export const namesAbove = (units: ReadonlyMap<string, Unit>, group: Unit, systemId: string | null): string[] =>
  ancestors(units, group)
    .filter(({ id }) => id !== systemId)
    .map(({ name }) => name);
