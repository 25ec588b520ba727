import { FEED_FAMILIES, type FeedFamily } from '$shared/model/feed-metrics';
import type { FeedCoverage } from '$shared/protocol/feeds';
import type { Unit } from '$shared/model/unit';

/** Short enough for a column. */
export const FAMILY_WORDS: Readonly<Record<FeedFamily, string>> = {
  telephony: 'Telephony',
  slots: 'Slots',
  appointments: 'Appointments',
  online: 'Online requests',
  urgent: 'Urgent care',
  declared: 'Declared',
  other: 'Other',
};
/** Those without which a level cannot be judged come first where there is no room for all. */
const PREFERRED: readonly FeedFamily[] = [
  'telephony',
  'slots',
  'online',
  'appointments',
  'urgent',
  'declared',
  'other',
];

/** Families of which at least one unit has anything, in their own order; at most `room` of them. */
export function coverageColumns(rows: readonly FeedCoverage[], room: number): readonly FeedFamily[] {
  const some = (family: string) =>
    rows.some(({ families: f }) => (f[family]?.live ?? 0) + (f[family]?.trouble ?? 0) > 0);
  const shown = PREFERRED.filter(some).slice(0, room);
  return FEED_FAMILIES.filter((family) => shown.includes(family));
}

export interface CoverageRow {
  readonly row: FeedCoverage;
  readonly beneath: readonly FeedCoverage[];
}

/** Rows with those that lie beneath them, in the given order (worst first). */
export function coverageTree(rows: readonly FeedCoverage[], units: ReadonlyMap<string, Unit>): readonly CoverageRow[] {
  const ids = new Set(rows.map(({ unit }) => unit));
  const parentOf = (id: string) => units.get(id)?.parent ?? null;
  const top = rows.filter(({ unit }) => !ids.has(parentOf(unit) ?? ''));
  const groups = Map.groupBy(rows, ({ unit }) => parentOf(unit));
  return top.map((row) => ({ row, beneath: groups.get(row.unit) ?? [] }));
}
