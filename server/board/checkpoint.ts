import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Counter } from '../domain/counters.ts';
import type { LevelChange } from '../domain/ports.ts';
import type { Standing } from '../domain/pressure/levels.ts';
import type { Remembered } from '../domain/pressure/score.ts';
import { packRolling, unpackRolling } from '../domain/rolling.ts';
import type { CoreClock } from './core.ts';
import type { Cell, Exhaustion, SiteState, SlotState } from './state.ts';
import { createSiteState } from './state.ts';
import type { World } from './world.ts';

type Numbers = (number | null)[];

interface SavedSite {
  readonly cells: readonly (Cell | null)[];
  readonly counters: readonly (readonly [number, Counter])[];
  readonly windows: readonly (readonly [number, Numbers])[];
  readonly slots: SlotState | null;
  readonly exhaustion: Exhaustion | null;
  readonly slotsSeen: EpochMs | null;
  readonly memory: readonly (Remembered | null)[];
  readonly standing: Standing;
  readonly lastScore: number | null;
  readonly open: boolean;
  readonly values: Numbers;
  readonly usuals: Numbers;
  readonly bases: Numbers;
  readonly absences: readonly number[];
  readonly points: Numbers;
}

/** The board's whole internal state as JSON. */
export interface SavedState {
  readonly version: 1;
  /** Content hash of the definition: of another one nothing can be taken over. */
  readonly definition: string;
  readonly epoch: string;
  readonly seq: number;
  readonly at: EpochMs;
  readonly clock: CoreClock;
  readonly units: readonly Unit[];
  readonly feeds: readonly { observedAt: EpochMs | null; stale: boolean; status: FeedStatus }[];
  readonly sites: readonly (SavedSite | null)[];
  readonly groups: readonly ({ standing: Standing; lanes: readonly number[] } | null)[];
  readonly changes: readonly LevelChange[];
}

const numbers = (values: Float64Array): Numbers => Array.from(values, (v) => (Number.isNaN(v) ? null : v));
const fill = (into: Float64Array, from: Numbers) => {
  from.forEach((value, i) => {
    into[i] = value ?? NaN;
  });
};

function saveSite(site: SiteState): SavedSite {
  return {
    cells: site.cells.map((cell) => cell ?? null),
    counters: [...site.counters],
    windows: [...site.windows].map(([i, rolling]) => [i, packRolling(rolling)] as const),
    slots: site.slots,
    exhaustion: site.exhaustion,
    slotsSeen: site.slotsSeen,
    memory: Array.from(site.memory, (m) => m ?? null),
    standing: site.standing,
    lastScore: site.lastScore,
    open: site.open,
    values: numbers(site.values),
    usuals: numbers(site.usuals),
    bases: numbers(site.bases),
    absences: [...site.absences],
    points: numbers(site.points),
  };
}

function loadSite(saved: SavedSite): SiteState {
  const site = createSiteState(saved.points.length);
  saved.cells.forEach((cell, i) => {
    site.cells[i] = cell ?? undefined;
  });
  for (const [i, counter] of saved.counters) site.counters.set(i, counter);
  for (const [i, packed] of saved.windows) site.windows.set(i, unpackRolling(packed));
  site.slots = saved.slots;
  site.exhaustion = saved.exhaustion;
  site.slotsSeen = saved.slotsSeen;
  site.memory = saved.memory.map((m) => m ?? undefined);
  site.standing = saved.standing;
  site.lastScore = saved.lastScore;
  site.open = saved.open;
  fill(site.values, saved.values);
  fill(site.usuals, saved.usuals);
  fill(site.bases, saved.bases);
  fill(site.points, saved.points);
  site.absences.set(saved.absences);
  return site;
}

export function saveWorld(
  world: World,
  clock: CoreClock,
  rest: Pick<SavedState, 'epoch' | 'seq' | 'at' | 'changes'>,
): SavedState {
  return {
    version: 1,
    definition: world.layout.definition.version,
    ...rest,
    clock: { ...clock },
    units: world.published.units,
    feeds: world.feeds.map((feed) => ({ ...feed })),
    sites: world.sites.map((site) => (site ? saveSite(site) : null)),
    groups: world.groups.map((group) => (group ? { standing: group.standing, lanes: [...group.lanes] } : null)),
    changes: rest.changes,
  };
}

/** Whether a saved state is one that this definition can go on from. */
export function isSavedState(state: unknown, world: World): state is SavedState {
  if (typeof state !== 'object' || state === null) return false;
  const saved = state as Partial<SavedState>;
  return (
    saved.version === 1 &&
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
    world.sites[i] = site ? loadSite(site) : undefined;
  });
  saved.groups.forEach((group, i) => {
    world.groups[i] = group ? { standing: group.standing, lanes: Float64Array.from(group.lanes) } : undefined;
  });
  clock.step = saved.clock.step;
  clock.day = saved.clock.day;
}
