import type { Unit } from '$shared/model/unit';

/** A group of the day matrix and the units that may get a row in it. */
export interface Branch {
  readonly unit: Unit;
  readonly rows: readonly Unit[];
}

/** Which level of the hierarchy the rows are, and so what the matrix is called. */
export type RowKind = 'practice' | 'neighbourhood' | 'area';

export interface Tree {
  readonly rowKind: RowKind;
  readonly branches: readonly Branch[];
}

export const ROW_NOUNS: Readonly<Record<RowKind, { one: string; many: string }>> = {
  practice: { one: 'practice', many: 'practices' },
  neighbourhood: { one: 'neighbourhood', many: 'neighbourhoods' },
  area: { one: 'area', many: 'areas' },
};

/** Height in pixels that a group and a folded row take at least; together they must fit the first view. */
const GROUP_COST = 32;
const ROW_COST = 4;
const FIRST_VIEW = 720;

/**
 * The deepest level whose rows, all folded, still fit one view: practices for a town, neighbourhoods for a county of
 * ten places, integrated care boards for England.
 */
export function treeOf(units: ReadonlyMap<string, Unit>, systemId: string): Tree {
  const depth = depths(units);
  const areas = [...units.values()].filter((unit) => unit.kind === 'place' && unit.id !== systemId);
  const deepest = Math.max(1, ...areas.map((unit) => depth(unit)));
  const candidates: { rowKind: RowKind; rows: Unit[] }[] = [
    { rowKind: 'practice', rows: [...units.values()].filter((unit) => unit.siteKind === 'practice') },
    { rowKind: 'neighbourhood', rows: [...units.values()].filter((unit) => unit.kind === 'neighbourhood') },
    ...Array.from({ length: deepest }, (_gap, index) => ({
      rowKind: 'area' as const,
      rows: areas.filter((unit) => depth(unit) === deepest - index),
    })),
  ];
  let last: Tree = { rowKind: 'area', branches: [] };
  for (const { rowKind, rows } of candidates) {
    if (rows.length === 0) continue;
    last = { rowKind, branches: group(rows, units, systemId) };
    if (last.branches.length * GROUP_COST + rows.length * ROW_COST <= FIRST_VIEW) return last;
  }
  return last;
}

function group(rows: readonly Unit[], units: ReadonlyMap<string, Unit>, systemId: string): Branch[] {
  const byParent = Map.groupBy(rows, (row) => row.parent ?? systemId);
  return [...byParent].flatMap(([id, members]) => {
    const unit = units.get(id);
    return unit ? [{ unit, rows: members }] : [];
  });
}

function depths(units: ReadonlyMap<string, Unit>): (unit: Unit) => number {
  const depth = (unit: Unit): number => {
    const parent = unit.parent === null ? undefined : units.get(unit.parent);
    return parent ? 1 + depth(parent) : 0;
  };
  return depth;
}

/** Ancestors of a unit, outermost first, without itself. */
export function ancestors(units: ReadonlyMap<string, Unit>, unit: Unit): Unit[] {
  const found: Unit[] = [];
  for (let id = unit.parent; id !== null;) {
    const parent = units.get(id);
    if (!parent || found.includes(parent)) break;
    found.unshift(parent);
    id = parent.parent;
  }
  return found;
}
