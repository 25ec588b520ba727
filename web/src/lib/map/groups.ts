import type { Unit } from '$shared/model/unit';
import { ancestors } from '../control/tree.ts';
import type { Boundaries } from './geo.ts';
import type { Named } from './place-names.ts';

/** What the drawn units fall into: whatever lies directly beneath what is looked at, with its land. */
export function groupsOf(
  units: ReadonlyMap<string, Unit>,
  focus: string,
  shown: readonly Unit[],
  boundaries: Boundaries | null,
): Named[] {
  const found = new Map<string, { name: string; members: string[]; lands: string[] }>();
  const groupOf = (unit: Unit): Unit | null => {
    const line = [...ancestors(units, unit), unit];
    const at = line.findIndex(({ id }) => id === focus);
    return at === -1 ? null : (line[at + 1] ?? null);
  };
  for (const unit of shown) {
    const group = groupOf(unit);
    // A unit that is drawn itself needs no group to name it.
    if (!group || group.kind === 'site' || (group.id === unit.id && !hasLand(boundaries, group.id))) continue;
    const known = found.get(group.id) ?? { name: group.name, members: [], lands: [] };
    known.members.push(unit.id);
    found.set(group.id, known);
  }
  for (const { id } of boundaries?.places ?? []) {
    const unit = units.get(id);
    const group = unit && groupOf(unit);
    if (group) found.get(group.id)?.lands.push(id);
  }
  return [...found].map(([id, group]) => ({ id, ...group }));
}

const hasLand = (boundaries: Boundaries | null, id: string) =>
  boundaries?.places.some((place) => place.id === id) ?? false;
