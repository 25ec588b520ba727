import { METRICS, type MetricName } from '#shared/model/metrics.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { add, FOLDED, LANE, metricLane, present, raise, SOURCE } from './lanes.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import { placeNow } from './sources.ts';
import { absenceCode, type SiteState } from './state.ts';

/** `people`: a practice's registered list, or those that a hub serves. */
type Pick = (state: SiteState, people: number) => number;

const valueOf =
  (metric: MetricName): Pick =>
  (state) =>
    state.values[METRIC_INDEX[metric]] ?? NaN;
const baseOf =
  (metric: MetricName): Pick =>
  (state) =>
    state.bases[METRIC_INDEX[metric]] ?? NaN;

/** A share or rate of a group: the sum of its numerators over the sum of its denominators. */
interface Ratio {
  readonly numerator: Pick;
  readonly denominator: Pick;
}

const onBase = (metric: MetricName): Ratio => {
  const value = valueOf(metric);
  const base = baseOf(metric);
  return { numerator: (state, p) => value(state, p) * base(state, p), denominator: base };
};
const over = (part: MetricName, whole: MetricName): Ratio => ({
  numerator: valueOf(part),
  denominator: valueOf(whole),
});
const free = valueOf('slots.free');
const booked = valueOf('slots.booked');
const longestWait = valueOf('calls.longest-wait');
const missed = valueOf('appointments.no-show');
const attended = valueOf('appointments.attended');

const perPeople = (metric: MetricName): Ratio => ({
  numerator: (state, people) => valueOf(metric)(state, people) * (people / 1000),
  denominator: (_, people) => people / 1000,
});

const RATIOS: Partial<Record<MetricName, Ratio>> = {
  'calls.wait': {
    numerator: (state, population) => longestWait(state, population) * population,
    denominator: (_, population) => population,
  },
  'calls.answered-share': onBase('calls.answered-share'),
  'calls.missed-share': onBase('calls.missed-share'),
  'calls.against-usual': onBase('calls.against-usual'),
  'callbacks.per-1000': {
    numerator: valueOf('callbacks.waiting'),
    denominator: (_, population) => population / 1000,
  },
  'online.per-1000': { numerator: valueOf('online.open'), denominator: (_, population) => population / 1000 },
  'slots.left-behind': onBase('slots.left-behind'),
  'appointments.urgent-share': over('appointments.urgent-same-day', 'appointments.urgent'),
  'appointments.within-48h-share': over('appointments.within-48h', 'appointments.measured'),
  'appointments.within-7d-share': over('appointments.within-7d', 'appointments.measured'),
  'appointments.within-14d-share': over('appointments.within-14d', 'appointments.measured'),
  'appointments.no-show-share': {
    numerator: missed,
    denominator: (state, p) => missed(state, p) + attended(state, p),
  },
  'appointments.per-clinician': onBase('appointments.per-clinician'),
  'staff.available-share': over('staff.clinical-available', 'staff.clinical-planned'),
  'access.used-share': onBase('access.used-share'),
  'access.unfilled-4h-share': onBase('access.unfilled-4h-share'),
  'access.offered-per-1000': perPeople('access.offered-per-1000'),
  'access.booked-per-1000': perPeople('access.booked-per-1000'),
  'slots.left-share': { numerator: free, denominator: (state, p) => free(state, p) + booked(state, p) },
  'iuc.answered-60s-share': over('iuc.answered-in-60s', 'iuc.answered'),
  'iuc.abandoned-share': over('iuc.abandoned', 'iuc.offered'),
  'iuc.shifts-share': over('iuc.shifts-filled', 'iuc.shifts-planned'),
};
/** Rates that a group has of its own people, whoever of its hubs serves them. */
export const PER_PEOPLE: ReadonlySet<MetricName> = new Set(['access.offered-per-1000', 'access.booked-per-1000']);

/** How one metric of a kind of site adds to the lanes of its group. */
interface Contribution {
  readonly lane: number;
  readonly source: number;
  readonly ratio: Ratio | null;
  readonly maximum: boolean;
  readonly counter: boolean;
  readonly perPeople: boolean;
}

// Slots of hubs and services are another capacity than the practices' own: they are summed as hours, not as metrics.
const counts = (metric: MetricName, kind: SiteKind): boolean =>
  metric.startsWith('slots.') || metric.startsWith('appointments.')
    ? kind === 'practice'
    : (METRICS[metric].siteKinds as readonly SiteKind[]).includes(kind);

const byKind = new Map<SiteKind, readonly Contribution[]>();

export function contributionsOf(kind: SiteKind): readonly Contribution[] {
  let found = byKind.get(kind);
  if (!found) {
    found = FOLDED.filter((metric) => counts(metric, kind)).map((metric) => ({
      lane: metricLane(metric, 'sum'),
      source: METRIC_INDEX[SOURCE[metric] ?? metric],
      ratio: RATIOS[metric] ?? null,
      maximum: METRICS[metric].group === 'max',
      counter: METRICS[metric].shape === 'since-midnight',
      perPeople: PER_PEOPLE.has(metric),
    }));
    byKind.set(kind, found);
  }
  return found;
}

const CLOSED = absenceCode('closed');

/** Adds one metric of a site to its group's lanes; `today` is the start of the London day. */
export function contribute(
  lanes: Float64Array,
  part: Contribution,
  site: SiteLayout,
  state: SiteState,
  today: EpochMs,
): void {
  const { lane, source, ratio } = part;
  const value = state.values[source];
  // Hubs weigh by whom they serve where that is what their figure is of; other services count alike.
  const people = site.practice ? site.population : site.served;
  const weight = site.practice || part.perPeople ? people : 1;
  if (!present(value)) {
    // Closed, or nothing to take a share of: no gap in what is known.
    const code = state.absences[source] ?? 0;
    if (code !== 0 && code !== CLOSED) add(lanes, lane + LANE.expected, weight);
    // What a silent site had counted today still happened: without it a group's day would fall and rise again.
    const counted = part.counter ? state.counters.get(placeNow(site, state, source)) : undefined;
    if (counted?.day === today) add(lanes, lane + LANE.sum, counted.total);
    return;
  }
  add(lanes, lane + LANE.expected, weight);
  const denominator = ratio ? ratio.denominator(state, people) : weight;
  const numerator = ratio ? ratio.numerator(state, people) : value;
  if (!present(numerator) || !present(denominator)) return;
  add(lanes, lane + LANE.cover, weight);
  add(lanes, lane + LANE.den, denominator);
  if (part.maximum) raise(lanes, lane + LANE.sum, numerator);
  else add(lanes, lane + LANE.sum, numerator);
  const usual = state.usuals[source];
  if (!present(usual)) return;
  // Usual of a ratio weighs as its denominator does, so that the two compare.
  add(lanes, lane + LANE.usual, ratio ? usual * denominator : usual);
  add(lanes, lane + LANE.usualDen, denominator);
}
