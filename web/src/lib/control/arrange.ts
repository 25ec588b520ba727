import type { Unit } from '$shared/model/unit';
import { isClosed } from '../format/closed.ts';
import { type Branch } from './tree.ts';

/** Real milliseconds between two re-sorts. */
export const RESORT_AFTER_MS = 30_000;

/** Unknown stands between moderate and severe: nobody may take it for calm. */
const UNKNOWN_ATTENTION = 2900;
/** How much a unit asks to be looked at: its level first, its score within it. */
export function attention(unit: Unit): number {
  if (unit.level !== null) return unit.level * 1000 + (unit.score ?? 0);
  return isClosed(unit) ? 0 : UNKNOWN_ATTENTION;
}

export interface Ordered {
  readonly id: string;
  readonly attention: number;
}

/** Whose group holds all rows where places are not kept apart. */
export const ALL = '*';

/** The order of the matrix at one moment. It stands until the next re-sort, whatever the levels do meanwhile. */
export interface Arrangement {
  readonly groups: readonly { readonly id: string; readonly rows: readonly Ordered[] }[];
}

const byPressure = (a: Unit, b: Unit) => attention(b) - attention(a) || a.name.localeCompare(b.name);

/** Groups and the rows within them in one order. */
export function arrange(branches: readonly Branch[], compare = byPressure): Arrangement {
  return {
    groups: [...branches]
      .sort((a, b) => compare(a.unit, b.unit))
      .map(({ unit, rows }) => ({ id: unit.id, rows: ordered(rows, compare) })),
  };
}

/** All rows in one list, whatever place they are of. */
export function arrangeFlat(branches: readonly Branch[], compare: (a: Unit, b: Unit) => number): Arrangement {
  const rows = branches.flatMap((branch) => branch.rows);
  return { groups: [{ id: ALL, rows: ordered(rows, compare) }] };
}

const ordered = (rows: readonly Unit[], compare: (a: Unit, b: Unit) => number): Ordered[] =>
  [...rows].sort(compare).map((row) => ({ id: row.id, attention: attention(row) }));

/** Whether the same rows are in both, in whatever order: one that came or went cannot wait for the next re-sort. */
export function sameMembers(arrangement: Arrangement, branches: readonly Branch[]): boolean {
  const known = new Set(arrangement.groups.flatMap((group) => group.rows.map((row) => row.id)));
  const wanted = branches.flatMap(({ rows }) => rows.map((row) => row.id));
  return known.size === wanted.length && wanted.every((id) => known.has(id));
}

/** Rows re-sort only while pointer and keyboard are elsewhere, and at most every 30 s. */
export function mayResort(busy: boolean, monotonicMs: number, lastMs: number | null): boolean {
  return lastMs === null || (!busy && monotonicMs - lastMs >= RESORT_AFTER_MS);
}
