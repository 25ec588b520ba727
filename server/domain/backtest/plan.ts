import type { Definition, UnitDef, WeeklyHours } from '#shared/model/definition.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import { expectedMetrics, METRICS, metricSpec, type MetricMeasure, type MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { feedInstances, type FeedInstance } from '../feed-instances.ts';
import { BASE_OF } from '../pressure/bases.ts';
import { readyRules, rulesFor, type ReadyRule } from '../pressure/indicators.ts';
import { decimalsOf } from '../rounding.ts';
import { everyMs } from '../schedule.ts';

/** One metric that a site is judged on, or the base of one. */
export interface PlanMetric {
  readonly name: MetricName;
  readonly measure: MetricMeasure;
  /** Values are judged as they are published: whole numbers of one over this. */
  readonly scale: number;
  /** Absent while nothing has been heard of it; false: nobody misses it. */
  readonly expected: boolean;
  /** A since-midnight total: yesterday's says nothing of today. */
  readonly counter: boolean;
  /** How long an indicator keeps its last points once it is absent, and how often its feed is asked (Infinity: no feed). */
  readonly holdMs: number;
  readonly everyMs: number;
}

/** An indicator as one side has it, with the places of what it is judged on among the site's metrics. */
export interface PlanRule {
  readonly ready: ReadyRule;
  /** Among the site's indicators. */
  readonly place: number;
  readonly metric: number;
  /** -1: none. */
  readonly base: number;
  readonly needsUsual: boolean;
  /** Its base is worked out from its own value as well: any change of either can tell. */
  readonly entangled: boolean;
}

export interface PlanSide {
  readonly rules: readonly PlanRule[];
  /** By place of a metric: the rules that look at it. */
  readonly looking: readonly (readonly PlanRule[])[];
  /** Those whose base is worked out from their own value as well. */
  readonly entangled: readonly PlanRule[];
  /** Local minutes at which an indicator begins or ceases to count. */
  readonly edges: ReadonlySet<number>;
}

export interface PlanSite {
  readonly def: UnitDef;
  /** Place among the plan's sites. */
  readonly place: number;
  readonly practice: boolean;
  readonly population: number;
  readonly hours: WeeklyHours;
  readonly metrics: readonly PlanMetric[];
  readonly metricPlace: ReadonlyMap<MetricName, number>;
  /** Metrics whose own normal is asked for. */
  readonly usual: readonly number[];
  readonly sides: readonly PlanSide[];
}

/** A group with the places of its parts. */
export interface PlanGroup {
  readonly def: UnitDef;
  readonly place: number;
  /** Practices only: what else hangs there is outside the weighting. */
  readonly sites: readonly number[];
  readonly groups: readonly number[];
}

/** A definition made ready to be judged by several sets of rules in one pass. */
export interface Plan {
  readonly rules: readonly Rules[];
  readonly sites: readonly PlanSite[];
  /** Parts before what they are part of. */
  readonly groups: readonly PlanGroup[];
  /** Every metric to be read, `declared.level` among them. */
  readonly metrics: readonly MetricName[];
  /** Those that some indicator judges against what is usual. */
  readonly usual: readonly MetricName[];
}

export function createPlan(definition: Definition, rules: readonly Rules[]): Plan {
  const ready = rules.map(readyRules);
  const feedsOf = new Map<string, FeedInstance[]>();
  for (const instance of feedInstances(definition)) {
    for (const site of instance.sites) feedsOf.set(site.id, [...(feedsOf.get(site.id) ?? []), instance]);
  }
  const sites = definition.units
    .filter((unit) => unit.kind === 'site')
    .map((def, place) => planSite(definition, def, place, ready, feedsOf.get(def.id) ?? []));
  const names = new Set(sites.flatMap((site) => site.metrics.map((metric) => metric.name)));
  return {
    rules,
    sites,
    groups: planGroups(definition, sites),
    metrics: [...names.add('declared.level')],
    usual: [...new Set(sites.flatMap((site) => site.usual.flatMap((place) => site.metrics[place]?.name ?? [])))],
  };
}

function planSite(
  definition: Definition,
  def: UnitDef,
  place: number,
  ready: readonly (readonly ReadyRule[])[],
  feeds: readonly FeedInstance[],
): PlanSite {
  const kind = def.siteKind ?? 'practice';
  const own = ready.map((rules) => rulesFor(rules, kind));
  const names = new Set<MetricName>();
  for (const { metric } of own.flat()) {
    names.add(metric);
    const base = BASE_OF[metric];
    if (base) names.add(base);
  }
  const metrics = [...names].map((name) => planMetric(name, kind, feeds));
  const metricPlace = new Map(metrics.map(({ name }, i) => [name, i]));
  const sides = own.map((rules) => planSide(rules, metrics, metricPlace));
  const usual = metrics.flatMap((_, i) =>
    sides.some((side) => side.rules.some((rule) => rule.needsUsual && rule.metric === i)) ? [i] : [],
  );
  return {
    def,
    place,
    practice: kind === 'practice',
    population: kind === 'practice' ? Math.max(0, def.population ?? 0) : 0,
    hours: def.opening ?? definition.coreHours,
    metrics,
    metricPlace,
    usual,
    sides,
  };
}

function planMetric(name: MetricName, kind: SiteKind, feeds: readonly FeedInstance[]): PlanMetric {
  const { derived, optional, siteKinds, measure, shape } = metricSpec(name);
  // The first of several that can bring it, in the order of feeds.yaml, as the board has it.
  const feed = feeds.find((instance) => metricsOf(instance.feed).includes(name))?.feed;
  const always = derived ? siteKinds.includes(kind) : expectedMetrics(kind).includes(name);
  return {
    name,
    measure,
    scale: 10 ** decimalsOf(measure),
    expected: optional === true ? feed !== undefined : always,
    counter: shape === 'since-midnight',
    holdMs: feed?.staleAfterMs ?? 0,
    everyMs: feed ? everyMs(feed.schedule) : Infinity,
  };
}

function planSide(
  ready: readonly ReadyRule[],
  metrics: readonly PlanMetric[],
  placeOf: ReadonlyMap<MetricName, number>,
): PlanSide {
  const rules = ready.map((rule, place): PlanRule => {
    const base = BASE_OF[rule.metric];
    const { against } = rule.rule;
    return {
      ready: rule,
      place,
      metric: placeOf.get(rule.metric) ?? -1,
      base: base && Object.hasOwn(METRICS, base) ? (placeOf.get(base) ?? -1) : -1,
      entangled: rule.metric === 'calls.against-usual',
      needsUsual: against === 'usual-ratio' || against === 'usual-difference',
    };
  });
  return {
    rules,
    looking: metrics.map((_, i) => rules.filter((rule) => rule.metric === i || rule.base === i)),
    entangled: rules.filter((rule) => rule.entangled && rule.ready.rule.minimumBase !== undefined),
    edges: new Set(ready.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute])),
  };
}

function planGroups(definition: Definition, sites: readonly PlanSite[]): PlanGroup[] {
  const groups = definition.units.filter((unit) => unit.kind !== 'site').reverse();
  const placeOf = new Map(groups.map(({ id }, place) => [id, place]));
  const partsOf = Map.groupBy(groups, (group) => group.parent);
  const sitesOf = Map.groupBy(
    sites.filter((site) => site.practice),
    (site) => site.def.parent,
  );
  return groups.map((def, place) => ({
    def,
    place,
    sites: (sitesOf.get(def.id) ?? []).map((site) => site.place),
    groups: (partsOf.get(def.id) ?? []).flatMap((part) => placeOf.get(part.id) ?? []),
  }));
}
