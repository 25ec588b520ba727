import { METRICS, type MetricMeasure, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { MetricState, SlotHour } from '#shared/model/unit.ts';
import { round } from '../domain/pressure/score.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import type { Opening } from './openings.ts';
import { callsDerived, iucDerived, slotsDerived, type Derived } from './site-derived.ts';
import { inputStanding, slotsNow, slotStanding } from './site-inputs.ts';
import { absenceCode, type SiteState } from './state.ts';
import type { World } from './world.ts';

const DECIMALS: Record<MetricMeasure, number> = {
  count: 1,
  seconds: 0,
  minutes: 1,
  share: 3,
  ratio: 2,
  'per-1000': 2,
  'epoch-ms': 0,
};
export const roundFor = (measure: MetricMeasure, value: number): number => round(value, DECIMALS[measure]);

/** Own normals drift with every second; one that moved less than a reader would notice is not sent again. */
export function steadyUsual(
  before: number | undefined,
  usual: number | null,
  measure: MetricMeasure,
): number | undefined {
  if (usual === null) return undefined;
  const next = roundFor(measure, measure === 'count' && usual >= 10 ? Math.round(usual) : usual);
  if (before === undefined) return next;
  const noticed = Math.max(Math.abs(before) * 0.02, measure === 'count' ? 0.5 : measure === 'seconds' ? 5 : 0.005);
  return Math.abs(next - before) >= noticed ? next : before;
}

/** Everything known of one site now. Values, usuals and absences go into the site's arrays; the rest is returned. */
export interface SiteMetrics {
  readonly metrics: Record<string, MetricState>;
  readonly slotHours: readonly SlotHour[];
  readonly details: ReadonlyMap<number, string>;
}

export function siteMetrics(
  world: World,
  site: SiteLayout,
  state: SiteState,
  at: EpochMs,
  opening: Opening,
): SiteMetrics {
  const before = world.published.units[site.index]?.metrics ?? {};
  const standings = new Map<MetricName, Derived>();
  const put = (metric: MetricName, standing: Derived) => standings.set(metric, standing);
  const of = (metric: MetricName): Derived => standings.get(metric) ?? MISSING;
  const facts = slotsNow(world, site, state, at);
  for (const metric of site.expected) {
    const input = inputStanding(world, site, state, metric, at, opening);
    put(metric, facts ? slotStanding(facts, metric, input) : input);
  }
  if (site.practice) callsDerived(world, site, state, of, put, at);
  if (standings.has('slots.free')) slotsDerived(world, site, state, of, put, at);
  if (standings.has('iuc.offered')) iucDerived(of, put);
  const details = new Map<number, string>();
  const metrics: Record<string, MetricState> = {};
  for (const [metric, standing] of standings) {
    const i = METRIC_INDEX[metric];
    const usual = steadyUsual(
      before[metric]?.usual,
      world.normal.usual(site.def.id, metric, at),
      METRICS[metric].measure,
    );
    state.values[i] = standing.value ?? NaN;
    state.usuals[i] = usual ?? NaN;
    state.absences[i] = standing.quiet ? 0 : absenceCode(standing.absence);
    state.bases[i] = standing.base ?? NaN;
    if (standing.detail !== null) details.set(i, standing.detail);
    metrics[metric] = metricState(world, site, metric, standing, usual, before[metric], at);
  }
  return { metrics, slotHours: opening.today ? (facts?.hours ?? []) : [], details };
}

const MISSING: Derived = { value: null, absence: 'not-reported', detail: null, observedAt: null, last: null };
const ESTIMATED: ReadonlySet<MetricName> = new Set(['patients.without-slot']);

function metricState(
  world: World,
  site: SiteLayout,
  metric: MetricName,
  standing: Derived,
  usual: number | undefined,
  before: MetricState | undefined,
  at: EpochMs,
): MetricState {
  const spec = METRICS[metric];
  const value = standing.value === null ? null : roundFor(spec.measure, standing.value);
  const feed = world.feeds[site.instanceOf[METRIC_INDEX[metric]] ?? -1];
  const kept = before && before.value === value && before.absence === standing.absence ? before.observedAt : undefined;
  const observed = standing.observedAt ?? feed?.observedAt ?? at;
  const observedAt = value === null && !feed ? null : (kept ?? world.instant(observed));
  return {
    value,
    absence: standing.absence,
    observedAt,
    ...(standing.detail === null ? {} : { detail: standing.detail }),
    ...(standing.last === null
      ? {}
      : { last: { value: standing.last.value, observedAt: world.instant(standing.last.at) } }),
    ...(usual === undefined ? {} : { usual }),
    ...(ESTIMATED.has(metric) && value !== null ? { estimated: true } : {}),
    ...(feed ? { feed: feed.status.id } : {}),
  };
}
