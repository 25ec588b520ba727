import type { SubscribeRequest } from '#shared/protocol/live.ts';
import type { Commit } from '../domain/ports.ts';
import type { Snapshot } from '../domain/replay/player.ts';
import type { LiveClient, LiveCounters } from './client.ts';
import type { Room } from './frames.ts';
import type { LiveLimits } from './limits.ts';
import type { Rooms } from './rooms.ts';

export interface Subscription {
  readonly request: SubscribeRequest;
  readonly room: Room;
  /** Where the room is: those of the live board, or of a replay. */
  readonly rooms: Rooms;
  /** The last revision sent; -1 before the first. */
  seq: number;
  live: boolean;
  /** A snapshot that has been asked for and is not there yet. */
  asked: Promise<Snapshot | null> | null;
  /** Snapshot parts still to be sent, and the revision they make. */
  parts: (() => string)[];
  partsSeq: number;
  /** Commits still to be sent, oldest first. */
  missed: Commit[];
  sentAt: number;
}

export interface CatchUpDeps {
  readonly client: LiveClient;
  readonly limits: LiveLimits;
  /** Monotonic real milliseconds. */
  readonly monotonic: () => number;
  readonly counters: LiveCounters;
  /** Those of the connection; whoever enters and leaves is the session's business. */
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** The board has no such scope after all. */
  readonly nothing: (subscription: Subscription) => void;
}

/**
 * The one rule for what a client is sent. A subscription is either *live* (it gets each commit as it happens) or *catching
 * up*: snapshot parts and missed commits go out one by one, each only when the last has left, until it stands at the
 * board's revision. So there is never a queue, and never a hole.
 */
export interface CatchUp {
  /** Too much is waiting behind the client: it gets nothing until that has left, then one snapshot. */
  readonly stale: boolean;
  send(text: string): void;
  sendTo(subscription: Subscription, text: string, seq: number): void;
  takeSnapshot(subscription: Subscription): void;
  /** Sends what may be sent now. */
  pump(): void;
  /** One commit's text for a subscription; whoever cannot take it now comes back by a snapshot. */
  deliver(subscription: Subscription, commit: Commit, text: string | null): void;
  /** Something has left the buffer: time for the next piece, or for the one snapshot that ends staleness. */
  drained(): void;
  /** The client counts as alive from now on. */
  progress(): void;
  /** Whether somebody catches up and nothing has left for too long. */
  stuck(now: number): boolean;
  stop(): void;
}

export function createCatchUp(deps: CatchUpDeps): CatchUp {
  const { client, limits, monotonic, counters, subscriptions } = deps;
  let stale = false;
  let progressAt = monotonic();
  let pumping = false;
  let stopped = false;

  function send(text: string) {
    counters.frames += 1;
    counters.bytes += text.length;
    client.send(text);
  }
  function sendTo(subscription: Subscription, text: string, seq: number) {
    subscription.seq = seq;
    subscription.sentAt = monotonic();
    send(text);
  }
  function takeSnapshot(subscription: Subscription) {
    subscription.live = false;
    subscription.missed = [];
    subscription.parts = [];
    counters.snapshots += 1;
    const snapshot = subscription.room.view.snapshot(limits.partBytes);
    if (!(snapshot instanceof Promise)) return putSnapshot(subscription, snapshot);
    subscription.asked = snapshot;
    const arrived = (then: () => void) => {
      if (stopped || subscription.asked !== snapshot) return;
      subscription.asked = null;
      if (subscriptions.get(subscription.room.key) === subscription) then();
    };
    snapshot.then(
      (made) =>
        arrived(() => {
          if (made === null) return deps.nothing(subscription);
          progressAt = monotonic();
          putSnapshot(subscription, made);
          pump();
        }),
      // The next sweep asks again; whoever waits too long is let go.
      () => arrived(() => undefined),
    );
  }
  function putSnapshot(subscription: Subscription, { seq, at, parts }: Snapshot) {
    const { room } = subscription;
    subscription.partsSeq = seq;
    subscription.parts = parts.map(
      (body, index) => () => room.frames.snapshot(room, seq, at, body, { index, of: parts.length }),
    );
  }
  /** Sends the next piece; false once it stands where the board stands. */
  function step(subscription: Subscription): boolean {
    const { room } = subscription;
    if (subscription.asked !== null) return false;
    const part = subscription.parts.shift();
    if (part !== undefined) {
      sendTo(subscription, part(), subscription.parts.length === 0 ? subscription.partsSeq : subscription.seq);
      return true;
    }
    if (subscription.seq === room.board.seq) {
      subscription.live = true;
      return false;
    }
    if (subscription.missed.length === 0) subscription.missed = [...(room.board.commitsSince(subscription.seq) ?? [])];
    const next = subscription.missed.shift();
    const text = next?.seq === subscription.seq + 1 ? room.frames.patch(room, next) : null;
    if (next === undefined || text === null) takeSnapshot(subscription);
    else sendTo(subscription, text, next.seq);
    return true;
  }
  function pump() {
    if (pumping || stopped || stale) return;
    pumping = true;
    for (const subscription of subscriptions.values()) {
      while (!subscription.live && client.waiting() <= limits.paceBytes && step(subscription));
    }
    pumping = false;
  }
  function becomeStale() {
    stale = true;
    progressAt = monotonic();
    counters.staled += 1;
    for (const subscription of subscriptions.values()) subscription.live = false;
  }

  return {
    get stale() {
      return stale;
    },
    ...{ send, sendTo, takeSnapshot, pump },
    deliver(subscription, commit, text) {
      if (stopped || !subscription.live || subscription.seq >= commit.seq) return;
      if (client.waiting() > limits.guardBytes) return becomeStale();
      if (text !== null && subscription.seq === commit.seq - 1) return sendTo(subscription, text, commit.seq);
      subscription.live = false;
      progressAt = monotonic();
      pump();
    },
    drained() {
      progressAt = monotonic();
      if (stale && client.waiting() === 0) {
        stale = false;
        for (const subscription of subscriptions.values()) takeSnapshot(subscription);
      }
      pump();
    },
    progress() {
      progressAt = monotonic();
    },
    stuck(now) {
      const waits = stale || [...subscriptions.values()].some(({ live }) => !live);
      return waits && now - progressAt >= limits.staleMs;
    },
    stop() {
      stopped = true;
    },
  };
}
