import { isMetricName, METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { Counter } from '../domain/counters.ts';
import type { LevelChange } from '../domain/ports.ts';
import { NO_STANDING, type Standing } from '../domain/pressure/levels.ts';
import type { Remembered } from '../domain/pressure/score.ts';
import { isQuiet } from '../domain/quiet.ts';
import { checkRules } from '../domain/rules/check.ts';
import { packRolling, unpackRolling } from '../domain/rolling.ts';
import type { WeekMinutes } from '../domain/week.ts';
import type { CoreClock } from './core.ts';
import { createFolder } from './group-fold.ts';
import { notableOf, recallParts } from './group-head.ts';
import type { SiteLayout } from './layout.ts';
import { hashWithRules } from './rules-hash.ts';
import type { Cell, DeclaredState, Exhaustion, FeedState, Finals, SiteState, SlotState } from './state.ts';
import { absenceCode, createSiteState } from './state.ts';
import type { Nudge, World } from './world.ts';

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
  /** Not in states that were saved before anybody was placed elsewhere. */
  readonly placed?: SiteState['placed'];
  readonly slotsSeen: EpochMs | null;
  readonly week: WeekMinutes | null;
  /** By indicator id: rules may be replaced, and their order with them. */
  readonly memory: readonly (readonly [string, Remembered])[];
  readonly standing: Standing;
  readonly lastScore: number | null;
  readonly open: boolean;
  /** By metric index: denominators behind shares, which are not published. */
  readonly bases: Sparse<number>;
}

/** The board's whole internal state as JSON. */
export interface SavedState {
  readonly version: 4;
  /** The catalogue it was saved by: of another one, what has the same name is taken over. */
  readonly metrics: readonly string[];
  /** Content hash of the definition, its rules apart: of another one nothing can be taken over. */
  readonly definition: string;
  /** In force when it was saved. */
  readonly rules: Rules;
  readonly epoch: string;
  readonly seq: number;
  readonly at: EpochMs;
  readonly clock: CoreClock;
  readonly units: readonly Unit[];
  readonly feeds: readonly FeedState[];
  readonly sites: readonly (SavedSite | null)[];
  readonly groups: readonly (Standing | null)[];
  readonly changes: readonly LevelChange[];
  /** By index of the unit: levels that have yet to follow the newest rules. */
  readonly nudged: readonly (readonly [number, Nudge])[];
}

/** As it was saved before rules could change while running: one hash for everything, memory by the rules' order. */
type SavedStateV3 = Omit<SavedState, 'version' | 'rules' | 'nudged' | 'sites'> & {
  readonly version: 3;
  readonly sites: readonly ((Omit<SavedSite, 'memory'> & { readonly memory: Sparse<Remembered> }) | null)[];
};

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

function saveSite(site: SiteState, layout: SiteLayout, indicators: Rules['indicators']): SavedSite {
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
    placed: site.placed,
    slotsSeen: site.slotsSeen,
    week: site.week,
    memory: sparse(site.memory).map(([i, remembered]) => [indicators[i]?.id ?? '', remembered] as const),
    standing: site.standing,
    lastScore: site.lastScore,
    open: site.open,
    bases: sparse(site.bases),
  };
}

/** What is published gives back the values that it was published from. */
function loadSite(saved: SavedSite, layout: SiteLayout, unit: Unit | undefined, world: World, was: readonly string[]) {
  const { indicators } = world.layout.definition.rules;
  const site = createSiteState(indicators.length, layout.places);
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
  for (const [id, remembered] of saved.memory) {
    const i = indicators.findIndex((indicator) => indicator.id === id);
    if (i >= 0) site.memory[i] = remembered;
  }
  for (const [instance, slots] of saved.slots) site.slots.set(instance, slots);
  site.declared = saved.declared;
  site.exhaustion = saved.exhaustion && { ...saved.exhaustion, placed: saved.exhaustion.placed ?? 0 };
  site.placed = saved.placed ?? null;
  site.slotsSeen = saved.slotsSeen;
  site.week = saved.week;
  site.standing = { ...NO_STANDING, ...saved.standing };
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
  const { version: definition, rules } = world.layout.definition;
  return {
    version: 4,
    metrics: METRIC_NAMES,
    definition,
    rules,
    ...rest,
    clock: { ...clock },
    units: world.published.units,
    feeds: world.feeds.map((feed) => ({ ...feed })),
    sites: world.sites.map((site, i) => {
      const layout = world.layout.sites[i];
      return site && layout ? saveSite(site, layout, rules.indicators) : null;
    }),
    groups: world.groups.map((group) => group?.standing ?? null),
    changes: rest.changes,
    nudged: [...world.nudged],
  };
}

/**
 * A saved state that this definition can go on from, in today's form; null when it is of another one. A state of the
 * form before has the rules of the definition, or it would have another hash.
 */
export function readSavedState(state: unknown, world: World): SavedState | null {
  if (typeof state !== 'object' || state === null) return null;
  const saved = state as SavedState | SavedStateV3;
  const { definition } = world.layout;
  if (saved.units?.length !== world.published.units.length || saved.feeds?.length !== world.feeds.length) return null;
  if (saved.version === 4) {
    const rules = saved.definition === definition.version ? checkRules(saved.rules) : null;
    return rules?.faults.length === 0 ? saved : null;
  }
  const same = saved.definition === definition.version || saved.definition === hashWithRules(definition);
  return saved.version === 3 && same ? fromV3(saved, definition) : null;
}

function fromV3(saved: SavedStateV3, { version: definition, rules }: Definition): SavedState {
  const named = (memory: Sparse<Remembered>) =>
    memory.map(([i, remembered]) => [rules.indicators[i]?.id ?? '', remembered] as const);
  const sites = saved.sites.map((site) => site && { ...site, memory: named(site.memory) });
  return { ...saved, version: 4, definition, rules, sites, nudged: [] };
}

function without(unit: Unit, names: readonly string[]): Unit {
  const kept = Object.entries(unit.metrics).filter(([name]) => !names.includes(name));
  return { ...unit, metrics: Object.fromEntries(kept) };
}

export function loadWorld(world: World, clock: CoreClock, saved: SavedState): void {
  world.memory.forget();
  saved.units.forEach((unit, i) => {
    // What units have been given since it was saved begins as it would with nothing heard.
    world.published.units[i] = { ...world.published.units[i], ...unit };
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
    world.groups[i] = standing
      ? { standing: { ...NO_STANDING, ...standing }, lanes: new Float64Array(0), notable: [] }
      : undefined;
  });
  recallParts(world);
  const folder = createFolder(world.layout);
  for (const group of world.layout.groupsUp) {
    const state = world.groups[group.index];
    if (!state) continue;
    state.lanes = folder.fold(group, world.sites, world.groups, saved.clock.day ?? 0);
    state.notable = notableOf(group, world.layout.sites, world.sites, world.groups);
  }
  for (const [index, nudge] of saved.nudged) world.nudged.set(index, nudge);
  clock.step = saved.clock.step;
  clock.day = saved.clock.day;
}
