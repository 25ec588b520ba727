import type { MetricName } from '#shared/model/metrics.ts';
import { QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { ReadyRule } from '../domain/pressure/indicators.ts';
import type { SiteLayout } from './layout.ts';
import type { Normal } from '../domain/ports.ts';

/** Fewer days of its own kind behind a normal than this are little history. */
const THIN_DAYS = 4;

/** Metrics that are themselves a comparison with what is usual, and of what. */
const COMPARES: Partial<Record<MetricName, MetricName>> = { 'calls.against-usual': 'calls.inbound-60m' };

/** Whether an indicator is judged against a normal with little own history behind it. */
export type ThinNormals = (site: SiteLayout, ready: ReadyRule, at: EpochMs) => boolean;

/** Asks what stands behind each normal once a quarter hour: what was learned does not change in between. */
export function createThinNormals(world: { readonly normal: Normal }): ThinNormals {
  let quarter = -1;
  const known = new Map<SiteLayout, Map<MetricName, boolean>>();
  return (site, ready, at) => {
    const metric = COMPARES[ready.metric] ?? (ready.rule.against.startsWith('usual') ? ready.metric : null);
    if (metric === null) return false;
    const now = Math.floor(at / QUARTER);
    if (now !== quarter) {
      known.clear();
      quarter = now;
    }
    let bySite = known.get(site);
    if (!bySite) known.set(site, (bySite = new Map()));
    let thin = bySite.get(metric);
    if (thin === undefined) {
      // A normal that cannot say what stands behind it has no history of its own.
      const about = world.normal.about?.(site.def.id, metric, at) ?? null;
      thin = about === null || about.source !== 'own' || about.days < THIN_DAYS;
      bySite.set(metric, thin);
    }
    return thin;
  };
}
