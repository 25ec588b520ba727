import type { MetricState, Unit } from '$shared/model/unit';
import type { PracticeNeed } from '$shared/protocol/hubs';
import { isClosed } from '../format/closed.ts';
import { sayAbsence } from '../format/absence.ts';
import { sayCount } from '../format/numbers.ts';
import { sayTime } from '../format/time.ts';

/** What one practice, or one neighbourhood, lacks. */
export interface NeedRow {
  readonly id: string;
  readonly name: string;
  readonly unit: Unit | undefined;
  /** Patients waiting without a slot, estimated; null: not known. */
  readonly waiting: number | null;
  /** In a few words: when its slots ran out, how many are left, or why nothing is known. */
  readonly when: string;
  /** Its slots have run out. */
  readonly out: boolean;
  readonly closed: boolean;
}

export interface NeedGroup {
  readonly unit: Unit;
  readonly rows: readonly NeedRow[];
  /** Of the rows that are known; null where none is. */
  readonly waiting: number | null;
  /** Rows of which it is not known who waits. */
  readonly unknown: number;
  readonly when: string;
}

type Metrics = Readonly<Record<string, MetricState>>;
const valueOf = (metrics: Metrics, name: string) => metrics[name]?.value ?? null;
const isShut = (metrics: Metrics) => metrics['patients.without-slot']?.absence === 'closed';

function whenOf(metrics: Metrics): { when: string; out: boolean } {
  const out = valueOf(metrics, 'practices.without-slots') === 1;
  if (out) {
    const at = valueOf(metrics, 'slots.exhausted-at');
    return { out, when: at === null ? 'already out' : `out at ${sayTime(at)}` };
  }
  const free = valueOf(metrics, 'slots.free');
  if (free !== null) return { out, when: `${sayCount(free, 'slot')} left` };
  const absence = (metrics['slots.free'] ?? metrics['patients.without-slot'])?.absence ?? 'not-onboarded';
  return { out, when: sayAbsence(absence) };
}

function rowOf({ id, name, metrics }: PracticeNeed, unit: Unit | undefined): NeedRow {
  const closed = isShut(metrics) || (unit !== undefined && isClosed(unit));
  const waiting = valueOf(metrics, 'patients.without-slot');
  return { id, name, unit, waiting, closed, ...(closed ? { when: 'closed', out: false } : whenOf(metrics)) };
}

/** Unmet need first, what is not known next, as it may hide some; then whoever has fewest slots left. */
const byNeed = (a: NeedRow, b: NeedRow): number =>
  rank(b) - rank(a) || (b.waiting ?? 0) - (a.waiting ?? 0) || a.name.localeCompare(b.name, 'en-GB');
const rank = ({ waiting, out, closed }: NeedRow) =>
  closed ? 0 : (waiting ?? 0) > 0 ? 4 : waiting === null ? 3 : out ? 2 : 1;

function groupOf(unit: Unit, rows: readonly NeedRow[]): NeedGroup {
  const known = rows.flatMap(({ waiting }) => waiting ?? []);
  const open = rows.filter(({ closed }) => !closed);
  const out = open.filter((row) => row.out).length;
  return {
    unit,
    rows: [...rows].sort(byNeed),
    waiting: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null,
    unknown: open.filter(({ waiting }) => waiting === null).length,
    when:
      open.length === 0 ? 'closed' : `${out === 0 ? 'none' : out === open.length ? 'all' : out} of ${open.length} out`,
  };
}

/** Most waiting first. */
const inOrder = (groups: NeedGroup[]) =>
  groups.sort((a, b) => (b.waiting ?? -1) - (a.waiting ?? -1) || a.unit.name.localeCompare(b.unit.name, 'en-GB'));

/** Practices by the group that they stand beneath. */
export function needByPractice(practices: readonly PracticeNeed[], units: ReadonlyMap<string, Unit>): NeedGroup[] {
  const groups: NeedGroup[] = [];
  for (const [parent, members] of Map.groupBy(practices, (practice) => practice.parent ?? '')) {
    const unit = units.get(parent);
    if (unit)
      groups.push(
        groupOf(
          unit,
          members.map((practice) => rowOf(practice, units.get(practice.id))),
        ),
      );
  }
  return inOrder(groups);
}

/** Neighbourhoods by their place: a whole system's practices would be too many to read. */
export function needByNeighbourhood(units: ReadonlyMap<string, Unit>, places: readonly Unit[]): NeedGroup[] {
  const byParent = Map.groupBy([...units.values()], ({ parent }) => parent ?? '');
  return inOrder(
    places.flatMap((place) => {
      const rows = (byParent.get(place.id) ?? []).filter(({ kind }) => kind !== 'site').map((unit) => areaRow(unit));
      return rows.length === 0
        ? []
        : [{ ...groupOf(place, rows), when: areaRow(place).when, waiting: areaRow(place).waiting }];
    }),
  );
}

/** What one neighbourhood or place lacks, from its own metrics. */
export function areaRow(unit: Unit): NeedRow {
  const { id, name, metrics, reporting } = unit;
  const closed = isClosed(unit);
  const waiting = valueOf(metrics, 'patients.without-slot');
  const out = valueOf(metrics, 'practices.without-slots');
  const absence = metrics['patients.without-slot']?.absence;
  const when = closed
    ? 'closed'
    : out === null
      ? sayAbsence(absence)
      : `${out === 0 ? 'none' : out} of ${reporting.of} out`;
  return { id, name, unit, waiting, closed, out: out !== null && out > 0, when };
}

/** Largest number waiting in one row, so that a cell is as wide in every row. */
export const mostWaiting = (groups: readonly NeedGroup[]): number =>
  Math.max(1, ...groups.flatMap(({ rows }) => rows.map(({ waiting }) => waiting ?? 0)));

/** Ids of groups and their rows as they stand, each group before its own. */
export const idsOfNeed = (groups: readonly NeedGroup[]): string[] =>
  groups.flatMap(({ unit, rows }) => [unit.id, ...rows.map(({ id }) => id)]);

/** Groups, and the rows within each, in the order of `ids`; whoever is not among them comes last. */
export function inOrderOf(groups: readonly NeedGroup[], ids: readonly string[]): NeedGroup[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = (id: string) => places.get(id) ?? ids.length;
  return [...groups]
    .sort((a, b) => placeOf(a.unit.id) - placeOf(b.unit.id))
    .map((group) => ({ ...group, rows: [...group.rows].sort((a, b) => placeOf(a.id) - placeOf(b.id)) }));
}

/** Rows whose name, or that of their group or of what stands above it, holds what is looked for. */
export function filterNeed(
  groups: readonly NeedGroup[],
  find: string,
  above: (group: Unit) => readonly string[] = () => [],
): readonly NeedGroup[] {
  const wanted = find.trim().toLocaleLowerCase('en-GB');
  if (!wanted) return groups;
  const has = (name: string) => name.toLocaleLowerCase('en-GB').includes(wanted);
  return groups.flatMap((group) => {
    const rows = [group.unit.name, ...above(group.unit)].some(has)
      ? group.rows
      : group.rows.filter(({ name }) => has(name));
    return rows.length > 0 ? [{ ...group, rows }] : [];
  });
}
