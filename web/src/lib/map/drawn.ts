import type { Unit } from '$shared/model/unit';
import { ancestors } from '../control/tree.ts';

/** One way to divide what is looked at: `id` names it in an address. */
export interface Grain {
  readonly id: string;
  readonly kind: 'place' | 'neighbourhood' | 'practice';
  readonly units: readonly Unit[];
}

export const GRAIN_NOUNS: Readonly<Record<Grain['kind'], { one: string; many: string }>> = {
  place: { one: 'place', many: 'places' },
  neighbourhood: { one: 'neighbourhood', many: 'neighbourhoods' },
  practice: { one: 'practice', many: 'practices' },
};

/** So many circles are read at one look. */
const COMFORTABLE = 100;
/** More are not drawn: whoever wants them opens a place first. */
const MOST = 600;
/** Beyond this many the squares of hubs would hide the map. */
export const MOST_HUBS = 80;

/** Everything beneath a unit, and itself. */
export function beneath(units: ReadonlyMap<string, Unit>, id: string): Unit[] {
  const inside = new Map<string, boolean>([[id, true]]);
  const isInside = (unit: Unit): boolean => {
    const known = inside.get(unit.id);
    if (known !== undefined) return known;
    inside.set(unit.id, false);
    const parent = unit.parent === null ? undefined : units.get(unit.parent);
    const found = parent !== undefined && isInside(parent);
    inside.set(unit.id, found);
    return found;
  };
  return [...units.values()].filter(isInside);
}

/** How what lies beneath `focus` can be divided, coarsest first; what is too much for one map is left out. */
export function grainsOf(units: ReadonlyMap<string, Unit>, focus: string): Grain[] {
  // Always in one order: layouts hang on it, and units come in whatever order they changed.
  const members = beneath(units, focus)
    .filter(({ id, position }) => id !== focus && position !== null)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = members.filter(({ kind }) => kind === 'place');
  const byDepth = Map.groupBy(places, (unit) => ancestors(units, unit).length);
  const depths = [...byDepth].sort(([a], [b]) => a - b);
  const grains: Grain[] = [
    ...depths.map(([depth, found]): Grain => ({ id: `place-${depth}`, kind: 'place', units: found })),
    {
      id: 'neighbourhood',
      kind: 'neighbourhood',
      units: members.filter(({ kind }) => kind === 'neighbourhood'),
    },
    { id: 'practice', kind: 'practice', units: members.filter(({ siteKind }) => siteKind === 'practice') },
  ];
  return grains.filter(({ units: { length } }) => length > 0 && length <= MOST);
}

/** The one asked for, else the finest that is still read at one look. */
export function pickGrain(grains: readonly Grain[], asked: string | null): Grain | null {
  return (
    grains.find(({ id }) => id === asked) ??
    grains.findLast(({ units }) => units.length <= COMFORTABLE && units.length > 1) ??
    grains.at(-1) ??
    null
  );
}

/** Groups that can be looked into, outermost first, each with how deep it lies beneath the system. */
export function placesToOpen(units: ReadonlyMap<string, Unit>, systemId: string): { unit: Unit; depth: number }[] {
  const children = Map.groupBy(
    [...units.values()].filter(({ kind }) => kind === 'place'),
    ({ parent }) => parent,
  );
  const found: { unit: Unit; depth: number }[] = [];
  const add = (id: string, depth: number) => {
    const members = [...(children.get(id) ?? [])].sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
    for (const unit of members) {
      found.push({ unit, depth });
      add(unit.id, depth + 1);
    }
  };
  add(systemId, 0);
  return found;
}

export const idsOf = (units: readonly Unit[]): ReadonlySet<string> => new Set(units.map(({ id }) => id));

/** Hubs that can be drawn, always in one order. */
export function hubsAmong(units: readonly Unit[]): Unit[] {
  return units
    .filter(({ siteKind, position }) => siteKind === 'hub' && position !== null)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
