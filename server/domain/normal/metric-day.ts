import type { UnitDef } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { foldCells, SEARCHED_DAYS, type Cells } from './cells.ts';
import { classesFor, type DayClass } from './day-class.ts';
import { holdOf } from './learned-metrics.ts';
import { createPeers, type PeerSite } from './peers.ts';

/** One metric of many sites as it was on one day. */
export interface LearnedDay {
  /** London date. */
  readonly date: string;
  readonly kind: DayClass;
  /** A value a quarter hour by site; NaN where too little was known. */
  readonly sites: ReadonlyMap<string, Float32Array>;
}

export interface SiteCells {
  readonly source: 'own' | 'peers';
  readonly kind: DayClass;
  readonly cells: Cells;
  readonly alike: string;
}

export type NormalSite = PeerSite & Pick<UnitDef, 'bankHolidays'>;

/** A site's own normal for a day of `kind`, from learned days, newest first. Null while too few days are known. */
export function ownCells(
  site: NormalSite,
  metric: MetricName,
  kind: DayClass,
  days: readonly LearnedDay[],
): Omit<SiteCells, 'alike' | 'source'> | null {
  for (const wanted of classesFor(kind, site.bankHolidays)) {
    const rows: Float32Array[] = [];
    for (const day of days) {
      if (day.kind !== wanted) continue;
      const row = day.sites.get(site.id);
      if (row) rows.push(row);
      if (rows.length === SEARCHED_DAYS) break;
    }
    const cells = foldCells(rows, holdOf(metric));
    if (cells) return { kind: wanted, cells };
  }
  return null;
}

/** Sites between two breaths: some milliseconds of work. */
const SITES_AT_ONCE = 100;

/**
 * What is usual of one metric for every site on a day of `kind`: its own days, else its peers' unless `settled` says that
 * something better is known of the site (its own published months). Yields now and then, so that others get a turn.
 */
export function* metricCells(
  metric: MetricName,
  kind: DayClass,
  sites: readonly NormalSite[],
  days: readonly LearnedDay[],
  settled: (site: string, metric: MetricName) => boolean,
): Generator<void, Map<string, SiteCells>> {
  const found = new Map<string, SiteCells>();
  const own = new Map<string, Cells>();
  for (const [i, site] of sites.entries()) {
    if (i % SITES_AT_ONCE === SITES_AT_ONCE - 1) yield;
    const cells = ownCells(site, metric, kind, days);
    if (!cells) continue;
    found.set(site.id, { source: 'own', alike: '', ...cells });
    own.set(site.id, cells.cells);
  }
  if (own.size === 0) return found;
  const peersOf = createPeers(metric, sites, own);
  for (const [i, site] of sites.entries()) {
    if (i % SITES_AT_ONCE === SITES_AT_ONCE - 1) yield;
    if (found.has(site.id) || settled(site.id, metric)) continue;
    const peers = peersOf(site);
    if (peers) found.set(site.id, { source: 'peers', kind, cells: peers.cells, alike: peers.alike });
  }
  return found;
}
