import type { FeedState } from '#shared/model/absence.ts';
import type { FeedInstance } from '../domain/feed-instances.ts';
import type { Pause, PollOutcome } from '../domain/ports.ts';
import type { Adapter, Rejection } from './adapters/adapter.ts';
import type { Asks } from './asks.ts';
import type { Breaker } from './breaker.ts';
import type { Job } from './lanes.ts';
import { shortestPeriodMs } from './schedule.ts';
import { NO_TIMES } from './timing.ts';
import type { Known, Target } from './turn.ts';

/** One feed instance as the poller keeps it. Times are real and monotonic. */
export interface Entry extends Job, Target {
  known: Known;
  state: FeedState;
  /** In a row. */
  failures: number;
  suspect: boolean;
  notBefore: number;
  queued: boolean;
  /** Somebody wants to see the next answer. */
  keep: boolean;
  pause: Pause | null;
  /** The next outcome says that the feed is not paused (any more). */
  saysUnpaused: boolean;
  /** Null while all is well. */
  breaker: Breaker | null;
  running: Promise<PollOutcome> | null;
  rejections: readonly Rejection[];
}

/** A poll that waits longer than this, and longer than its own period, is behind. */
const PATIENCE_MS = 20_000;

/** `speed`: of the product's clock. */
export function createEntry(instance: FeedInstance, adapter: Adapter<unknown>, asks: Asks, speed: number): Entry {
  const everyMs = shortestPeriodMs(instance.feed.schedule);
  return {
    id: instance.id,
    feed: instance.feed.id,
    supplier: instance.feed.supplier,
    patienceMs: Math.max(PATIENCE_MS, everyMs / speed),
    everyMs,
    instance,
    adapter,
    asks,
    known: nothingKnown(adapter),
    state: 'never-polled',
    failures: 0,
    suspect: false,
    notBefore: 0,
    queued: false,
    keep: false,
    pause: null,
    saysUnpaused: true,
    breaker: null,
    running: null,
    rejections: [],
  };
}

export const nothingKnown = (adapter: Adapter<unknown>): Known => ({
  memory: adapter.memory(),
  answer: null,
  good: null,
  timed: false,
  times: NO_TIMES,
});
