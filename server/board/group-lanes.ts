import { METRIC_NAMES, METRICS, type MetricName } from '#shared/model/metrics.ts';
import { METRIC_INDEX, type GroupLayout, type Layout, type SiteLayout } from './layout.ts';
import { absenceCode, type GroupState, type SiteState } from './state.ts';

/** First lanes of a group: sums over the practices beneath it. */
export const HEAD = {
  practices: 0,
  reporting: 1,
  open: 2,
  openPopulation: 3,
  knownPopulation: 4,
  scored: 5,
  distressed: 6,
  lastPopulation: 7,
  lastScored: 8,
  lastDistressed: 9,
  services: 10,
  /** These two are maxima, -1 for none. */
  worst: 11,
  lastWorst: 12,
} as const;
const HEAD_LANES = 13;
const MAXIMA: ReadonlySet<number> = new Set([HEAD.worst, HEAD.lastWorst]);

/** Lanes of one metric. `sum` is a maximum (-1: none) where the catalogue folds by maximum. */
export const LANE = { sum: 0, den: 1, cover: 2, expected: 3, usual: 4, usualDen: 5 } as const;
const METRIC_LANES = 6;

export const FOLDED: readonly MetricName[] = METRIC_NAMES.filter((m) => METRICS[m].group !== 'none');
const PLACE = new Map(FOLDED.map((m, i) => [m, HEAD_LANES + i * METRIC_LANES]));
const RULES_FROM = HEAD_LANES + FOLDED.length * METRIC_LANES;
export const metricLane = (metric: MetricName, lane: keyof typeof LANE): number =>
  (PLACE.get(metric) ?? 0) + LANE[lane];
export const ruleLane = (rule: number, lane: 0 | 1): number => RULES_FROM + rule * 2 + lane;

const maxima = (length: number): Uint8Array => {
  const flags = new Uint8Array(length);
  for (const lane of MAXIMA) flags[lane] = 1;
  for (const metric of FOLDED) if (METRICS[metric].group === 'max') flags[metricLane(metric, 'sum')] = 1;
  return flags;
};

const present = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);
const add = (lanes: Float64Array, lane: number, value: number) => {
  lanes[lane] = (lanes[lane] ?? 0) + value;
};
const raise = (lanes: Float64Array, lane: number, value: number) => {
  if (value > (lanes[lane] ?? -1)) lanes[lane] = value;
};

/** What a derived metric of a group is made of, per site: numerator and denominator. */
type Ratio = (v: (m: MetricName) => number, population: number, base: number) => readonly [number, number];
const RATIOS: Partial<Record<MetricName, Ratio>> = {
  'calls.wait': (v, population) => [v('calls.longest-wait') * population, population],
  'calls.answered-share': (v, _, base) => [v('calls.answered-share') * base, base],
  'calls.missed-share': (v, _, base) => [v('calls.missed-share') * base, base],
  'calls.against-usual': (v, _, base) => [v('calls.against-usual') * base, base],
  'callbacks.per-1000': (v, population) => [v('callbacks.waiting'), population / 1000],
  'slots.left-share': (v) => [v('slots.free'), v('slots.free') + v('slots.booked')],
  'iuc.answered-60s-share': (v) => [v('iuc.answered-in-60s'), v('iuc.answered')],
  'iuc.abandoned-share': (v) => [v('iuc.abandoned'), v('iuc.offered')],
  'iuc.shifts-share': (v) => [v('iuc.shifts-filled'), v('iuc.shifts-planned')],
};
/** Site metric that a group's own metric stands for where it has none of its name. */
const SOURCE: Partial<Record<MetricName, MetricName>> = { 'calls.wait': 'calls.longest-wait' };

export interface Folder {
  /** Lanes of a group from its direct parts: the cost follows its branching, never the size of the system. */
  fold(
    group: GroupLayout,
    sites: readonly (SiteState | undefined)[],
    groups: readonly (GroupState | undefined)[],
  ): Float64Array;
  readonly length: number;
}

