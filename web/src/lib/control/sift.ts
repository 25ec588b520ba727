import type { Unit } from '$shared/model/unit';
import { isClosed } from '../format/closed.ts';
import type { Branch } from './tree.ts';

/** A level to be shown; 0 is unknown. */
export type Mark = 0 | 1 | 2 | 3 | 4;
export const MARKS: readonly Mark[] = [1, 2, 3, 4, 0];

/** What of the matrix is asked for; empty parts ask for everything. */
export interface Sieve {
  readonly find: string;
  readonly marks: ReadonlySet<Mark>;
  /** Id of the only group that is shown. */
  readonly place: string;
}

export const markOf = (unit: Unit): Mark | null => unit.level ?? (isClosed(unit) ? null : 0);

const nameHas = (unit: Unit, wanted: string) => unit.name.toLocaleLowerCase('en-GB').includes(wanted);

/** The one group or row that has `find` in its own name; null where there are none or several. */
export function onlyNamed(branches: readonly Branch[], find: string): Unit | null {
  const wanted = find.trim().toLocaleLowerCase('en-GB');
  const named = branches.flatMap(({ unit, rows }) => [unit, ...rows]).filter((unit) => nameHas(unit, wanted));
  return wanted !== '' && named.length === 1 ? (named[0] ?? null) : null;
}

/** Ids of the rows that pass (and of groups whose own name is looked for); null: nothing is asked, all pass. */
export function sift(branches: readonly Branch[], { find, marks, place }: Sieve): ReadonlySet<string> | null {
  const wanted = find.toLocaleLowerCase('en-GB');
  if (!wanted && marks.size === 0 && !place) return null;
  const named = (unit: Unit) => nameHas(unit, wanted);
  return new Set(
    branches
      .filter(({ unit }) => !place || unit.id === place)
      .flatMap(({ unit, rows }) => {
        const all = named(unit);
        const passing = rows.filter((row) => {
          const mark = markOf(row);
          return (all || named(row)) && (marks.size === 0 || (mark !== null && marks.has(mark)));
        });
        return [...(all && marks.size === 0 ? [unit] : []), ...passing].map(({ id }) => id);
      }),
  );
}

/** How many rows stand at each level. */
export function countMarks(branches: readonly Branch[]): Readonly<Record<Mark, number>> {
  const counts: Record<Mark, number> = { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const { rows } of branches) {
    for (const row of rows) {
      const mark = markOf(row);
      if (mark !== null) counts[mark] += 1;
    }
  }
  return counts;
}
