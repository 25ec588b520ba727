import { BRINGS_READINGS } from '#shared/model/absence.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedPatch } from '#shared/model/unit.ts';
import type { Applied, PollOutcome, Reading } from '../domain/ports.ts';
import { takeDeclared } from './declared.ts';
import { followFeed } from './follow-feed.ts';
import type { InstanceLayout } from './layout.ts';
import { settleSources } from './sources.ts';
import { standingReadings } from './staleness.ts';
import type { FeedState } from './state.ts';
import { carryCounters, takeReading, type Taking } from './take-reading.ts';
import { takeSlots } from './take-slots.ts';
import type { World } from './world.ts';

/** What taking in one outcome came to. */
export interface Taken {
  /** The outcome without what changed nothing: enough to do the same again. */
  readonly input: PollOutcome;
  readonly feed: FeedPatch;
  readonly applied: readonly Applied[];
  /** Sites whose readings or slots changed. */
  readonly changed: readonly number[];
  /** The feed brought newer data than before, though perhaps the same. */
  readonly fresh: boolean;
}

/** Takes one poll into the state. Null for a feed that this definition does not have. */
export function takeOutcome(world: World, outcome: PollOutcome): Taken | null {
  const index = world.layout.instanceIndex.get(outcome.feed);
  const instance = index === undefined ? undefined : world.layout.instances[index];
  const feed = index === undefined ? undefined : world.feeds[index];
  if (!instance || !feed) return null;
  const { observedAt } = outcome;
  const good = BRINGS_READINGS.has(outcome.state);
  const newer = good && observedAt !== null && (feed.observedAt === null || observedAt > feed.observedAt);
  const found = good && observedAt !== null ? takeAll(world, instance, feed, outcome, observedAt, newer) : nothing();
  const wasStale = feed.stale;
  const stateBefore = feed.status.state;
  const silent = wasStale || feed.observedAt === null;
  const patch = followFeed(world, feed, outcome, newer);
  if (wasStale && !feed.stale) revive(world, instance, feed, outcome.at, found);
  // What is absent is absent for another reason now.
  if (silent && feed.status.state !== stateBefore) for (const site of instance.siteIndexes) found.changed.add(site);
  const { readings, slots, applied, changed } = found;
  const { declared, ...rest } = outcome;
  const input = { ...rest, readings, slots, ...(declared && found.declared ? { declared } : {}) };
  return { input, feed: patch, applied, changed: [...changed], fresh: newer };
}

interface Found {
  readonly readings: Reading[];
  readonly slots: PollOutcome['slots'][number][];
  readonly applied: Applied[];
  readonly changed: Set<number>;
  declared: boolean;
}

const nothing = (): Found => ({ readings: [], slots: [], applied: [], changed: new Set(), declared: false });

function takeAll(
  world: World,
  instance: InstanceLayout,
  feed: FeedState,
  outcome: PollOutcome,
  observedAt: EpochMs,
  newer: boolean,
): Found {
  const found = nothing();
  const again = outcome.again === true;
  const taking: Taking = {
    world,
    instance,
    feed,
    observedAt,
    receivedAt: outcome.at,
    newer,
    again,
    seenAt: feed.observedAt,
  };
  for (const reading of outcome.readings) {
    const took = takeReading(taking, reading);
    if (!took) continue;
    found.readings.push(reading);
    for (const said of took.applied) found.applied.push(said);
    if (took.now) found.changed.add(took.site);
  }
  if (!newer) return found;
  for (const took of carryCounters(taking)) {
    for (const said of took.applied) found.applied.push(said);
    if (took.now) found.changed.add(took.site);
  }
  for (const slot of outcome.slots) {
    const took = takeSlots(taking, slot);
    if (!took) continue;
    found.slots.push(slot);
    for (const said of took.applied) found.applied.push(said);
    found.changed.add(took.site);
  }
  const declared = outcome.declared ? takeDeclared(world, instance, outcome.declared) : [];
  for (const site of declared) found.changed.add(site);
  found.declared = declared.length > 0;
  return found;
}

/** What stands again was absent in the history: it must be seen to come back. */
function revive(world: World, instance: InstanceLayout, feed: FeedState, at: EpochMs, found: Found): void {
  for (const index of instance.siteIndexes) found.changed.add(index);
  const said = new Set(found.applied.map((a) => `${a.unit} ${a.metric}`));
  for (const again of standingReadings(world, instance, feed)) {
    if (!said.has(`${again.unit} ${again.metric}`)) found.applied.push(again);
  }
  for (const index of instance.siteIndexes) {
    const site = world.layout.sites[index];
    const state = world.sites[index];
    if (!site || !state || site.contested.size === 0) continue;
    found.applied.push(...settleSources(world, site, state, at, instance.metrics));
  }
}
