import type { LiveRequest, SubscribeRequest } from '#shared/protocol/live.ts';
import type { Actor, Commit } from '../domain/ports.ts';
import type { Replays } from '../domain/replay/player.ts';
import { errorFrame, type Room } from './frames.ts';
import type { LiveLimits } from './limits.ts';
import type { Understood } from './requests.ts';
import type { Member, Rooms } from './rooms.ts';
import { createStreams, type Stream } from './streams.ts';

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
  readonly request: SubscribeRequest;
  readonly room: Room;
  /** Where the room is: those of the live board, or of a replay. */
  readonly rooms: Rooms;
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
  /** Rooms over the live board. */
  readonly live: Rooms;
  /** Null: the past cannot be looked at here. */
  readonly replays: Replays | null;
  readonly limits: LiveLimits;
  /** Monotonic real milliseconds. */
  readonly monotonic: () => number;
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

export interface Session extends Member {
  receive(understood: Understood): void;
  /** Something has left the buffer. */
  drained(): void;
  sweep(heartbeat: (room: Room) => string): void;
  end(reason: 'stale' | 'shutdown'): void;
  close(): void;
  readonly stale: boolean;
}

/**
 * One client: its subscriptions, and the one rule for what it is sent. A subscription is either *live* (it gets each
 * commit as it happens) or *catching up*: snapshot parts and missed commits go out one by one, each only when the
 * last has left, until it stands at the board's revision. So there is never a queue, and never a hole.
 */
