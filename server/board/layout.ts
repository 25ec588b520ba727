import { expectedMetrics, METRIC_NAMES, metricSpec, type MetricName } from '#shared/model/metrics.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import type { Definition, UnitDef, WeeklyHours } from '#shared/model/definition.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { createHoursInterner } from '../domain/by-hours.ts';
import { feedInstances, type FeedInstance } from '../domain/feed-instances.ts';
import { readyRules, rulesFor, type ReadyRule } from '../domain/pressure/indicators.ts';
import { everyMs } from '../domain/schedule.ts';

/** Place of a metric in every array of values by metric. */
export const METRIC_INDEX = Object.fromEntries(METRIC_NAMES.map((name, i) => [name, i])) as Record<MetricName, number>;

/** One of several feeds that can bring a metric of a site. */
export interface Source {
  readonly instance: number;
  /** Where the site keeps what it said. */
  readonly place: number;
}

export interface SiteLayout {
  readonly index: number;
  readonly def: UnitDef;
  readonly parent: number;
  readonly kind: SiteKind;
  readonly practice: boolean;
  /** Registered list for practices; 0 for services, which are outside the weighting. */
  readonly population: number;
  /** Hubs: the people they serve; 0 for others. */
  readonly served: number;
  readonly hours: WeeklyHours;
  readonly rules: readonly ReadyRule[];
  readonly expected: readonly MetricName[];
  /** The same by metric index. */
  readonly expectedAt: readonly number[];
  /** Feed instance that brings a metric, by metric index; the first of several; -1: none does. */
  readonly instanceOf: Int32Array;
  /** Metrics that several feeds can bring, each with its sources in the order of feeds.yaml. Empty for most sites. */
  readonly contested: ReadonlyMap<number, readonly Source[]>;
  /** Places for what sources say: one for each metric's first, then one for every further source. */
  readonly places: number;
  readonly feeds: readonly string[];
}

export interface GroupLayout {
  readonly index: number;
  readonly def: UnitDef;
  readonly parent: number;
  readonly sites: readonly number[];
  readonly groups: readonly number[];
}

export interface InstanceLayout extends FeedInstance {
  readonly index: number;
  readonly everyMs: number;
  readonly siteIndexes: readonly number[];
  /** Indexes of the metrics it can bring. */
  readonly metrics: readonly number[];
}

/** A definition as arrays: every unit and feed instance by its index, in the definition's order. */
export interface Layout {
  readonly definition: Definition;
  readonly rules: readonly ReadyRule[];
  readonly practiceRules: readonly ReadyRule[];
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly sites: readonly (SiteLayout | undefined)[];
  /** Sites at which some metric has several sources. */
  readonly contested: readonly SiteLayout[];
  /** Deepest first: parts come before what they are part of. */
  readonly groupsUp: readonly GroupLayout[];
  readonly parents: Int32Array;
  readonly instances: readonly InstanceLayout[];
  readonly instanceIndex: ReadonlyMap<string, number>;
}

export function createLayout(definition: Definition): Layout {
  const ids = definition.units.map((u) => u.id);
  const indexOf = new Map(ids.map((id, i) => [id, i]));
  const parents = Int32Array.from(definition.units, (u) => (u.parent === null ? -1 : (indexOf.get(u.parent) ?? -1)));
  const instances = feedInstances(definition).map((instance, index): InstanceLayout => ({
    ...instance,
    index,
    everyMs: everyMs(instance.feed.schedule),
    siteIndexes: instance.sites.flatMap((s) => indexOf.get(s.id) ?? []),
    metrics: metricsOf(instance.feed).map((name) => METRIC_INDEX[name]),
  }));
  const feedsOf: InstanceLayout[][] = ids.map(() => []);
  for (const instance of instances) for (const site of instance.siteIndexes) feedsOf[site]?.push(instance);
  const rules = readyRules(definition.rules);
  const shared = sharedBySites(definition, rules);
  const sites = definition.units.map((def, index) =>
    def.kind === 'site' ? siteLayout(shared, def, index, parents[index] ?? -1, feedsOf[index] ?? []) : undefined,
  );
  return {
    definition,
    rules,
    practiceRules: rulesFor(rules, 'practice'),
    ids,
    indexOf,
    sites,
    contested: sites.flatMap((site) => (site && site.contested.size > 0 ? [site] : [])),
    groupsUp: groupLayouts(definition, parents),
    parents,
    instances,
    instanceIndex: new Map(instances.map((i) => [i.id, i.index])),
  };
}

