import type { Unit } from '$shared/model/unit';
import { ancestors } from '../control/tree.ts';
import { isClosed } from '../format/closed.ts';

/** A place's row on the wall. */
export interface WallRow {
  readonly unit: Unit;
  /** Something beneath it is not known, although it has a level itself. */
  readonly partial: boolean;
}

/** Levels in order of how much they ask for attention; unknown stands above calm and below pressure, closed last. */
const weight = (unit: Unit) => unit.level ?? (isClosed(unit) ? 0 : 1.5);

/** Hardest pressed first; equals by score, then by name so that rows do not swap without reason. */
export function byPressure(a: Unit, b: Unit): number {
  return weight(b) - weight(a) || (b.score ?? -1) - (a.score ?? -1) || a.name.localeCompare(b.name, 'en-GB');
}

const isService = (unit: Unit) => unit.kind === 'site' && unit.siteKind !== 'practice';

/** Several parts of a scene ask the same board in the same frame. */
const known = new WeakMap<ReadonlyMap<string, Unit>, ReadonlyMap<string, readonly Unit[]>>();

function childrenOf(units: ReadonlyMap<string, Unit>): ReadonlyMap<string, readonly Unit[]> {
  const before = known.get(units);
  if (before) return before;
  const children = new Map<string, Unit[]>();
  known.set(units, children);
  for (const unit of units.values()) {
    if (unit.parent === null) continue;
    const list = children.get(unit.parent);
    if (list) list.push(unit);
    else children.set(unit.parent, [unit]);
  }
  return children;
}

/**
 * The rows of a wall: what lies directly beneath the unit, hardest pressed first, at most `most`. Services are left out
 * as long as there are groups or practices: a wall says where patients wait.
 */
export function rowsOf(units: ReadonlyMap<string, Unit>, id: string, most = 10): WallRow[] {
  const children = childrenOf(units);
  const direct = children.get(id) ?? [];
  const groups = finest(
    direct.filter((unit) => unit.kind !== 'site'),
    children,
  );
  const practices = direct.filter((unit) => !isService(unit));
  const chosen = groups.length > 0 ? groups : practices.length > 0 ? practices : direct;
  return rowsFor(units, [...chosen].sort(byPressure).slice(0, most));
}

/** These units as rows. */
export function rowsFor(units: ReadonlyMap<string, Unit>, chosen: readonly Unit[]): WallRow[] {
  const children = childrenOf(units);
  return chosen.map((unit) => ({ unit, partial: unit.level !== null && hidesUnknown(unit, children) }));
}

/** What these ids are now, in their order; those that are gone are left out. Rows are ranked when a scene enters. */
export function unitsOf(units: ReadonlyMap<string, Unit>, ids: readonly string[]): Unit[] {
  return ids.flatMap((id) => units.get(id) ?? []);
}

const TALLY_WORDS = ['unknown', 'normal', 'moderate', 'severe', 'extreme', 'closed'] as const;

/** How many of them stand where: extreme first, then unknown, normal and closed; none of a kind is left out. */
export function tallyOf(units: readonly Unit[]): { readonly count: number; readonly word: string }[] {
  const index = (unit: Unit) => (isClosed(unit) ? 5 : (unit.level ?? 0));
  return [4, 3, 2, 0, 1, 5].flatMap((level) => {
    const count = units.filter((unit) => index(unit) === level).length;
    return count > 0 ? [{ count, word: TALLY_WORDS[level] ?? '' }] : [];
  });
}

/** Two or three places say too little from afar: then their neighbourhoods stand in the rows. */
function finest(groups: readonly Unit[], children: ReadonlyMap<string, readonly Unit[]>): readonly Unit[] {
  if (groups.length > 3) return groups;
  const beneath = groups.flatMap((group) => (children.get(group.id) ?? []).filter((unit) => unit.kind !== 'site'));
  return beneath.length > groups.length ? beneath : groups;
}

/** Part of it is unknown: a group beneath it has no level, or less than nine tenths of its patients are in view. */
function hidesUnknown(unit: Unit, children: ReadonlyMap<string, readonly Unit[]>): boolean {
  if (unit.kind === 'site') return false;
  if (unit.coverage < 0.9) return true;
  return (children.get(unit.id) ?? []).some(
    (child) => child.kind !== 'site' && child.level === null && !isClosed(child),
  );
}

/**
 * The three to name: the hardest pressed neighbourhoods beneath the unit, or practices where there are too few. On a calm
 * day they are named too, with what presses them most; what is closed is not.
 */
export function worstOf(units: ReadonlyMap<string, Unit>, id: string, most = 3): Unit[] {
  const beneath = beneathOf(units, id);
  const hoods = beneath.filter((unit) => unit.kind === 'neighbourhood');
  const pool = hoods.length >= most ? hoods : beneath.filter((unit) => unit.kind === 'site' && !isService(unit));
  return pool
    .filter((unit) => !isClosed(unit))
    .sort(byPressure)
    .slice(0, most);
}

/** Beyond so many rows even lines of 4 px find no room. */
const MOST_ROWS = 120;

export interface Matrix {
  /** Every row, hardest pressed first. */
  readonly units: readonly Unit[];
  /** What the rows are called, in the plural. */
  readonly noun: 'neighbourhoods' | 'areas' | 'practices';
}

/** Rows of the matrix: the finest groups beneath the unit that find room, else its practices. */
export function matrixOf(units: ReadonlyMap<string, Unit>, id: string): Matrix {
  const beneath = beneathOf(units, id);
  const fits = (rows: readonly Unit[]) => rows.length > 1 && rows.length <= MOST_ROWS;
  const hoods = beneath.filter(({ kind }) => kind === 'neighbourhood');
  if (fits(hoods)) return { units: hoods.sort(byPressure), noun: 'neighbourhoods' };
  const byDepth = Map.groupBy(
    beneath.filter(({ kind }) => kind === 'place'),
    (unit) => ancestors(units, unit).length,
  );
  const areas = [...byDepth].sort(([a], [b]) => b - a).find(([, rows]) => fits(rows))?.[1];
  if (areas && hoods.length !== 1) return { units: areas.sort(byPressure), noun: 'areas' };
  const practices = beneath.filter(({ siteKind }) => siteKind === 'practice').sort(byPressure);
  return { units: practices.slice(0, MOST_ROWS), noun: 'practices' };
}

/** Everything beneath a unit, in no order. */
export function beneathOf(units: ReadonlyMap<string, Unit>, id: string): Unit[] {
  const children = childrenOf(units);
  const found: Unit[] = [];
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const child of children.get(next) ?? []) {
      found.push(child);
      open.push(child.id);
    }
  return found;
}

/** Places' own names without the words that every row would repeat; that some are made up is said once, at the foot. */
export function shortName(name: string): string {
  return name
    .replace(/\s+\(illustrative\)$/i, '')
    .replace(/\s+(PCN|Primary Care Network|Integrated Care Board|ICB|Locality|Neighbourhood)$/i, '')
    .replace(/^NHS\s+/i, '')
    .trim();
}

/** What the foot of the wall says about how much is in view. */
export function coverageLine(unit: Unit): string {
  return `${Math.floor(unit.coverage * 100)}% of patients in view`;
}
