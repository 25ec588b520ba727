import type { EpochMs } from '#shared/model/time.ts';
import { contribute, contributionsOf } from './contributions.ts';
import { addHead } from './group-head.ts';
import { add, maxima, present, ruleLane, RULES_FROM } from './lanes.ts';
import type { GroupLayout, Layout, SiteLayout } from './layout.ts';
import type { GroupState, SiteState } from './state.ts';

export interface Folder {
  /**
   * Lanes of a group from its direct parts. Of a group of groups only those are summed again that have moved in one of its
   * parts, over all of them and in the same order: the sums are what they would be from nothing, to the last bit.
   */
  fold(
    group: GroupLayout,
    sites: readonly (SiteState | undefined)[],
    groups: readonly (GroupState | undefined)[],
    today: EpochMs,
  ): Float64Array;
  readonly length: number;
}

/** What a group's lanes were last made of: its own sites together, then each of its groups. */
interface Folded {
  readonly parts: readonly Float64Array[];
  readonly lanes: Float64Array;
}

const NONE = new Float64Array(0);

export function createFolder(layout: Layout): Folder {
  const length = RULES_FROM + layout.definition.rules.indicators.length * 2;
  const maximum = maxima(length);
  const folded: (Folded | undefined)[] = [];
  const moved = new Uint8Array(length);
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
  const addSites = (group: GroupLayout, sites: readonly (SiteState | undefined)[], today: EpochMs) => {
    const lanes = new Float64Array(length);
    for (let i = 0; i < length; i += 1) if (maximum[i] === 1) lanes[i] = -1;
    for (const index of group.sites) {
      const site = layout.sites[index];
      const state = sites[index];
      if (site && state) addSite(lanes, site, state, today);
    }
    return lanes;
  };
  /** Marks the lanes in which parts differ from those before; all of them where that cannot be told. */
  const markMoved = (parts: readonly Float64Array[], last: Folded | undefined) => {
    moved.fill(last ? 0 : 1);
    if (!last) return;
    for (let p = 0; p < parts.length; p += 1) {
      const [now, before] = [parts[p] ?? NONE, last.parts[p] ?? NONE];
      if (now === before) continue;
      for (let i = 0; i < length; i += 1) if (!Object.is(now[i], before[i])) moved[i] = 1;
    }
  };
  const sum = (parts: readonly Float64Array[], lane: number): number => {
    let total = parts[0]?.[lane] ?? 0;
    if (maximum[lane] === 1) {
      for (let p = 1; p < parts.length; p += 1) total = Math.max(total, parts[p]?.[lane] ?? -1);
      return total;
    }
    for (let p = 1; p < parts.length; p += 1) total += parts[p]?.[lane] ?? 0;
    return total;
  };
  return {
    length,
    fold(group, sites, groups, today) {
      const own = addSites(group, sites, today);
      if (group.groups.length === 0) return own;
      const parts = [own, ...group.groups.map((index) => groups[index]?.lanes ?? NONE)];
      const last = folded[group.index];
      markMoved(parts, last);
      const lanes = last ? last.lanes.slice() : new Float64Array(length);
      for (let i = 0; i < length; i += 1) if (moved[i] === 1) lanes[i] = sum(parts, i);
      folded[group.index] = { parts, lanes };
      return lanes;
    },
  };
}
