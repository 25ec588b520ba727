import type { FeedDef } from '#shared/model/definition.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import { metricSpec } from '#shared/model/metrics.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';

/** Kinds of site a feed has anything to say about, by the metric catalogue. */
export function servedKinds(feed: Pick<FeedDef, 'adapter' | 'brings'>): ReadonlySet<SiteKind> {
  return new Set(metricsOf(feed).flatMap((name) => metricSpec(name).siteKinds));
}