/** What the layouts of thousands of sites take from one place instead of each working it out. */
interface Shared {
  hoursOf(def: UnitDef): WeeklyHours;
  rulesOf(kind: SiteKind): readonly ReadyRule[];
  servedBy(hub: UnitDef): number;
}

function sharedBySites(definition: Definition, rules: readonly ReadyRule[]): Shared {
  const intern = createHoursInterner();
  const byKind = new Map<SiteKind, readonly ReadyRule[]>();
  const hubs = new Map<string | null, number>();
  for (const { siteKind, parent } of definition.units) {
    if (siteKind === 'hub') hubs.set(parent, (hubs.get(parent) ?? 0) + 1);
  }
  const people = new Map<string | null, number>(definition.units.map((unit) => [unit.id, unit.population ?? 0]));
  return {
    hoursOf: ({ opening }) => intern(opening ?? definition.coreHours),
    rulesOf(kind) {
      const known = byKind.get(kind) ?? rulesFor(rules, kind);
      byKind.set(kind, known);
      return known;
    },
    servedBy: (hub) =>
      servedBy(definition.minutesPer1000, hub, (people.get(hub.parent) ?? 0) / Math.max(1, hubs.get(hub.parent) ?? 0)),
  };
}

function siteLayout(
  { hoursOf, rulesOf, servedBy }: Shared,
  def: UnitDef,
  index: number,
  parent: number,
  instances: readonly InstanceLayout[],
): SiteLayout {
  const kind = def.siteKind ?? 'practice';
  const expected = expectedOf(kind, instances);
  return {
    index,
    def,
    parent,
    kind,
    practice: kind === 'practice',
    population: kind === 'practice' ? Math.max(0, def.population ?? 0) : 0,
    served: kind === 'hub' ? servedBy(def) : 0,
    hours: hoursOf(def),
    rules: rulesOf(kind),
    expected,
    expectedAt: expected.map((metric) => METRIC_INDEX[metric]),
    ...sourcesOf(instances),
    feeds: instances.map((i) => i.id),
  };
}

/**
 * People a hub serves: those its agreed weekly minutes are meant for, where the definition states them, else its part of
 * the unit it belongs to, shared with that unit's other hubs.
 */
function servedBy(minutesPer1000: number, { identifiers }: UnitDef, part: number): number {
  const minutes = Number(identifiers['minutes'] ?? NaN);
  return minutes > 0 && minutesPer1000 > 0 ? (minutes / minutesPer1000) * 1000 : part;
}

/** What the kind of site is expected to report, and what its own feeds bring beyond that. */
function expectedOf(kind: SiteKind, instances: readonly InstanceLayout[]): readonly MetricName[] {
  const brought = new Set(instances.flatMap((instance) => instance.metrics));
  const always = new Set(expectedMetrics(kind));
  return METRIC_NAMES.filter((name, i) => always.has(name) || (metricSpec(name).optional === true && brought.has(i)));
}

function sourcesOf(instances: readonly InstanceLayout[]): Pick<SiteLayout, 'instanceOf' | 'contested' | 'places'> {
  const instanceOf = new Int32Array(METRIC_NAMES.length).fill(-1);
  const contested = new Map<number, Source[]>();
  let places = METRIC_NAMES.length;
  for (const { index: instance, metrics } of instances) {
    for (const i of metrics) {
      const first = instanceOf[i] ?? -1;
      if (first === -1) {
        instanceOf[i] = instance;
        continue;
      }
      const sources = contested.get(i) ?? [{ instance: first, place: i }];
      sources.push({ instance, place: places });
      contested.set(i, sources);
      places += 1;
    }
  }
  return { instanceOf, contested, places };
}

function groupLayouts(definition: Definition, parents: Int32Array): GroupLayout[] {
  const sites = new Map<number, number[]>();
  const groups = new Map<number, number[]>();
  definition.units.forEach((def, index) => {
    const into = def.kind === 'site' ? sites : groups;
    const parent = parents[index] ?? -1;
    const beside = into.get(parent);
    if (beside) beside.push(index);
    else into.set(parent, [index]);
  });
  return definition.units
    .flatMap((def, index): GroupLayout[] =>
      def.kind === 'site'
        ? []
        : [
            {
              index,
              def,
              parent: parents[index] ?? -1,
              sites: sites.get(index) ?? [],
              groups: groups.get(index) ?? [],
            },
          ],
    )
    .reverse();
}
