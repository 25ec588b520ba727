import type { FeedFamily } from '#shared/model/feed-metrics.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { FeedCoverage } from '#shared/protocol/feeds.ts';
import type { FeedLayout } from './layout.ts';
import { isGone, type MarkedPair } from './marks.ts';

interface Sum {
  patients: number;
  known: number;
  readonly families: Map<FeedFamily, { live: number; trouble: number }>;
}

/** A practice whose level stands: it has one, or it is closed and needs none now. */
const stands = (unit: Unit | undefined): boolean => unit !== undefined && (unit.level !== null || unit.open === false);

/** Patients of every practice, of places and neighbourhoods above it. */
function sumUp(layout: FeedLayout, marks: readonly MarkedPair[], unitOf: (id: string) => Unit | undefined) {
  const sums = new Map<string, Sum>();
  // Practices of a neighbourhood share all that is above them.
  const above = new Map<string, readonly Sum[]>();
  const groupsOf = (id: string | null): readonly Sum[] => {
    const unit = id === null ? undefined : layout.unit(id);
    if (!unit) return [];
    const known = above.get(unit.id);
    if (known) return known;
    const own: Sum = { patients: 0, known: 0, families: new Map() };
    const groups = [own, ...groupsOf(unit.parent)];
    sums.set(unit.id, own);
    above.set(unit.id, groups);
    return groups;
  };
  for (const { id, parent, population } of layout.practices) {
    const patients = population ?? 0;
    const known = stands(unitOf(id)) ? patients : 0;
    for (const sum of groupsOf(parent)) {
      sum.patients += patients;
      sum.known += known;
    }
  }
  for (const pair of marks) {
    const { site, family, mark } = pair;
    if (site.siteKind !== 'practice') continue;
    for (const { families } of groupsOf(site.parent)) {
      const cell = families.get(family) ?? { live: 0, trouble: 0 };
      families.set(family, cell);
      // A wrong clock or one bad field takes nothing away from the figures that stand.
      if (mark === 'o' || mark === 'c' || (mark === 'r' && !isGone(pair, unitOf(site.id))))
        cell.live += site.population ?? 0;
      else if (mark !== 'n') cell.trouble += site.population ?? 0;
    }
  }
  return sums;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000);

export interface Coverage {
  /** Worst first: each place, then what lies in it. */
  readonly by: FeedCoverage[];
  /** Share of all patients whose practice's level stands; null where there are none. */
  readonly level: number | null;
}

export function coverageOf(
  layout: FeedLayout,
  marks: readonly MarkedPair[],
  unitOf: (id: string) => Unit | undefined,
): Coverage {
  const sums = sumUp(layout, marks, unitOf);
  const below = new Map<string, string[]>();
  let root: string | null = null;
  for (const id of sums.keys()) {
    const parent = layout.unit(id)?.parent ?? null;
    if (parent === null) root = id;
    else if (below.get(parent)?.push(id) === undefined) below.set(parent, [id]);
  }
  const rows: FeedCoverage[] = [];
  const walk = (id: string): void => {
    const children = (below.get(id) ?? []).flatMap((child) => rowOf(layout, child, sums.get(child)) ?? []);
    for (const row of children.sort(worstFirst)) {
      rows.push(row);
      walk(row.unit);
    }
  };
  if (root !== null) walk(root);
  const whole = root === null ? undefined : sums.get(root);
  return { by: rows, level: whole === undefined || whole.patients === 0 ? null : share(whole.known, whole.patients) };
}

function rowOf(layout: FeedLayout, id: string, sum: Sum | undefined): FeedCoverage | null {
  const unit = layout.unit(id);
  if (!unit || !sum) return null;
  const families = Object.fromEntries(
    [...sum.families].map(([family, { live, trouble }]) => [
      family,
      { live: share(live, sum.patients), trouble: share(trouble, sum.patients) },
    ]),
  );
  const level = sum.patients === 0 ? null : share(sum.known, sum.patients);
  return { unit: id, name: unit.name, kind: unit.kind, patients: sum.patients, families, level };
}

const liveIn = ({ families }: FeedCoverage): number => Object.values(families).reduce((sum, { live }) => sum + live, 0);

function worstFirst(a: FeedCoverage, b: FeedCoverage): number {
  return (a.level ?? 1) - (b.level ?? 1) || liveIn(a) - liveIn(b) || a.name.localeCompare(b.name);
}
