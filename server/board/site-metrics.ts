import { METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { MetricState, SlotHour } from '#shared/model/unit.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import { MEASURES, metricState, roundFor, steadyUsual } from './metric-state.ts';
import type { Opening } from './openings.ts';
import type { Derived } from './derived-standing.ts';
import { accessDerived } from './site-access.ts';
import { appointmentsDerived, onlineDerived, sharesDerived } from './site-care.ts';
import { callsDerived, iucDerived } from './site-derived.ts';
import { inputStanding, slotsNow, slotStanding } from './site-inputs.ts';
import { slotsDerived } from './site-slots.ts';
import { instanceNow } from './sources.ts';
import { absenceCode, type SiteState } from './state.ts';
import type { World } from './world.ts';

/** What of a site's metrics is to be published; the values themselves go into the site's arrays. */
export interface SiteMetrics {
  /** Only those that differ from what is published. */
  readonly metrics: Record<string, MetricState>;
  readonly changed: boolean;
  /** Something is different that a group sums; more than what is published of it. */
  readonly moved: boolean;
  readonly slotHours: readonly SlotHour[];
  /** Why metrics are absent, by metric index. */
  readonly details: ReadonlyMap<number, string>;
}

const MISSING: Derived = { value: null, absence: 'not-reported', detail: null, observedAt: null, last: null };
const NOTHING: Record<string, MetricState> = {};
const ESTIMATED = METRIC_INDEX['patients.without-slot'];
const FREE = METRIC_INDEX['slots.free'];
const OFFERED = METRIC_INDEX['iuc.offered'];
const ATTENDED = METRIC_INDEX['appointments.attended'];
const ONLINE = METRIC_INDEX['online.open'];

/** Works out every metric of one site at `at`. */
export function siteMetrics(
  world: World,
  site: SiteLayout,
  state: SiteState,
  at: EpochMs,
  opening: Opening,
): SiteMetrics {
  const standings = new Array<Derived | undefined>(METRIC_NAMES.length);
  const put = (metric: MetricName, standing: Derived) => {
    standings[METRIC_INDEX[metric]] = standing;
  };
  const of = (metric: MetricName): Derived => standings[METRIC_INDEX[metric]] ?? MISSING;
  const reports = (metric: MetricName) => standings[METRIC_INDEX[metric]] !== undefined;
  const slots = slotsNow(world, site, state, at);
  for (const i of site.expectedAt) {
    const input = inputStanding(world, site, state, i, at, opening);
    const counted = slots !== null && instanceNow(site, state, i) === slots.instance;
    standings[i] = counted ? slotStanding(slots.facts, i, input) : input;
  }
  if (site.practice) callsDerived(world, site, state, of, put, at);
  if (standings[FREE]) slotsDerived(world, site, state, of, put, at, opening);
  if (standings[FREE] && !site.practice) accessDerived(world, site, state, slots, of, put, at);
  if (standings[ATTENDED]) appointmentsDerived(site, reports, of, put);
  if (standings[ONLINE]) onlineDerived(world, site, state, of, put, at);
  if (site.practice) sharesDerived(reports, of, put);
  if (standings[OFFERED]) iucDerived(of, put);
  const details = new Map<number, string>();
  const published = publishable(world, site, state, standings, details, at);
  return { ...published, slotHours: opening.today ? (slots?.facts.hours ?? []) : [], details };
}

const flags = new WeakMap<ReadonlySet<MetricName>, Uint8Array>();

/** Metrics that a normal can know of, by index; null: any. */
function knownTo(metrics: ReadonlySet<MetricName> | undefined): Uint8Array | null {
  if (metrics === undefined) return null;
  let found = flags.get(metrics);
  if (!found) {
    found = Uint8Array.from(METRIC_NAMES, (name) => (metrics.has(name) ? 1 : 0));
    flags.set(metrics, found);
  }
  return found;
}

function publishable(
  world: World,
  site: SiteLayout,
  state: SiteState,
  standings: readonly (Derived | undefined)[],
  details: Map<number, string>,
  at: EpochMs,
): Pick<SiteMetrics, 'metrics' | 'changed' | 'moved'> {
  let moved = false;
  let differs = false;
  const put = (into: Float64Array | Uint8Array, i: number, value: number) => {
    if (Object.is(into[i], value)) return;
    into[i] = value;
    moved = true;
  };
  const published = world.published.units[site.index]?.metrics ?? NOTHING;
  const { shown } = world.memory;
  const known = knownTo(world.normal.metrics);
  const changed: Record<string, MetricState> = {};
  for (let i = 0; i < standings.length; i += 1) {
    const standing = standings[i];
    const metric = METRIC_NAMES[i];
    const measure = MEASURES[i];
    if (standing === undefined || metric === undefined || measure === undefined) continue;
    const normal = known === null || known[i] === 1 ? world.normal.usual(site.def.id, metric, at) : null;
    const usual = normal === null ? undefined : steadyUsual(shown.usual(site.index, i), normal, measure);
    const { value, absence, detail, last } = standing;
    const rounded = value === null ? null : roundFor(measure, value);
    // What is shown is what is judged and summed, so that every figure can be checked against the others.
    put(state.values, i, rounded ?? NaN);
    put(state.usuals, i, usual ?? NaN);
    put(state.absences, i, standing.quiet === true ? 0 : absenceCode(absence));
    put(state.bases, i, standing.base ?? NaN);
    if (detail !== null) details.set(i, detail);
    const feed = world.feeds[instanceNow(site, state, i)];
    const { coverage } = standing;
    const estimated = i === ESTIMATED || standing.estimated === true;
    const now = { value: rounded, absence, detail, last, usual, feed: feed?.status.id, coverage, estimated };
    if (shown.stands(site.index, i, now)) continue;
    const observedAt = value === null && !feed ? null : (standing.observedAt ?? feed?.observedAt ?? at);
    changed[metric] = metricState(now, observedAt, published[metric], world.instant);
    shown.note(site.index, i, now);
    differs = true;
  }
  return { metrics: changed, changed: differs, moved: moved || differs };
}
