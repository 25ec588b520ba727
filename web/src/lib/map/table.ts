import type { EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { reasonOf } from '../control/worst.ts';
import { freeFrom } from '../hubs/hours.ts';
import { shownAt, urgency, type Quarter, type Shown } from './moment.ts';

/** One row of the map's table; null: not known, or not of that time. */
export interface Row {
  readonly unit: Unit;
  readonly parent: string;
  readonly shown: Shown;
  readonly score: number | null;
  readonly patients: number | null;
  readonly coverage: number | null;
  /** Hub slots free to the end of the day; `freeGap` says why there is no such figure. */
  readonly free: number | null;
  readonly freeGap: string;
  readonly why: string;
}

export const COLUMNS = ['level', 'name', 'score', 'patients', 'coverage', 'free'] as const;
export type Column = (typeof COLUMNS)[number];

export function isColumn(text: string | undefined): text is Column {
  return COLUMNS.some((each) => each === text);
}

/** Free hub slots of a unit; null where it has no hubs, or where nothing is known of its one. */
export function freeSlots(unit: Unit, now: EpochMs): number | null {
  if (unit.siteKind === 'hub' && unit.level === null && unit.open !== false) return null;
  return unit.slotHours.length === 0 ? null : freeFrom(unit.slotHours, now);
}

/** What the map shows, as rows; of an earlier quarter hour only the level is known, and patients do not change. */
export function tableRows(
  drawn: readonly Unit[],
  units: ReadonlyMap<string, Unit>,
  quarter: Quarter,
  now: EpochMs,
): Row[] {
  const live = quarter === null;
  return drawn.map((unit) => ({
    unit,
    parent: units.get(unit.parent ?? '')?.name ?? '',
    shown: shownAt(unit, quarter),
    score: live ? unit.score : null,
    patients: unit.population,
    coverage: live ? unit.coverage : null,
    free: live ? freeSlots(unit, now) : null,
    freeGap: !live ? 'not of then' : unit.siteKind === 'hub' ? 'not known' : 'no hub of its own',
    why: live ? reasonOf(unit) : '',
  }));
}

/** Unknown values stand last, whichever way it is sorted. */
export function sortRows(rows: readonly Row[], column: Column, down: boolean): Row[] {
  const sign = down ? -1 : 1;
  const value = (row: Row) => (column === 'level' ? urgency(row.shown) * 1000 + (row.score ?? 0) : null);
  const number = (row: Row) => (column === 'level' || column === 'name' ? value(row) : row[column]);
  return [...rows].sort((a, b) => {
    const byName = a.unit.name.localeCompare(b.unit.name, 'en-GB');
    if (column === 'name') return sign * byName;
    const [x, y] = [number(a), number(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName;
    return sign * (x - y) || byName;
  });
}
