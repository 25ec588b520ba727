import { METRIC_NAMES } from '#shared/model/metrics.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Counter } from '../domain/counters.ts';
import type { LevelChange } from '../domain/ports.ts';
import type { Standing } from '../domain/pressure/levels.ts';
import type { Remembered } from '../domain/pressure/score.ts';
import { packRolling, unpackRolling } from '../domain/rolling.ts';
import type { CoreClock } from './core.ts';
import { createFolder } from './group-fold.ts';
import { isQuiet } from './site-derived.ts';
import type { Cell, Exhaustion, SiteState, SlotState } from './state.ts';
import { absenceCode, createSiteState } from './state.ts';
import type { World } from './world.ts';

type Numbers = (number | null)[];
/** Only the filled places, as [place, value]. */
type Sparse<T> = readonly (readonly [number, T])[];

interface SavedSite {
  readonly cells: Sparse<Cell>;
  readonly counters: readonly (readonly [number, Counter])[];
  readonly windows: readonly (readonly [number, Numbers])[];
  readonly slots: SlotState | null;
  readonly exhaustion: Exhaustion | null;
  readonly slotsSeen: EpochMs | null;
  readonly memory: Sparse<Remembered>;
  readonly standing: Standing;
  readonly lastScore: number | null;
  readonly open: boolean;
  /** By metric index: denominators behind shares, which are not published. */
  readonly bases: Sparse<number>;
}

/** The board's whole internal state as JSON. */
export interface SavedState {
  readonly version: 2;
  /** Content hash of the definition: of another one nothing can be taken over. */
  readonly definition: string;
  readonly epoch: string;
  readonly seq: number;
  readonly at: EpochMs;
  readonly clock: CoreClock;
  readonly units: readonly Unit[];
  readonly feeds: readonly { observedAt: EpochMs | null; stale: boolean; status: FeedStatus }[];
  readonly sites: readonly (SavedSite | null)[];
  readonly groups: readonly (Standing | null)[];
  readonly changes: readonly LevelChange[];
}

function sparse<T>(values: ArrayLike<T | undefined>): Sparse<T> {
  const found: [number, T][] = [];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value !== undefined && !Number.isNaN(value)) found.push([i, value]);
  }
  return found;
}

function saveSite(site: SiteState): SavedSite {
  return {
    cells: sparse(site.cells),
    counters: [...site.counters],
    windows: [...site.windows].map(([i, rolling]) => [i, packRolling(rolling)] as const),
    slots: site.slots,
    exhaustion: site.exhaustion,
    slotsSeen: site.slotsSeen,
    memory: sparse(site.memory),
    standing: site.standing,
    lastScore: site.lastScore,
    open: site.open,
    bases: sparse(site.bases),
  };
}

/** What is published gives back the values that it was published from. */
function loadSite(saved: SavedSite, unit: Unit | undefined, world: World): SiteState {
  const site = createSiteState(world.layout.definition.rules.indicators.length);
  for (const [i, cell] of saved.cells) site.cells[i] = cell;
  for (const [i, counter] of saved.counters) site.counters.set(i, counter);
  for (const [i, packed] of saved.windows) site.windows.set(i, unpackRolling(packed));
  for (const [i, remembered] of saved.memory) site.memory[i] = remembered;
  for (const [i, base] of saved.bases) site.bases[i] = base;
  site.slots = saved.slots;
  site.exhaustion = saved.exhaustion;
  site.slotsSeen = saved.slotsSeen;
  site.standing = saved.standing;
  site.lastScore = saved.lastScore;
  site.open = saved.open;
  METRIC_NAMES.forEach((name, i) => {
    const metric = unit?.metrics[name];
    if (!metric) return;
    site.values[i] = metric.value ?? NaN;
    site.usuals[i] = metric.usual ?? NaN;
    site.absences[i] = isQuiet(metric) ? 0 : absenceCode(metric.absence);
  });
  for (const { indicator, points } of unit?.indicators ?? []) {
    const rule = world.layout.rules.find((r) => r.rule.id === indicator);
    if (rule) site.points[rule.index] = points ?? NaN;
  }
  return site;
}

export function saveWorld(
  world: World,
  clock: CoreClock,
  rest: Pick<SavedState, 'epoch' | 'seq' | 'at' | 'changes'>,
): SavedState {
  return {
    version: 2,
    definition: world.layout.definition.version,
    ...rest,
    clock: { ...clock },
    units: world.published.units,
    feeds: world.feeds.map((feed) => ({ ...feed })),
    sites: world.sites.map((site) => (site ? saveSite(site) : null)),
    groups: world.groups.map((group) => group?.standing ?? null),
    changes: rest.changes,
  };
}

/** Whether a saved state is one that this definition can go on from. */
export function isSavedState(state: unknown, world: World): state is SavedState {
  if (typeof state !== 'object' || state === null) return false;
  const saved = state as Partial<SavedState>;
  return (
    saved.version === 2 &&
    saved.definition === world.layout.definition.version &&
    saved.units?.length === world.published.units.length &&
    saved.feeds?.length === world.feeds.length
  );
}

export function loadWorld(world: World, clock: CoreClock, saved: SavedState): void {
  saved.units.forEach((unit, i) => {
    world.published.units[i] = unit;
  });
  saved.feeds.forEach((feed, i) => {
    world.feeds[i] = { ...feed };
  });
  saved.sites.forEach((site, i) => {
    world.sites[i] = site ? loadSite(site, saved.units[i], world) : undefined;
  });
  saved.groups.forEach((standing, i) => {
    world.groups[i] = standing ? { standing, lanes: new Float64Array(0) } : undefined;
  });
  const folder = createFolder(world.layout);
  for (const group of world.layout.groupsUp) {
    const state = world.groups[group.index];
    if (state) state.lanes = folder.fold(group, world.sites, world.groups, saved.clock.day ?? 0);
  }
  clock.step = saved.clock.step;
  clock.day = saved.clock.day;
}
