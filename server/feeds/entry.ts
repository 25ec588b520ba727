import type { FeedState } from '#shared/model/absence.ts';
import type { FeedInstance } from '../domain/feed-instances.ts';
import type { PollOutcome } from '../domain/ports.ts';
import type { Adapter, Rejection } from './adapters/adapter.ts';
import type { Job } from './lanes.ts';
import type { Known } from './poll.ts';

/** One feed instance as the poller keeps it. Times are real and monotonic. */
export interface Entry extends Job {
  readonly instance: FeedInstance;
  readonly adapter: Adapter<unknown>;
  known: Known;
  state: FeedState;
  /** In a row. */
  failures: number;
  suspect: boolean;
  notBefore: number;
  queued: boolean;
  running: Promise<PollOutcome> | null;
  rejections: readonly Rejection[];
}

/** A poll that waits longer than this, and longer than its own period, is behind. */
const PATIENCE_MS = 20_000;

/** `periodMs`: real time between two of its turns. */
export function createEntry(instance: FeedInstance, adapter: Adapter<unknown>, periodMs: number): Entry {
  return {
    id: instance.id,
    feed: instance.feed.id,
    supplier: instance.feed.supplier,
    patienceMs: Math.max(PATIENCE_MS, periodMs),
    instance,
    adapter,
    known: { memory: adapter.memory(), answer: null, good: null, timed: false },
    state: 'never-polled',
    failures: 0,
    suspect: false,
    notBefore: 0,
    queued: false,
    running: null,
    rejections: [],
  };
}
