import type { Unit } from '$shared/model/unit';
import { sortMembers } from './members.ts';

/** Ancestors of a unit, the system first. */
export function ancestorsOf(units: ReadonlyMap<string, Unit>, unit: Unit): Unit[] {
  const found: Unit[] = [];
  for (let id = unit.parent; id !== null && found.length < 12;) {
    const parent = units.get(id);
    if (!parent) break;
    found.unshift(parent);
    id = parent.parent;
  }
  return found;
}

/** The hardest pressed of the same kind under the same parent. */
export function siblingsOf(units: ReadonlyMap<string, Unit>, unit: Unit, most: number): Unit[] {
  const beside = [...units.values()].filter(
    (other) =>
      other.parent === unit.parent &&
      other.id !== unit.id &&
      other.kind === unit.kind &&
      (other.siteKind === 'practice') === (unit.siteKind === 'practice'),
  );
  return sortMembers(beside, 'pressure').slice(0, most);
}