export function createFolder(layout: Layout): Folder {
  const length = RULES_FROM + layout.definition.rules.indicators.length * 2;
  const isMaximum = maxima(length);
  const addSite = (lanes: Float64Array, site: SiteLayout, state: SiteState) => {
    addHead(lanes, site, state);
    for (const metric of FOLDED) addMetric(lanes, metric, site, state);
    if (!site.practice || !state.open) return;
    for (const { index } of site.rules) {
      const points = state.points[index];
      if (!present(points)) continue;
      add(lanes, ruleLane(index, 0), points * site.population);
      add(lanes, ruleLane(index, 1), site.population);
    }
  };
  return {
    length,
    fold(group, sites, groups) {
      const lanes = new Float64Array(length);
      for (let i = 0; i < length; i += 1) if (isMaximum[i]) lanes[i] = -1;
      for (const index of group.sites) {
        const site = layout.sites[index];
        const state = sites[index];
        if (site && state) addSite(lanes, site, state);
      }
      for (const index of group.groups) {
        const part = groups[index]?.lanes;
        if (!part) continue;
        for (let i = 0; i < length; i += 1) {
          if (isMaximum[i]) raise(lanes, i, part[i] ?? -1);
          else lanes[i] = (lanes[i] ?? 0) + (part[i] ?? 0);
        }
      }
      return lanes;
    },
  };
}

function addHead(lanes: Float64Array, site: SiteLayout, state: SiteState): void {
  if (!site.practice) {
    add(lanes, HEAD.services, 1);
    return;
  }
  add(lanes, HEAD.practices, 1);
  if (site.expected.some((m) => present(state.values[METRIC_INDEX[m]]))) add(lanes, HEAD.reporting, 1);
  if (!state.open) return;
  const { population } = site;
  add(lanes, HEAD.open, 1);
  add(lanes, HEAD.openPopulation, population);
  const severe = (state.standing.level ?? state.standing.lost?.level ?? 1) >= 3 ? population : 0;
  if (state.lastScore !== null) {
    add(lanes, HEAD.lastPopulation, population);
    add(lanes, HEAD.lastScored, state.lastScore * population);
    add(lanes, HEAD.lastDistressed, severe);
    raise(lanes, HEAD.lastWorst, state.lastScore);
  }
  if (state.standing.level === null || state.lastScore === null) return;
  add(lanes, HEAD.knownPopulation, population);
  add(lanes, HEAD.scored, state.lastScore * population);
  add(lanes, HEAD.distressed, severe);
  raise(lanes, HEAD.worst, state.lastScore);
}

const CLOSED_CODE = absenceCode('closed');

function addMetric(lanes: Float64Array, metric: MetricName, site: SiteLayout, state: SiteState): void {
  const kinds = METRICS[metric].siteKinds as readonly string[];
  // Slots of hubs and services are another capacity than the practices' own: they are summed as hours, not as metrics.
  const mine =
    metric.startsWith('slots.') || metric.startsWith('appointments.')
      ? site.practice
      : kinds.includes(site.def.siteKind ?? '');
  if (!mine) return;
  const source = METRIC_INDEX[SOURCE[metric] ?? metric];
  const at = PLACE.get(metric) ?? 0;
  const value = state.values[source];
  const weight = site.practice ? site.population : 1;
  if (!present(value)) {
    // Closed, or nothing to take a share of: no gap in what is known.
    const code = state.absences[source] ?? 0;
    if (code !== 0 && code !== CLOSED_CODE) add(lanes, at + LANE.expected, weight);
    return;
  }
  add(lanes, at + LANE.expected, weight);
  const usual = state.usuals[source];
  const ratio = RATIOS[metric];
  if (ratio) {
    const [numerator, denominator] = ratio(
      (m) => state.values[METRIC_INDEX[m]] ?? NaN,
      site.population,
      state.bases[source] ?? NaN,
    );
    if (!present(numerator) || !present(denominator)) return;
    add(lanes, at + LANE.cover, weight);
    add(lanes, at + LANE.sum, numerator);
    add(lanes, at + LANE.den, denominator);
    if (!present(usual)) return;
    add(lanes, at + LANE.usual, usual * denominator);
    add(lanes, at + LANE.usualDen, denominator);
    return;
  }
  add(lanes, at + LANE.cover, weight);
  if (METRICS[metric].group === 'max') raise(lanes, at + LANE.sum, value);
  else add(lanes, at + LANE.sum, value);
  if (!present(usual)) return;
  add(lanes, at + LANE.usual, usual);
  add(lanes, at + LANE.usualDen, weight);
}
