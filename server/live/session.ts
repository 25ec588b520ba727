import type { LiveRequest } from '#shared/protocol/live.ts';
import type { Actor, BoardView, Commit } from '../domain/ports.ts';
import { errorFrame, type Frames, type Room } from './frames.ts';
import type { LiveLimits } from './limits.ts';
import type { Understood } from './requests.ts';

/** One connection as its channel sees it. */
export interface LiveClient {
  readonly actor: Actor;
  /** Bytes handed over that the kernel has not taken yet. */
  waiting(): number;
  /** Never throws; calls the session's `drained` whenever something has left. */
  send(text: string): void;
  end(reason: 'stale' | 'shutdown'): void;
}

interface Subscription {
  readonly room: Room;
  /** The last revision sent; -1 before the first. */
  seq: number;
  live: boolean;
  /** Snapshot parts still to be sent, and the revision they make. */
  parts: (() => string)[];
  partsSeq: number;
  /** Commits still to be sent, oldest first. */
  missed: Commit[];
  sentAt: number;
}

export interface SessionDeps {
  readonly client: LiveClient;
  readonly board: BoardView;
  readonly frames: Frames;
  readonly limits: LiveLimits;
  /** Monotonic real milliseconds. */
  readonly monotonic: () => number;
  join(actor: Actor, scope: string, view: 'full' | 'overview', key: string): Room | null;
  leave(room: Room): void;
  readonly counters: LiveCounters;
}
export interface LiveCounters {
  frames: number;
  bytes: number;
  snapshots: number;
  staled: number;
  ended: number;
  refused: number;
}

export type Session = ReturnType<typeof createSession>;

/**
 * One client: its subscriptions, and the one rule for what it is sent. A subscription is either *live* (it gets each
 * commit as it happens) or *catching up*: snapshot parts and missed commits go out one by one, each only when the
 * last has left, until it stands at the board's revision. So there is never a queue, and never a hole.
 */
export function createSession(deps: SessionDeps) {
  const { client, board, frames, limits, monotonic, counters } = deps;
  const subscriptions = new Map<string, Subscription>();
  let stale = false;
  let progressAt = monotonic();
  let pumping = false;
  let closed = false;

  const send = (text: string) => {
    counters.frames += 1;
    counters.bytes += text.length;
    client.send(text);
  };
  const sendTo = (subscription: Subscription, text: string, seq: number) => {
    subscription.seq = seq;
    subscription.sentAt = monotonic();
    send(text);
  };
  const fail = (code: Parameters<typeof errorFrame>[0], message: string) => {
    counters.refused += 1;
    if (client.waiting() <= limits.guardBytes) send(errorFrame(code, message));
  };

  function takeSnapshot(subscription: Subscription) {
    const { seq, at } = board;
    const bodies = subscription.room.view.snapshot(limits.partBytes);
    subscription.live = false;
    subscription.missed = [];
    subscription.partsSeq = seq;
    subscription.parts = bodies.map(
      (body, index) => () => frames.snapshot(subscription.room, seq, at, body, { index, of: bodies.length }),
    );
    counters.snapshots += 1;
  }

  /** Sends the next piece; false once it stands where the board stands. */
  function step(subscription: Subscription): boolean {
    const part = subscription.parts.shift();
    if (part !== undefined) {
      sendTo(subscription, part(), subscription.parts.length === 0 ? subscription.partsSeq : subscription.seq);
      return true;
    }
    if (subscription.seq === board.seq) {
      subscription.live = true;
      return false;
    }
    if (subscription.missed.length === 0) subscription.missed = [...(board.commitsSince(subscription.seq) ?? [])];
    const next = subscription.missed.shift();
    if (next?.seq !== subscription.seq + 1) takeSnapshot(subscription);
    else sendTo(subscription, frames.patch(subscription.room, next), next.seq);
    return true;
  }

  function pump() {
    if (pumping || closed || stale) return;
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

  function subscribe(request: Extract<LiveRequest, { type: 'subscribe' }>) {
    const { scope, view = 'full', key = '', epoch = board.epoch, since } = request;
    const replaced = subscriptions.get(key);
    if (replaced === undefined && subscriptions.size >= limits.subscriptions) {
      return fail('TOO_MANY_SUBSCRIPTIONS', `a connection has at most ${limits.subscriptions} subscriptions`);
    }
    const room = deps.join(client.actor, scope, view, key);
    if (room === null) return fail('UNKNOWN_SCOPE', '/scope is not a unit of this system');
    const now = monotonic();
    progressAt = now;
    const subscription: Subscription = { room, seq: -1, live: false, parts: [], partsSeq: -1, missed: [], sentAt: now };
    subscriptions.set(key, subscription);
    if (replaced !== undefined) deps.leave(replaced.room);
    const known = since !== undefined && epoch === board.epoch && since <= board.seq;
    if (known && board.commitsSince(since) !== null) subscription.seq = since;
    else if (!stale) takeSnapshot(subscription);
    pump();
    // A position that misses nothing is confirmed at once, so that silence always means a dead line.
    if (subscription.live && subscription.seq === since) sendTo(subscription, frames.heartbeat(room), since);
  }

  function unsubscribe(key: string) {
    const subscription = subscriptions.get(key);
    if (subscription === undefined) return;
    subscriptions.delete(key);
    deps.leave(subscription.room);
  }

  return {
    receive(understood: Understood) {
      if (closed) return;
      if (!understood.ok) return fail(understood.code, understood.message);
      if (understood.request.type === 'unsubscribe') return unsubscribe(understood.request.key ?? '');
      if (understood.request.type !== 'subscribe') return fail('REPLAY_UNAVAILABLE', 'replays are not served here');
      subscribe(understood.request);
    },
    /** One commit's text for the room under `key`; whoever cannot take it now comes back by a snapshot. */
    deliver(room: Room, commit: Commit, text: string) {
      const subscription = subscriptions.get(room.key);
      if (closed || subscription?.room !== room || !subscription.live || subscription.seq >= commit.seq) return;
      if (client.waiting() > limits.guardBytes) return becomeStale();
      if (subscription.seq === commit.seq - 1) return sendTo(subscription, text, commit.seq);
      subscription.live = false;
      progressAt = monotonic();
      pump();
    },
    /** Something has left the buffer: time for the next piece, or for the one snapshot that ends staleness. */
    drained() {
      progressAt = monotonic();
      if (stale && client.waiting() === 0) {
        stale = false;
        for (const subscription of subscriptions.values()) takeSnapshot(subscription);
      }
      pump();
    },
    sweep(heartbeat: (room: Room) => string) {
      const now = monotonic();
      const stuck = stale || [...subscriptions.values()].some((s) => !s.live);
      if (stuck && now - progressAt >= limits.staleMs) {
        counters.ended += 1;
        return client.end('stale');
      }
      for (const subscription of subscriptions.values()) {
        const quiet = now - subscription.sentAt >= limits.heartbeatMs - limits.sweepMs;
        const due = quiet && subscription.live && subscription.seq === board.seq;
        if (due) sendTo(subscription, heartbeat(subscription.room), subscription.seq);
      }
    },
    end: (reason: 'stale' | 'shutdown') => client.end(reason),
    close() {
      closed = true;
      const left = [...subscriptions.values()];
      subscriptions.clear();
      for (const { room } of left) deps.leave(room);
    },
    get stale() {
      return stale;
    },
    get rooms() {
      return [...subscriptions.values()].map((s) => s.room);
    },
  };
}
