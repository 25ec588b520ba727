import type { LiveRequest, SubscribeRequest } from '#shared/protocol/live.ts';
import type { Replays } from '../domain/replay/player.ts';
import { createCatchUp, type Subscription } from './catch-up.ts';
import type { EndReason, LiveClient, LiveCounters } from './client.ts';
import { errorFrame, type Room } from './frames.ts';
import type { LiveLimits } from './limits.ts';
import type { Understood } from './requests.ts';
import type { Member, Rooms } from './rooms.ts';
import { createStreams, type Stream } from './streams.ts';

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

export interface Session extends Member {
  receive(understood: Understood): void;
  /** Something has left the buffer. */
  drained(): void;
  sweep(heartbeat: (room: Room) => string): void;
  end(reason: EndReason): void;
  /** Id of the actor whose connection it is. */
  readonly actor: string;
  close(): void;
  readonly stale: boolean;
}

/** One client: its subscriptions and its replays. What it is sent of them, and when, is up to its catch-up. */
export function createSession(deps: SessionDeps): Session {
  const { client, live, limits, monotonic, counters } = deps;
  const subscriptions = new Map<string, Subscription>();
  const sending = createCatchUp({ client, limits, monotonic, counters, subscriptions, nothing });
  let closed = false;

  const fail = (code: Parameters<typeof errorFrame>[0], message: string, stream?: string) => {
    counters.refused += 1;
    if (client.waiting() <= limits.guardBytes) sending.send(errorFrame(code, message, stream));
  };
  const streams = createStreams({
    ...{ replays: deps.replays, limits, monotonic, fail, jumped },
    base: { build: live.source.build, open: live.source.open },
  });

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
    sending.progress();
    const replaced = subscriptions.get(key);
    for (const each of streams.all()) each.waiting.delete(key);
    const blank = { seq: -1, live: false, asked: null, parts: [], partsSeq: -1, missed: [], sentAt: monotonic() };
    const subscription: Subscription = { request, room, rooms, ...blank };
    subscriptions.set(key, subscription);
    replaced?.rooms.leave(session, replaced.room);
    const known = since !== undefined && (request.epoch ?? board.epoch) === board.epoch && since <= board.seq;
    if (known && board.commitsSince(since) !== null) subscription.seq = since;
    else if (!sending.stale) sending.takeSnapshot(subscription);
    sending.pump();
    // A position that misses nothing is confirmed at once, so that silence always means a dead line.
    if (!subscription.live || subscription.seq !== since) return;
    sending.sendTo(subscription, room.frames.heartbeat(room), since);
  }

  /** At the moment that a replay shows there is no such unit: it may be there at the next. */
  function nothing({ request, rooms }: Subscription) {
    const stream = [...streams.all()].find((each) => each.rooms === rooms);
    forget(request.key ?? '');
    fail('UNKNOWN_SCOPE', '/scope is not a unit of this system', stream?.id);
    stream?.waiting.set(request.key ?? '', request);
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
      if (client.waiting() <= limits.guardBytes) sending.send(errorFrame(fault.code, fault.message, id));
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
    deliver(room, commit, text) {
      const subscription = subscriptions.get(room.key);
      if (subscription?.room === room) sending.deliver(subscription, commit, text);
    },
    drained: () => sending.drained(),
    sweep(heartbeat) {
      const now = monotonic();
      repeatFaults(now);
      if (sending.stuck(now)) {
        counters.ended += 1;
        return client.end('stale');
      }
      sending.pump();
      for (const subscription of subscriptions.values()) {
        const quiet = now - subscription.sentAt >= limits.heartbeatMs - limits.sweepMs;
        const due = quiet && subscription.live && subscription.seq === subscription.room.board.seq;
        if (due) sending.sendTo(subscription, heartbeat(subscription.room), subscription.seq);
      }
    },
    end(reason) {
      if (reason !== 'stale') endStreams();
      client.end(reason);
    },
    close() {
      closed = true;
      sending.stop();
      for (const key of [...subscriptions.keys()]) forget(key);
      endStreams();
    },
    actor: client.actor.id,
    get stale() {
      return sending.stale;
    },
    get rooms() {
      return [...subscriptions.values()].map((s) => s.room);
    },
  };
  return session;
}
