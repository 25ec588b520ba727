import type { EpochMs } from '#shared/model/time.ts';
import { contribute, contributionsOf } from './contributions.ts';
import { addHead } from './group-head.ts';
import { add, maxima, present, ruleLane, RULES_FROM } from './lanes.ts';
import type { GroupLayout, Layout, SiteLayout } from './layout.ts';
import type { GroupState, SiteState } from './state.ts';

export interface Folder {
  /** Lanes of a group from its direct parts: the cost follows its branching, never the size of the system. */
  fold(
    group: GroupLayout,
    sites: readonly (SiteState | undefined)[],
    groups: readonly (GroupState | undefined)[],
    today: EpochMs,
  ): Float64Array;
  readonly length: number;
}

export function createFolder(layout: Layout): Folder {
  const length = RULES_FROM + layout.definition.rules.indicators.length * 2;
  const tops = [...maxima(length).entries()].flatMap(([lane, is]) => (is === 1 ? [lane] : []));
  const addSite = (lanes: Float64Array, site: SiteLayout, state: SiteState, today: EpochMs) => {
    addHead(lanes, site, state);
    for (const part of contributionsOf(site.kind)) contribute(lanes, part, site, state, today);
    if (!site.practice || !state.open) return;
    for (const { index } of site.rules) {
      const points = state.points[index];
      if (!present(points)) continue;
      add(lanes, ruleLane(index, 0), points * site.population);
      add(lanes, ruleLane(index, 1), site.population);
    }
  };
  /** Sums over all lanes at once, then the maxima among them by themselves. */
  const addGroups = (lanes: Float64Array, group: GroupLayout, groups: readonly (GroupState | undefined)[]) => {
    const most = tops.map((lane) => lanes[lane] ?? -1);
    for (const index of group.groups) {
      const part = groups[index]?.lanes;
      if (!part) continue;
      for (let i = 0; i < length; i += 1) lanes[i] = (lanes[i] ?? 0) + (part[i] ?? 0);
      for (let k = 0; k < tops.length; k += 1) most[k] = Math.max(most[k] ?? -1, part[tops[k] ?? 0] ?? -1);
    }
    for (let k = 0; k < tops.length; k += 1) lanes[tops[k] ?? 0] = most[k] ?? -1;
  };
  return {
    length,
    fold(group, sites, groups, today) {
      const lanes = new Float64Array(length);
      for (const i of tops) lanes[i] = -1;
      for (const index of group.sites) {
        const site = layout.sites[index];
        const state = sites[index];
        if (site && state) addSite(lanes, site, state, today);
      }
      if (group.groups.length > 0) addGroups(lanes, group, groups);
      return lanes;
    },
  };
}
