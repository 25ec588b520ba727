import { isMetricName, METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Counter } from '../domain/counters.ts';
import type { LevelChange } from '../domain/ports.ts';
import type { Standing } from '../domain/pressure/levels.ts';
import type { Remembered } from '../domain/pressure/score.ts';
import { isQuiet } from '../domain/quiet.ts';
import { packRolling, unpackRolling } from '../domain/rolling.ts';
import type { CoreClock } from './core.ts';
import { createFolder } from './group-fold.ts';
import type { SiteLayout } from './layout.ts';
import type { Cell, DeclaredState, Exhaustion, FeedState, Finals, SiteState, SlotState } from './state.ts';
import { absenceCode, createSiteState } from './state.ts';
import type { World } from './world.ts';

type Numbers = (number | null)[];
/** Only the filled places, as [place, value]. */
type Sparse<T> = readonly (readonly [number, T])[];

/** Places are saved as metric + rank x number of metrics, by the saved state's own list of metrics. */
interface SavedSite {
  readonly cells: Sparse<Cell>;
  readonly counters: readonly (readonly [number, Counter])[];
  readonly windows: readonly (readonly [number, Numbers])[];
  readonly finals: readonly (readonly [number, Finals])[];
  readonly counting: readonly (readonly [number, number])[];
  readonly slots: readonly (readonly [number, SlotState])[];
  readonly declared: readonly DeclaredState[];
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
  readonly version: 3;
  /** The catalogue it was saved by: of another one, what has the same name is taken over. */
  readonly metrics: readonly string[];
  /** Content hash of the definition: of another one nothing can be taken over. */
  readonly definition: string;
  readonly epoch: string;
  readonly seq: number;
  readonly at: EpochMs;
  readonly clock: CoreClock;
  readonly units: readonly Unit[];
  readonly feeds: readonly FeedState[];
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

/** Metric and rank of every place of a site, as one number. */
function codesOf(layout: SiteLayout): number[] {
  const codes = METRIC_NAMES.map((_, i) => i);
  for (const [i, sources] of layout.contested) {
    sources.forEach(({ place }, rank) => (codes[place] = i + rank * METRIC_NAMES.length));
  }
  return codes;
}

/** Where the codes of a saved state belong now: this site's place for each; undefined where there is none any more. */
function placesOf(layout: SiteLayout, metrics: readonly string[]): (code: number) => number | undefined {
  return (code) => {
    const i = METRIC_NAMES.indexOf((metrics[code % metrics.length] ?? '') as MetricName);
    const rank = Math.floor(code / metrics.length);
    if (i < 0) return undefined;
    return rank === 0 ? i : layout.contested.get(i)?.[rank]?.place;
  };
}

function saveSite(site: SiteState, layout: SiteLayout): SavedSite {
  const codes = layout.contested.size === 0 ? null : codesOf(layout);
  const coded = <T>(entries: Iterable<readonly [number, T]>): [number, T][] =>
    [...entries].map(([place, value]) => [codes?.[place] ?? place, value]);
  return {
    cells: coded(sparse(site.cells)),
    counters: coded(site.counters),
    windows: coded(site.windows).map(([code, rolling]) => [code, packRolling(rolling)] as const),
    finals: coded(site.finals),
    counting: [...site.counting],
    slots: [...site.slots],
    declared: site.declared,
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
function loadSite(saved: SavedSite, layout: SiteLayout, unit: Unit | undefined, world: World, was: readonly string[]) {
  const site = createSiteState(world.layout.definition.rules.indicators.length, layout.places);
  const placeOf = placesOf(layout, was);
  const each = <T>(entries: Iterable<readonly [number, T]>, put: (place: number, value: T) => void) => {
    for (const [code, value] of entries) {
      const place = placeOf(code);
      if (place !== undefined) put(place, value);
    }
  };
  each(saved.cells, (place, cell) => (site.cells[place] = cell));
  each(saved.counters, (place, counter) => site.counters.set(place, counter));
  each(saved.windows, (place, packed) => site.windows.set(place, unpackRolling(packed)));
  each(saved.finals, (place, finals) => site.finals.set(place, finals));
  each(saved.counting, (place, counting) => site.counting.set(place, counting));
  each(saved.bases, (place, base) => (site.bases[place] = base));
  for (const [i, remembered] of saved.memory) site.memory[i] = remembered;
  for (const [instance, slots] of saved.slots) site.slots.set(instance, slots);
  site.declared = saved.declared;
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
    version: 3,
    metrics: METRIC_NAMES,
    definition: world.layout.definition.version,
    ...rest,
    clock: { ...clock },
    units: world.published.units,
    feeds: world.feeds.map((feed) => ({ ...feed })),
    sites: world.sites.map((site, i) => {
      const layout = world.layout.sites[i];
      return site && layout ? saveSite(site, layout) : null;
    }),
    groups: world.groups.map((group) => group?.standing ?? null),
    changes: rest.changes,
  };
}

/** Whether a saved state is one that this definition can go on from. */
export function isSavedState(state: unknown, world: World): state is SavedState {
  if (typeof state !== 'object' || state === null) return false;
  const saved = state as Partial<SavedState>;
  return (
    saved.version === 3 &&
    saved.definition === world.layout.definition.version &&
    saved.units?.length === world.published.units.length &&
    saved.feeds?.length === world.feeds.length
  );
}

function without(unit: Unit, names: readonly string[]): Unit {
  const kept = Object.entries(unit.metrics).filter(([name]) => !names.includes(name));
  return { ...unit, metrics: Object.fromEntries(kept) };
}

export function loadWorld(world: World, clock: CoreClock, saved: SavedState): void {
  saved.units.forEach((unit, i) => {
    world.published.units[i] = unit;
  });
  saved.feeds.forEach((feed, i) => {
    world.feeds[i] = { ...feed };
  });
  // A metric that the catalogue no longer has is nobody's: it must not stand for ever as it last was.
  const gone = saved.metrics.filter((name) => !isMetricName(name));
  if (gone.length > 0) world.published.units.forEach((unit, i) => (world.published.units[i] = without(unit, gone)));
  saved.sites.forEach((site, i) => {
    const layout = world.layout.sites[i];
    world.sites[i] = site && layout ? loadSite(site, layout, saved.units[i], world, saved.metrics) : undefined;
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
