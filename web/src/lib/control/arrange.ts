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

/** The order of the matrix at one moment. It stands until the next re-sort, whatever the levels do meanwhile. */
export interface Arrangement {
  readonly groups: readonly { readonly id: string; readonly rows: readonly Ordered[] }[];
}

const byAttention = (a: Unit, b: Unit) => attention(b) - attention(a) || a.name.localeCompare(b.name);

export function arrange(branches: readonly Branch[]): Arrangement {
  return {
    groups: [...branches]
      .sort((a, b) => byAttention(a.unit, b.unit))
      .map(({ unit, rows }) => ({
        id: unit.id,
        rows: [...rows].sort(byAttention).map((row) => ({ id: row.id, attention: attention(row) })),
      })),
  };
}

/** Whether the same units are in both, in whatever order: a unit that came or went cannot wait for the next re-sort. */
export function sameMembers(arrangement: Arrangement, branches: readonly Branch[]): boolean {
  const known = new Set(arrangement.groups.flatMap((group) => [group.id, ...group.rows.map((row) => row.id)]));
  const wanted = branches.flatMap(({ unit, rows }) => [unit.id, ...rows.map((row) => row.id)]);
  return known.size === wanted.length && wanted.every((id) => known.has(id));
}

/** Rows re-sort only while pointer and keyboard are elsewhere, and at most every 30 s. */
export function mayResort(busy: boolean, monotonicMs: number, lastMs: number | null): boolean {
  return lastMs === null || (!busy && monotonicMs - lastMs >= RESORT_AFTER_MS);
}
