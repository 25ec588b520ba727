import type { View } from '#shared/protocol/live.ts';
import type { Actor, Commit } from '../domain/ports.ts';
import { createFrames, roomId, type FrameSource, type Room } from './frames.ts';
import { LIVE_LIMITS, type LiveLimits } from './limits.ts';
import { createSession, type LiveClient, type LiveCounters, type Session } from './session.ts';
import { createViews, type ScopeView } from './view.ts';

export interface HubDeps extends FrameSource {
  readonly limits?: Partial<LiveLimits>;
  readonly monotonic?: () => number;
}
export interface HubStats extends LiveCounters {
  readonly clients: number;
  readonly stale: number;
  readonly rooms: number;
}
export interface Hub {
  readonly limits: LiveLimits;
  connect(client: LiveClient): Session;
  /** The channel says that the connection is gone. */
  disconnect(session: Session): void;
  start(): void;
  /** Ends every connection; clients come back by themselves to whoever listens next. */
  stop(): void;
  stats(): HubStats;
}

interface OpenRoom extends Room {
  readonly sessions: Set<Session>;
}

/** Rooms over one board: each commit becomes one text a room, sent in slices so that nobody holds the event loop. */
export function createHub(deps: HubDeps): Hub {
  const { board } = deps;
  const limits: LiveLimits = { ...LIVE_LIMITS, ...deps.limits };
  const monotonic = deps.monotonic ?? (() => performance.now());
  const frames = createFrames(deps);
  const makeView = createViews(board);
  const counters: LiveCounters = { frames: 0, bytes: 0, snapshots: 0, staled: 0, ended: 0, refused: 0 };
  const sessions = new Set<Session>();
  const rooms = new Map<string, OpenRoom>();
  const views = new Map<string, ScopeView>();
  const deliveries: (() => void)[] = [];
  let turn: NodeJS.Immediate | undefined;
  let sweeper: NodeJS.Timeout | undefined;
  let unlisten: (() => void) | undefined;

  /** Views are shared by the rooms of one tier and scope, whatever their key; they go with the last room. */
  function viewOf(actor: Actor, scope: string, view: View): ScopeView | null {
    const id = roomId(actor.tier, view, scope, '');
    const known = views.get(id);
    if (known !== undefined) return known;
    const made = makeView(scope, view);
    if (made !== null) views.set(id, made);
    return made;
  }

  function join(session: Session, actor: Actor, scope: string, view: View, key: string): Room | null {
    const id = roomId(actor.tier, view, scope, key);
    let room = rooms.get(id);
    if (room === undefined) {
      const made = viewOf(actor, scope, view);
      if (made === null) return null;
      room = { id, view: made, key, sessions: new Set() };
      rooms.set(id, room);
    }
    room.sessions.add(session);
    return room;
  }

  function leave(session: Session, id: string) {
    const room = rooms.get(id);
    if (room === undefined || session.rooms.some((r) => r.id === id)) return;
    room.sessions.delete(session);
    if (room.sessions.size > 0) return;
    rooms.delete(id);
    if (![...rooms.values()].some((r) => r.view === room.view)) {
      for (const [viewId, view] of views) if (view === room.view) views.delete(viewId);
    }
  }

  function deliverSlice() {
    turn = undefined;
    for (const deliver of deliveries.splice(0, limits.sliceClients)) deliver();
    if (deliveries.length > 0) turn = setImmediate(deliverSlice);
  }

  function broadcast(commit: Commit) {
    for (const room of rooms.values()) {
      const text = frames.patch(room, commit);
      for (const session of room.sessions) deliveries.push(() => session.deliver(room, commit, text));
    }
    if (turn === undefined) deliverSlice();
  }

  function sweep() {
    const texts = new Map<Room, string>();
    const heartbeat = (room: Room) => {
      const text = texts.get(room) ?? frames.heartbeat(room);
      texts.set(room, text);
      return text;
    };
    for (const session of sessions) session.sweep(heartbeat);
  }

  return {
    limits,
    connect(client) {
      const session: Session = createSession({
        client,
        board,
        frames,
        limits,
        monotonic,
        counters,
        join: (actor, scope, view, key) => join(session, actor, scope, view, key),
        leave: (room) => leave(session, room.id),
      });
      sessions.add(session);
      return session;
    },
    disconnect(session) {
      session.close();
      sessions.delete(session);
    },
    start() {
      unlisten ??= board.onCommit(broadcast);
      sweeper ??= setInterval(sweep, limits.sweepMs);
    },
    stop() {
      unlisten?.();
      unlisten = undefined;
      clearInterval(sweeper);
      sweeper = undefined;
      if (turn !== undefined) clearImmediate(turn);
      turn = undefined;
      for (const deliver of deliveries.splice(0)) deliver();
      for (const session of sessions) session.end('shutdown');
    },
    stats: () => ({
      ...counters,
      clients: sessions.size,
      stale: [...sessions].filter((s) => s.stale).length,
      rooms: rooms.size,
    }),
  };
}
