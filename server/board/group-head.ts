import { ALL_MISSING, siteDoubt } from '../domain/pressure/confidence.ts';
import { add, HEAD, present, raise } from './lanes.ts';
import { METRIC_INDEX, type GroupLayout, type SiteLayout } from './layout.ts';
import type { GroupState, SiteState } from './state.ts';
import type { World } from './world.ts';

/** Level of a practice as a fall of its group is measured: its last where it has gone quiet. */
const lastLevel = ({ standing }: SiteState): number => standing.level ?? standing.lost?.level ?? 1;

/** Adds one site to the first lanes of its group: what levels, coverage and confidence are made of. */
export function addHead(lanes: Float64Array, site: SiteLayout, state: SiteState): void {
  if (!site.practice) {
    add(lanes, HEAD.services, 1);
    return;
  }
  add(lanes, HEAD.practices, 1);
  if (site.expected.some((m) => present(state.values[METRIC_INDEX[m]]))) add(lanes, HEAD.reporting, 1);
  addDeclared(lanes, state);
  if (!state.open) return;
  const { population } = site;
  add(lanes, HEAD.open, 1);
  add(lanes, HEAD.openPopulation, population);
  const { level } = state.standing;
  const last = lastLevel(state);
  if (state.lastScore !== null) {
    add(lanes, HEAD.lastPopulation, population);
    add(lanes, HEAD.lastScored, state.lastScore * population);
    if (last >= 3) add(lanes, HEAD.lastDistressed, population);
    if (last === 4) add(lanes, HEAD.lastExtreme, population);
    raise(lanes, HEAD.lastWorst, state.lastScore);
  }
  addReliance(lanes, site, state, level !== null && state.lastScore !== null);
  if (level === null || state.lastScore === null) return;
  add(lanes, HEAD.knownPopulation, population);
  add(lanes, HEAD.scored, state.lastScore * population);
  add(lanes, HEAD.atLevel + level - 1, 1);
  if (level >= 3) add(lanes, HEAD.distressed, population);
  if (level === 4) add(lanes, HEAD.extreme, population);
  raise(lanes, HEAD.worst, state.lastScore);
}

function addDeclared(lanes: Float64Array, { said, standing }: SiteState): void {
  if (said === null) return;
  add(lanes, HEAD.declared, 1);
  if (standing.level === null) return;
  if (said > standing.level) add(lanes, HEAD.declaredHigher, 1);
  if (said < standing.level) add(lanes, HEAD.declaredLower, 1);
}

function addReliance(lanes: Float64Array, site: SiteLayout, state: SiteState, known: boolean): void {
  const { population } = site;
  const doubt = known ? state.doubt : ALL_MISSING;
  if (doubt) {
    add(lanes, HEAD.missing, doubt.missing * population);
    add(lanes, HEAD.held, doubt.held * population);
    add(lanes, HEAD.estimated, doubt.estimated * population);
    add(lanes, HEAD.thin, doubt.thin * population);
  }
  const fifth = site.def.deprivation ?? null;
  if (fifth === null) return;
  add(lanes, fifth === 1 ? HEAD.most : HEAD.others, population);
  if (known) add(lanes, fifth === 1 ? HEAD.mostKnown : HEAD.othersKnown, population);
}

const MOST_NOTABLE = 3;
const NONE: readonly number[] = [];

/** Worst open practices of a group, of its direct sites and of what its groups found beneath them. */
export function notableOf(
  group: GroupLayout,
  layouts: readonly (SiteLayout | undefined)[],
  sites: readonly (SiteState | undefined)[],
  groups: readonly (GroupState | undefined)[],
): readonly number[] {
  const distressed = (index: number) => {
    const state = sites[index];
    return layouts[index]?.practice === true && state?.open === true && (state.standing.level ?? 0) >= 3;
  };
  /** Level, then score, then patients; the definition's order between equals. */
  const worse = (a: number, b: number): boolean => {
    const [one, other] = [sites[a], sites[b]];
    const by =
      (one?.standing.level ?? 0) - (other?.standing.level ?? 0) ||
      (one?.lastScore ?? 0) - (other?.lastScore ?? 0) ||
      (layouts[a]?.population ?? 0) - (layouts[b]?.population ?? 0);
    return by > 0 || (by === 0 && a < b);
  };
  let worst: number[] | null = null;
  const add = (index: number) => {
    worst ??= [];
    let place = worst.length;
    while (place > 0 && worse(index, worst[place - 1] ?? -1)) place -= 1;
    if (place >= MOST_NOTABLE) return;
    worst.splice(place, 0, index);
    if (worst.length > MOST_NOTABLE) worst.pop();
  };
  for (const index of group.sites) if (distressed(index)) add(index);
  for (const part of group.groups) for (const index of groups[part]?.notable ?? NONE) add(index);
  return worst ?? NONE;
}

/** After a restart: what groups take from sites besides their saved state, from what the sites have published. */
export function recallParts({ sites, published }: World): void {
  sites.forEach((state, index) => {
    const unit = published.units[index];
    if (!state || !unit) return;
    state.said = unit.declared?.level ?? null;
    state.doubt = unit.level === null ? null : siteDoubt(unit.indicators);
  });
}
