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
  staffing: 'Staffing',
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
  'staffing',
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
  /** 0 on top; one more for each unit above it. */
  readonly depth: number;
  /** Whether something lies beneath that can be opened. */
  readonly parted: boolean;
}

/** The rows that are shown, in the given order (worst first): beneath each opened one stand its parts. */
export function coverageRows(
  rows: readonly FeedCoverage[],
  units: ReadonlyMap<string, Unit>,
  open: ReadonlySet<string>,
): readonly CoverageRow[] {
  const ids = new Set(rows.map(({ unit }) => unit));
  const above = (id: string): string | null => {
    const parent = units.get(id)?.parent ?? null;
    return parent !== null && ids.has(parent) ? parent : null;
  };
  const beneath = Map.groupBy(rows, ({ unit }) => above(unit));
  const shown = (parent: string | null, depth: number): CoverageRow[] =>
    (beneath.get(parent) ?? []).flatMap((row) => [
      { row, depth, parted: beneath.has(row.unit) },
      ...(open.has(row.unit) ? shown(row.unit, depth + 1) : []),
    ]);
  return shown(null, 0);
}