export function createSession(deps: SessionDeps): Session {
  const { client, live, limits, monotonic, counters } = deps;
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
  const fail = (code: Parameters<typeof errorFrame>[0], message: string, stream?: string) => {
    counters.refused += 1;
    if (client.waiting() <= limits.guardBytes) send(errorFrame(code, message, stream));
  };
  const streams = createStreams({
    ...{ replays: deps.replays, limits, monotonic, fail, jumped },
    base: { build: live.source.build, open: live.source.open },
  });

  function takeSnapshot(subscription: Subscription) {
    const { room } = subscription;
    const { seq, at } = room.board;
    const bodies = room.view.snapshot(limits.partBytes);
    subscription.live = false;
    subscription.missed = [];
    subscription.partsSeq = seq;
    subscription.parts = bodies.map(
      (body, index) => () => room.frames.snapshot(room, seq, at, body, { index, of: bodies.length }),
    );
    counters.snapshots += 1;
  }

  /** Sends the next piece; false once it stands where the board stands. */
  function step(subscription: Subscription): boolean {
    const { room } = subscription;
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
    if (next?.seq !== subscription.seq + 1) takeSnapshot(subscription);
    else sendTo(subscription, room.frames.patch(room, next), next.seq);
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

  /** Whether there is room for a subscription under this key; those that wait for a moment count too. */
  function hasRoom(key: string): boolean {
    const keys = new Set([...subscriptions.keys(), ...[...streams.all()].flatMap((s) => [...s.waiting.keys()])]);
    return keys.has(key) || keys.size < limits.subscriptions;
  }

  function forget(key: string) {
    for (const stream of streams.all()) stream.waiting.delete(key);
    const subscription = subscriptions.get(key);
    if (subscription === undefined) return;
    subscriptions.delete(key);
    subscription.rooms.leave(session, subscription.room);
  }

  function subscribe(request: SubscribeRequest) {
    const { key = '', stream: id } = request;
    const stream = id === undefined ? undefined : streams.get(id);
    if (id !== undefined && stream === undefined)
      return fail('UNKNOWN_STREAM', '/stream is no replay of this connection', id);
    if (!hasRoom(key)) {
      return fail('TOO_MANY_SUBSCRIPTIONS', `a connection has at most ${limits.subscriptions} subscriptions`, id);
    }
    if (stream !== undefined && stream.replay.epoch === '') {
      forget(key);
      stream.waiting.set(key, request);
      return;
    }
    enter(request, stream);
  }

  function enter(request: SubscribeRequest, stream: Stream | undefined) {
    const { scope, view = 'full', key = '', since } = request;
    const rooms = stream?.rooms ?? live;
    const { board } = rooms.source;
    const room = rooms.join(session, client.actor, scope, view, key);
    if (room === null) return fail('UNKNOWN_SCOPE', '/scope is not a unit of this system', stream?.id);
    const now = monotonic();
    progressAt = now;
    const replaced = subscriptions.get(key);
    for (const each of streams.all()) each.waiting.delete(key);
    const blank = { seq: -1, live: false, parts: [], partsSeq: -1, missed: [], sentAt: now };
    const subscription: Subscription = { request, room, rooms, ...blank };
    subscriptions.set(key, subscription);
    replaced?.rooms.leave(session, replaced.room);
    const known = since !== undefined && (request.epoch ?? board.epoch) === board.epoch && since <= board.seq;
    if (known && board.commitsSince(since) !== null) subscription.seq = since;
    else if (!stale) takeSnapshot(subscription);
    pump();
    // A position that misses nothing is confirmed at once, so that silence always means a dead line.
    if (subscription.live && subscription.seq === since) sendTo(subscription, room.frames.heartbeat(room), since);
  }

  /** Another moment has another hierarchy: everybody enters anew, and whoever finds nothing there waits for the next. */
  function jumped(stream: Stream) {
    const mine = [...subscriptions.values()].filter(({ rooms }) => rooms === stream.rooms);
    const requests = [...mine.map(({ request }) => request), ...stream.waiting.values()];
    for (const { request } of mine) forget(request.key ?? '');
    stream.waiting.clear();
    for (const request of requests) {
      // A position of before means nothing here.
      enter({ ...request, epoch: '' }, stream);
      if (!subscriptions.has(request.key ?? '')) stream.waiting.set(request.key ?? '', request);
    }
  }

  function endStream(id: string) {
    const stream = streams.end(id);
    if (stream === undefined) return fail('UNKNOWN_STREAM', '/stream is no replay of this connection', id);
    for (const [key, { rooms }] of subscriptions) if (rooms === stream.rooms) forget(key);
  }

  /** Whoever waits for a moment hears why, as often as others hear that all is well. */
  function repeatFaults(now: number) {
    for (const { id, waiting, fault } of streams.all()) {
      if (fault === null || waiting.size === 0 || now - fault.saidAt < limits.heartbeatMs) continue;
      fault.saidAt = now;
      if (client.waiting() <= limits.guardBytes) send(errorFrame(fault.code, fault.message, id));
    }
  }

  function obey(request: LiveRequest) {
    switch (request.type) {
      case 'subscribe':
        return subscribe(request);
      case 'unsubscribe':
        return forget(request.key ?? '');
      case 'replay':
        return streams.request(request);
      case 'replay-end':
        return endStream(request.stream);
    }
  }

  function endStreams() {
    for (const { id } of [...streams.all()]) streams.end(id);
  }

  const session: Session = {
    receive(understood) {
      if (closed) return;
      if (!understood.ok) return fail(understood.code, understood.message);
      obey(understood.request);
    },
    /** One commit's text for the room under `key`; whoever cannot take it now comes back by a snapshot. */
    deliver(room, commit, text) {
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
    sweep(heartbeat) {
      const now = monotonic();
      repeatFaults(now);
      const stuck = stale || [...subscriptions.values()].some((s) => !s.live);
      if (stuck && now - progressAt >= limits.staleMs) {
        counters.ended += 1;
        return client.end('stale');
      }
      for (const subscription of subscriptions.values()) {
        const quiet = now - subscription.sentAt >= limits.heartbeatMs - limits.sweepMs;
        const due = quiet && subscription.live && subscription.seq === subscription.room.board.seq;
        if (due) sendTo(subscription, heartbeat(subscription.room), subscription.seq);
      }
    },
    end(reason) {
      if (reason === 'shutdown') endStreams();
      client.end(reason);
    },
    close() {
      closed = true;
      for (const key of [...subscriptions.keys()]) forget(key);
      endStreams();
    },
    get stale() {
      return stale;
    },
    get rooms() {
      return [...subscriptions.values()].map((s) => s.room);
    },
  };
  return session;
}
