import type { Definition, SupplierDef, UnitDef } from '#shared/model/definition.ts';
import { familyOf, FEED_FAMILIES, type FeedFamily } from '#shared/model/feed-metrics.ts';
import { expectedMetrics, METRIC_NAMES, METRICS, type MetricName } from '#shared/model/metrics.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import { feedInstances } from '../feed-instances.ts';
import { nameOfId } from './words.ts';

const MOST_INSTANTS = 100_000;

/** One mark of the feeds screen: one family of data of one site, from one feed or several that stand in for each other. */
export interface Pair {
  readonly site: UnitDef;
  readonly family: FeedFamily;
  /** Feed instances in the definition's order; empty where the site should report this and no feed brings it. */
  readonly feeds: readonly string[];
  /** Of the first feed; empty without one. */
  readonly supplier: string;
}

/** What of a definition the health of its feeds is judged by; made once. */
export interface FeedLayout {
  readonly pairs: readonly Pair[];
  readonly practices: readonly UnitDef[];
  unit(id: string): UnitDef | undefined;
  supplierName(id: string): string;
  supplier(id: string): SupplierDef | undefined;
  /** Milliseconds of an instant. Remembered: thousands of feeds say the same time again and again. */
  instant(text: string): EpochMs;
  /** Nearest place above a unit. */
  placeOf(site: UnitDef): UnitDef | undefined;
  /** Sites that a feed instance serves, and whether one document serves them all. */
  feed(id: string): { readonly sites: number; readonly document: boolean; readonly family: FeedFamily } | undefined;
}

export const familyOfMetric = (metric: MetricName): FeedFamily =>
  familyOf({ adapter: 'mapped-json', brings: [metric] });

/** Metrics by which a family's data are judged present: those that a feed must bring. */
export const METRICS_OF_FAMILY: ReadonlyMap<FeedFamily, readonly MetricName[]> = new Map(
  FEED_FAMILIES.map((family) => [
    family,
    METRIC_NAMES.filter((name) => {
      const { derived, optional } = { optional: false, ...METRICS[name] };
      return !derived && !optional && familyOfMetric(name) === family;
    }),
  ]),
);

/** Families of data that sites of a kind should report. */
function createExpected(): (kind: SiteKind) => ReadonlySet<FeedFamily> {
  const known = new Map<SiteKind, ReadonlySet<FeedFamily>>();
  return (kind) => {
    const families = known.get(kind) ?? new Set(expectedMetrics(kind).map(familyOfMetric));
    known.set(kind, families);
    return families;
  };
}

export function createFeedLayout(definition: Definition): FeedLayout {
  const units = new Map(definition.units.map((unit) => [unit.id, unit]));
  const suppliers = new Map((definition.suppliers ?? []).map((supplier) => [supplier.id, supplier]));
  const feeds = new Map<string, { sites: number; document: boolean; family: FeedFamily }>();
  const bySite = new Map<string, Map<FeedFamily, { feeds: string[]; supplier: string }>>();
  const pairOf = (site: string, family: FeedFamily) => {
    const families = bySite.get(site) ?? new Map<FeedFamily, { feeds: string[]; supplier: string }>();
    bySite.set(site, families);
    const pair = families.get(family) ?? { feeds: [], supplier: '' };
    families.set(family, pair);
    return pair;
  };
  const familyOfFeed = new Map(definition.feeds.map((feed) => [feed.id, familyOf(feed)]));
  for (const { id, feed, sites } of feedInstances(definition)) {
    const family = familyOfFeed.get(feed.id) ?? 'other';
    feeds.set(id, { sites: sites.length, document: id === feed.id && sites.length > 1, family });
    for (const site of sites) {
      const pair = pairOf(site.id, family);
      if (pair.feeds.length === 0) pair.supplier = feed.supplier;
      pair.feeds.push(id);
    }
  }
  const expected = createExpected();
  const sites = definition.units.filter((unit) => unit.kind === 'site');
  for (const site of sites) {
    if (site.siteKind !== null) for (const family of expected(site.siteKind)) pairOf(site.id, family);
  }
  const order = new Map(FEED_FAMILIES.map((family, index) => [family, index]));
  const pairs = sites.flatMap((site) =>
    [...(bySite.get(site.id) ?? [])]
      .map(([family, pair]): Pair => ({ site, family, ...pair }))
      .sort((a, b) => (order.get(a.family) ?? 0) - (order.get(b.family) ?? 0)),
  );
  const instants = new Map<string, EpochMs>();
  const ancestor = (unit: UnitDef): UnitDef | undefined => (unit.parent === null ? undefined : units.get(unit.parent));
  return {
    pairs,
    practices: sites.filter((site) => site.siteKind === 'practice'),
    unit: (id) => units.get(id),
    supplier: (id) => suppliers.get(id),
    supplierName: (id) => suppliers.get(id)?.name ?? nameOfId(id),
    instant(text) {
      let at = instants.get(text);
      if (at === undefined) {
        if (instants.size >= MOST_INSTANTS) instants.clear();
        instants.set(text, (at = fromInstant(text)));
      }
      return at;
    },
    placeOf(site) {
      let unit = ancestor(site);
      while (unit && unit.kind !== 'place') unit = ancestor(unit);
      return unit;
    },
    feed: (id) => feeds.get(id),
  };
}
