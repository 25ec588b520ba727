import type { Level } from '#shared/model/level.ts';
import { MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { FeedPatch, UnitPatch } from '#shared/model/unit.ts';
import type { Applied, LevelChange, Placed, PollOutcome } from '../domain/ports.ts';
import type { Standing } from '../domain/pressure/levels.ts';
import { takeOutcome } from './apply.ts';
import { endDeclared } from './declared.ts';
import { forgetRejected } from './follow-feed.ts';
import { evaluateGroup } from './group.ts';
import { createFolder } from './group-fold.ts';
import { CHANGED, createMarks, PASSED, type Marks, type Reason } from './marks.ts';
import { forgetNudges, markNudged, nameNudged } from './nudges.ts';
import { createRecorder } from './recorder.ts';
import { evaluateSite } from './site.ts';
import { countsAt, settleSources } from './sources.ts';
import { goStale } from './staleness.ts';
import { extendTrail, TRAIL } from './timeline.ts';
import type { GroupLayout, InstanceLayout } from './layout.ts';
import type { World } from './world.ts';

/** Time passes for the board in steps; a site is looked at once in six of them, so that no step has all of them. */
const STEP = 10_000;
const PHASES = 6;
const TRAIL_STEP = 5 * MINUTE;
/** More missed steps than this are not lived through one by one (a machine that slept, a long stop). */
const MOST_STEPS = 60;

/** What one advance changed. */
export interface Draft {
  readonly units: UnitPatch[];
  readonly feeds: FeedPatch[];
  readonly applied: Applied[];
  readonly levels: LevelChange[];
  readonly inputs: PollOutcome[];
  /** Something changed that must be on record, even if nobody sees it. */
  readonly worthwhile: boolean;
}

export interface CoreClock {
  /** Last step that was lived through; null before the first. */
  step: EpochMs | null;
  /** London day that strips and changes belong to. */
  day: EpochMs | null;
}

export interface Core {
  readonly clock: CoreClock;
  /**
   * Lives through the time up to `at` and takes in `outcomes`. A function of the state and these two alone: doing the
   * same again after a restart gives the same board. `before`: new rules have just come into force; all is judged anew,
   * and what they see otherwise than this (`wantedNow` by the old ones) is marked.
   */
  advance(
    at: EpochMs,
    outcomes: readonly PollOutcome[],
    before?: readonly (Level | null)[],
    placed?: readonly Placed[],
  ): Draft;
  /** Works everything out from nothing but the state: for a restart, for tests and for measuring. */
  evaluateAll(at: EpochMs): void;
}

export function createCore(world: World): Core {
  const { layout } = world;
  const folder = createFolder(layout);
  const recorder = createRecorder(world);
  const count = layout.ids.length;
  const siteIndexes = layout.sites.flatMap((site) => (site ? [site.index] : []));
  const groupAt: (GroupLayout | undefined)[] = [];
  for (const group of layout.groupsUp) groupAt[group.index] = group;
  const dirtySites = createMarks(count);
  const dirtyGroups = createMarks(count);
  const freshUnits = createMarks(count);
  const clock: CoreClock = { step: null, day: null };
  let applied: Applied[] = [];
  let feeds = new Map<string, FeedPatch>();

  const climb = (index: number, marks: Marks, reason: Reason) => {
    for (let at = layout.parents[index] ?? -1; at >= 0 && marks.add(at, reason); at = layout.parents[at] ?? -1);
  };
  const noteFeed = (patch: FeedPatch) => feeds.set(patch.id, { ...feeds.get(patch.id), ...patch });
  /** Whether a reading counts here even if it brings nothing new: a rise has begun, or new rules ask for one. */
  const awaits = (index: number, state: { readonly standing: Standing } | undefined) =>
    (state?.standing.rising ?? 0) > 0 || world.nudged.has(index);
  const markFresh = (index: number, instance: InstanceLayout) => {
    const site = layout.sites[index];
    const state = world.sites[index];
    // A feed that only stands by is no second reading of what another says.
    if (site && state && !countsAt(site, state, instance.index, instance.metrics)) return;
    freshUnits.add(index, PASSED);
    climb(index, freshUnits, PASSED);
    // A rise that waits for its second reading must see it, though nothing else has changed.
    if (awaits(index, world.sites[index])) dirtySites.add(index, PASSED);
  };
  const settle = (at: EpochMs) => {
    for (const index of dirtySites.inOrder()) {
      const moved = evaluateSite(world, index, at, freshUnits.of(index) !== 0);
      climb(index, dirtyGroups, moved || dirtySites.of(index) === CHANGED ? CHANGED : PASSED);
    }
    for (const index of freshUnits.inOrder()) if (awaits(index, world.groups[index])) dirtyGroups.add(index, PASSED);
    // Backwards: parts come after what they are part of.
    const groups = dirtyGroups.inOrder();
    for (let i = groups.length - 1; i >= 0; i -= 1) {
      const index = groups[i] ?? -1;
      const group = groupAt[index];
      const changed = dirtyGroups.of(index) === CHANGED;
      if (group) evaluateGroup(world, folder, group, at, freshUnits.of(index) !== 0, changed);
    }
    dirtySites.clear();
    dirtyGroups.clear();
    freshUnits.clear();
  };
  const rollDay = (at: EpochMs) => {
    const day = world.days.start(at);
    if (clock.day === day) return;
    clock.day = day;
    for (let index = 0; index < count; index += 1) world.published.put(index, { day: '' });
    for (const patch of forgetRejected(world)) noteFeed(patch);
    // A counter of yesterday counts no more: where another feed has begun the new day, it stands in.
    for (const site of layout.contested) {
      const state = world.sites[site.index];
      if (state) applied.push(...settleSources(world, site, state, at));
    }
  };
  const extendTrails = () => {
    world.published.units.forEach((unit, index) => {
      world.published.put(index, { trail: extendTrail(unit.trail, unit.score) });
    });
  };
  const liveStep = (at: EpochMs, everything: boolean) => {
    rollDay(at);
    const stale = goStale(world, at);
    for (const said of stale.applied) applied.push(said);
    for (const index of stale.sites) dirtySites.add(index, CHANGED);
    const all = everything || at % QUARTER === 0;
    const phase = Math.floor(at / STEP) % PHASES;
    for (const index of siteIndexes) {
      const state = world.sites[index];
      const ended = state !== undefined && endDeclared(state, at);
      if (ended) dirtySites.add(index, CHANGED);
      else if (all || index % PHASES === phase) dirtySites.add(index, PASSED);
    }
    if (all) for (const group of layout.groupsUp) dirtyGroups.add(group.index, PASSED);
    settle(at);
    if (at % TRAIL_STEP === 0) extendTrails();
    forgetNudges(world, at);
    // One by one: as arguments of one call, all of England's would be more than the engine takes.
    if (at % MINUTE === 0) for (const said of recorder.record(at)) applied.push(said);
  };
  const leap = (from: EpochMs | null, to: EpochMs) => {
    const missed = from === null ? 0 : Math.floor(to / TRAIL_STEP) - Math.floor(from / TRAIL_STEP);
    if (missed > 0) {
      const nothing = new Array<null>(Math.min(missed, TRAIL)).fill(null);
      world.published.units.forEach((unit, index) => {
        world.published.put(index, { trail: [...unit.trail, ...nothing].slice(-TRAIL) });
      });
    }
    liveStep(to, true);
  };
  const live = (at: EpochMs): boolean => {
    const last = Math.floor(at / STEP) * STEP;
    const from = clock.step;
    if (from !== null && last <= from) return false;
    clock.step = last;
    if (from === null || last - from > MOST_STEPS * STEP) {
      leap(from, last);
      return true;
    }
    for (let step = from + STEP; step <= last; step += STEP) liveStep(step, false);
    return false;
  };

  const evaluateAll = (at: EpochMs) => {
    for (const index of siteIndexes) dirtySites.add(index, PASSED);
    for (const group of layout.groupsUp) dirtyGroups.add(group.index, PASSED);
    settle(at);
  };

  return {
    clock,
    evaluateAll,
    advance(at, outcomes, before, placed = []) {
      applied = [];
      feeds = new Map();
      world.levels.length = 0;
      const leapt = live(at);
      rollDay(at);
      if (before) {
        evaluateAll(at);
        markNudged(world, before, at);
      }
      for (const { unit, day, count: people } of placed) {
        const index = layout.indexOf.get(unit) ?? -1;
        const state = world.sites[index];
        if (!state) continue;
        state.placed = { day, count: people };
        dirtySites.add(index, CHANGED);
      }
      const inputs: PollOutcome[] = [];
      for (const outcome of outcomes) {
        const taken = takeOutcome(world, outcome);
        if (!taken) continue;
        inputs.push(taken.input);
        for (const said of taken.applied) applied.push(said);
        noteFeed(taken.feed);
        for (const index of taken.changed) dirtySites.add(index, CHANGED);
        const instance = layout.instances[layout.instanceIndex.get(outcome.feed) ?? -1];
        if (taken.fresh && instance) for (const index of instance.siteIndexes) markFresh(index, instance);
      }
      if (inputs.length > 0 || placed.length > 0) settle(at);
      const units = world.published.take(at);
      return {
        units,
        feeds: [...feeds.values()],
        applied,
        levels: world.levels.map((change) => nameNudged(world, change)),
        inputs,
        worthwhile:
          leapt || placed.length > 0 || inputs.length > 0 || feeds.size > 0 || units.length > 0 || applied.length > 0,
      };
    },
  };
}
