import type { EpochMs } from '#shared/model/time.ts';
import { contribute, contributionsOf } from './contributions.ts';
import { addHead } from './group-head.ts';
import { add, maxima, present, raise, ruleLane, RULES_FROM } from './lanes.ts';
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
  const isMaximum = maxima(length);
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
  return {
    length,
    fold(group, sites, groups, today) {
      const lanes = new Float64Array(length);
      for (let i = 0; i < length; i += 1) if (isMaximum[i]) lanes[i] = -1;
      for (const index of group.sites) {
        const site = layout.sites[index];
        const state = sites[index];
        if (site && state) addSite(lanes, site, state, today);
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
