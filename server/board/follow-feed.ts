import { BRINGS_READINGS } from '#shared/model/absence.ts';
import type { FeedPatch, FeedStatus } from '#shared/model/unit.ts';
import type { PollOutcome } from '../domain/ports.ts';
import { isStale } from './staleness.ts';
import type { FeedState } from './state.ts';
import type { World } from './world.ts';

/** Answers after which half of a feed's usual volume is forgotten. */
const HALF_LIFE = 100;
const SHARE = 1 - 0.5 ** (1 / HALF_LIFE);
/** From here on the mean's weight of the newest answer is `SHARE`; until then it is a plain mean. */
const SETTLED = Math.ceil(1 / SHARE);
/** States that are no attempt at a poll. */
const NOT_ASKED: ReadonlySet<string> = new Set<PollOutcome['state']>(['paused', 'poller-stopped']);

/** Takes one outcome into its feed's own state; gives what changed of it. `newer`: it brought data newer than before. */
export function followFeed(world: World, feed: FeedState, outcome: PollOutcome, newer: boolean): FeedPatch {
  if (newer) feed.observedAt = outcome.observedAt;
  const before = feed.status;
  // Late data says how old what stands is, and nothing of how the feed is now.
  const next: Partial<FeedStatus> = outcome.again ? {} : statusOf(world, feed, outcome);
  if (newer && feed.observedAt !== null) next.observedAt = world.instant(feed.observedAt);
  feed.status = { ...before, ...next };
  feed.stale = isStale(feed, outcome.at);
  const differing = Object.entries(next).filter(([key, value]) => !sameValue(before[key as keyof FeedStatus], value));
  return { id: before.id, ...Object.fromEntries(differing) };
}

function statusOf(world: World, feed: FeedState, outcome: PollOutcome): Partial<FeedStatus> {
  const before = feed.status;
  const { state, fault, at, paused, nextPollAt, volume } = outcome;
  const good = BRINGS_READINGS.has(state);
  const next: Partial<FeedStatus> = { state, fault, failures: outcome.failures ?? 0 };
  if (state !== before.state) next.since = world.instant(at);
  if (nextPollAt !== undefined) next.nextPollAt = nextPollAt === null ? null : world.instant(nextPollAt);
  if (paused !== undefined) next.paused = paused && pauseOf(world, paused);
  if (NOT_ASKED.has(state)) return next;
  next.polledAt = world.instant(at);
  next.latencyMs = outcome.latencyMs;
  next.rejected = outcome.rejected;
  if (good) next.receivedAt = world.instant(at);
  if (!outcome.unchanged && outcome.rejected > 0) next.rejectedToday = before.rejectedToday + outcome.rejected;
  if (volume !== undefined) {
    next.volume = volume;
    if (good) next.usualVolume = Math.round(follow(feed, volume) * 10) / 10;
  }
  return next;
}

function follow(feed: FeedState, volume: number): number {
  const { mean, answers } = feed.usual ?? { mean: volume, answers: 0 };
  const share = Math.max(SHARE, 1 / (answers + 1));
  feed.usual = { mean: mean + (volume - mean) * share, answers: Math.min(SETTLED, answers + 1) };
  return feed.usual.mean;
}

const pauseOf = (
  world: World,
  { by, reason, at, until }: NonNullable<PollOutcome['paused']>,
): FeedStatus['paused'] => ({
  by,
  reason,
  at: world.instant(at),
  until: until === null ? null : world.instant(until),
});

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/** At midnight the refusals of the day before are over; patches of the feeds that had any. */
export function forgetRejected(world: World): FeedPatch[] {
  return world.feeds.flatMap((feed): FeedPatch[] => {
    if (feed.status.rejectedToday === 0) return [];
    feed.status = { ...feed.status, rejectedToday: 0 };
    return [{ id: feed.status.id, rejectedToday: 0 }];
  });
}
