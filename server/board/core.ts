import type { Level } from '#shared/model/level.ts';
import { MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { FeedPatch, UnitPatch } from '#shared/model/unit.ts';
import type { Applied, LevelChange, PollOutcome } from '../domain/ports.ts';
import type { Standing } from '../domain/pressure/levels.ts';
import { takeOutcome } from './apply.ts';
import { endDeclared } from './declared.ts';
import { forgetRejected } from './follow-feed.ts';
import { evaluateGroup } from './group.ts';
import { createFolder } from './group-fold.ts';
import { forgetNudges, markNudged, nameNudged } from './nudges.ts';
import { createRecorder } from './recorder.ts';
import { evaluateSite } from './site.ts';
import { countsAt, settleSources } from './sources.ts';
import { goStale } from './staleness.ts';
import { extendTrail, TRAIL } from './timeline.ts';
import type { InstanceLayout } from './layout.ts';
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
  advance(at: EpochMs, outcomes: readonly PollOutcome[], before?: readonly (Level | null)[]): Draft;
  /** Works everything out from nothing but the state: for a restart, for tests and for measuring. */
  evaluateAll(at: EpochMs): void;
}

export function createCore(world: World): Core {
  const { layout } = world;
  const folder = createFolder(layout);
  const recorder = createRecorder(world);
  const count = layout.ids.length;
  const siteIndexes = layout.sites.flatMap((site) => (site ? [site.index] : []));
  const dirtySites = new Uint8Array(count);
  const dirtyGroups = new Uint8Array(count);
  const freshUnits = new Uint8Array(count);
  const clock: CoreClock = { step: null, day: null };
  let applied: Applied[] = [];
  let feeds = new Map<string, FeedPatch>();

  const climb = (index: number, marks: Uint8Array) => {
    for (let at = layout.parents[index] ?? -1; at >= 0 && marks[at] === 0; at = layout.parents[at] ?? -1) marks[at] = 1;
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
    freshUnits[index] = 1;
    climb(index, freshUnits);
    // A rise that waits for its second reading must see it, though nothing else has changed.
    if (awaits(index, world.sites[index])) dirtySites[index] = 1;
  };
  const settle = (at: EpochMs) => {
    for (const index of siteIndexes) {
      if (dirtySites[index] === 0) continue;
      evaluateSite(world, index, at, freshUnits[index] === 1);
      climb(index, dirtyGroups);
    }
    for (const group of layout.groupsUp) {
      const fresh = freshUnits[group.index] === 1;
      const waiting = fresh && awaits(group.index, world.groups[group.index]);
      if (dirtyGroups[group.index] === 1 || waiting) evaluateGroup(world, folder, group, at, fresh);
    }
    dirtySites.fill(0);
    dirtyGroups.fill(0);
    freshUnits.fill(0);
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
    for (const index of stale.sites) dirtySites[index] = 1;
    const all = everything || at % QUARTER === 0;
    const phase = Math.floor(at / STEP) % PHASES;
    for (const index of siteIndexes) {
      const state = world.sites[index];
      const ended = state !== undefined && endDeclared(state, at);
      if (all || ended || index % PHASES === phase) dirtySites[index] = 1;
    }
    if (all) for (const group of layout.groupsUp) dirtyGroups[group.index] = 1;
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
    dirtySites.fill(1);
    dirtyGroups.fill(1);
    settle(at);
  };

  return {
    clock,
    evaluateAll,
    advance(at, outcomes, before) {
      applied = [];
      feeds = new Map();
      world.levels.length = 0;
      const leapt = live(at);
      rollDay(at);
      if (before) {
        evaluateAll(at);
        markNudged(world, before, at);
      }
      const inputs: PollOutcome[] = [];
      for (const outcome of outcomes) {
        const taken = takeOutcome(world, outcome);
        if (!taken) continue;
        inputs.push(taken.input);
        for (const said of taken.applied) applied.push(said);
        noteFeed(taken.feed);
        for (const index of taken.changed) dirtySites[index] = 1;
        const instance = layout.instances[layout.instanceIndex.get(outcome.feed) ?? -1];
        if (taken.fresh && instance) for (const index of instance.siteIndexes) markFresh(index, instance);
      }
      if (inputs.length > 0) settle(at);
      const units = world.published.take(at);
      return {
        units,
        feeds: [...feeds.values()],
        applied,
        levels: world.levels.map((change) => nameNudged(world, change)),
        inputs,
        worthwhile: leapt || inputs.length > 0 || feeds.size > 0 || units.length > 0 || applied.length > 0,
      };
    },
  };
}
