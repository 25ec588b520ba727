import { expectedMetrics, METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import type { Definition, UnitDef, WeeklyHours } from '#shared/model/definition.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { feedInstances, type FeedInstance } from '../domain/feed-instances.ts';
import { readyRules, rulesFor, type ReadyRule } from '../domain/pressure/indicators.ts';
import { everyMs } from '../domain/schedule.ts';

/** Place of a metric in every array of values by metric. */
export const METRIC_INDEX = Object.fromEntries(METRIC_NAMES.map((name, i) => [name, i])) as Record<MetricName, number>;

export interface SiteLayout {
  readonly index: number;
  readonly def: UnitDef;
  readonly parent: number;
  readonly kind: SiteKind;
  readonly practice: boolean;
  /** Registered list for practices; 0 for services, which are outside the weighting. */
  readonly population: number;
  readonly hours: WeeklyHours;
  readonly rules: readonly ReadyRule[];
  readonly expected: readonly MetricName[];
  /** Feed instance that brings a metric, by metric index; -1: none does. */
  readonly instanceOf: Int32Array;
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
}

/** A definition as arrays: every unit and feed instance by its index, in the definition's order. */
export interface Layout {
  readonly definition: Definition;
  readonly rules: readonly ReadyRule[];
  readonly practiceRules: readonly ReadyRule[];
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly sites: readonly (SiteLayout | undefined)[];
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
  }));
  const feedsOf: InstanceLayout[][] = ids.map(() => []);
  for (const instance of instances) for (const site of instance.siteIndexes) feedsOf[site]?.push(instance);
  const rules = readyRules(definition.rules);
  const sites = definition.units.map((def, index) =>
    def.kind === 'site'
      ? siteLayout(definition, def, index, parents[index] ?? -1, rules, feedsOf[index] ?? [])
      : undefined,
  );
  return {
    definition,
    rules,
    practiceRules: rulesFor(rules, 'practice'),
    ids,
    indexOf,
    sites,
    groupsUp: groupLayouts(definition, parents),
    parents,
    instances,
    instanceIndex: new Map(instances.map((i) => [i.id, i.index])),
  };
}

function siteLayout(
  definition: Definition,
  def: UnitDef,
  index: number,
  parent: number,
  rules: readonly ReadyRule[],
  instances: readonly InstanceLayout[],
): SiteLayout {
  const kind = def.siteKind ?? 'practice';
  const instanceOf = new Int32Array(METRIC_NAMES.length).fill(-1);
  for (const instance of instances) {
    for (const name of metricsOf(instance.feed)) {
      // The feed that stands first in feeds.yaml is the one that counts.
      if (instanceOf[METRIC_INDEX[name]] === -1) instanceOf[METRIC_INDEX[name]] = instance.index;
    }
  }
  return {
    index,
    def,
    parent,
    kind,
    practice: kind === 'practice',
    population: kind === 'practice' ? Math.max(0, def.population ?? 0) : 0,
    hours: def.opening ?? definition.coreHours,
    rules: rulesFor(rules, kind),
    expected: expectedMetrics(kind),
    instanceOf,
    feeds: instances.map((i) => i.id),
  };
}

function groupLayouts(definition: Definition, parents: Int32Array): GroupLayout[] {
  const sites = new Map<number, number[]>();
  const groups = new Map<number, number[]>();
  definition.units.forEach((def, index) => {
    const into = def.kind === 'site' ? sites : groups;
    const parent = parents[index] ?? -1;
    into.set(parent, [...(into.get(parent) ?? []), index]);
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
