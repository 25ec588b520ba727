import type { EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import { ancestors } from '../control/tree.ts';
import { reasonOf } from '../control/worst.ts';
import { nearestOf } from './catchment.ts';
import type { Spare, SpareView } from './flows.ts';
import { freeSlots } from './free-slots.ts';
import { paintHub } from './marks.ts';
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
  /** Whose area it lies in, as the crow flies. */
  readonly hub: { readonly unit: Unit; readonly km: number } | null;
  readonly waiting: number | null;
  readonly spare: Spare | null;
  readonly why: string;
}

export const COLUMNS = ['level', 'name', 'score', 'patients', 'coverage', 'free', 'hub', 'waiting', 'spare'] as const;
export type Column = (typeof COLUMNS)[number];

export function isColumn(text: string | undefined): text is Column {
  return COLUMNS.some((each) => each === text);
}

/** What can be read of these units: free slots only where one of them has a hub beneath it, the rest with its layer. */
export function columnsOf(
  shown: readonly Unit[],
  units: ReadonlyMap<string, Unit>,
  hubs: readonly Unit[],
  layers: { readonly areas: boolean; readonly spare: boolean },
): Column[] {
  const holders = new Set(hubs.flatMap((hub) => ancestors(units, hub).map(({ id }) => id)));
  const left: Readonly<Partial<Record<Column, boolean>>> = {
    free: !shown.some(({ id }) => holders.has(id)),
    hub: !layers.areas,
    waiting: !layers.spare,
    spare: !layers.spare,
  };
  return COLUMNS.filter((column) => !left[column]);
}

export interface TableOf {
  readonly units: ReadonlyMap<string, Unit>;
  readonly quarter: Quarter;
  readonly now: EpochMs;
  /** Whose areas are shown; null: none. */
  readonly hubs: readonly Unit[] | null;
  readonly spare: SpareView | null;
}

/** What the map shows, as rows; of an earlier quarter hour only the level is known, and patients do not change. */
export function tableRows(drawn: readonly Unit[], { units, quarter, now, hubs, spare }: TableOf): Row[] {
  const live = quarter === null;
  return drawn.map((unit) => {
    const isHub = unit.siteKind === 'hub';
    return {
      unit,
      parent: units.get(unit.parent ?? '')?.name ?? '',
      shown: shownAt(unit, quarter),
      score: live ? unit.score : null,
      patients: unit.population,
      coverage: live ? unit.coverage : null,
      free: live ? freeSlots(unit, now) : null,
      freeGap: !live ? 'not of then' : isHub ? 'not known' : 'no hub of its own',
      hub: hubs && !isHub ? nearestOf(unit, hubs) : null,
      waiting: spare && !isHub ? spare.waiting(unit) : null,
      spare: spare && !isHub ? spare.nearest(unit) : null,
      why: !live ? '' : isHub ? sayHub(unit, now) : reasonOf(unit),
    };
  });
}

/** A hub is read by its slots, as its square on the map is. */
function sayHub(unit: Unit, now: EpochMs): string {
  const { words } = paintHub(unit, null, now);
  return words.replace(/^[\d,]+ slots?/, '**$&**');
}

/** Kilometres where a column names somebody nearest. */
function figureOf(row: Row, column: Exclude<Column, 'name'>): number | null {
  if (column === 'level') return urgency(row.shown) * 1000 + (row.score ?? 0);
  if (column === 'hub' || column === 'spare') return row[column]?.km ?? null;
  return row[column];
}

/** Unknown values stand last, whichever way it is sorted. */
export function sortRows(rows: readonly Row[], column: Column, down: boolean): Row[] {
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const byName = a.unit.name.localeCompare(b.unit.name, 'en-GB');
    if (column === 'name') return sign * byName;
    const [x, y] = [figureOf(a, column), figureOf(b, column)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName;
    return sign * (x - y) || byName;
  });
}
