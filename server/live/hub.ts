import type { LiveClient, LiveCounters } from './client.ts';
import type { Replays } from '../domain/replay/player.ts';
import type { FrameSource, Room } from './frames.ts';
import { LIVE_LIMITS, type LiveLimits } from './limits.ts';
import { createRooms } from './rooms.ts';
import { createSession, type Session } from './session.ts';
import { createViews, type StagedBoard } from './view.ts';

export interface HubDeps extends FrameSource {
  readonly board: StagedBoard;
  readonly limits?: Partial<LiveLimits>;
  readonly monotonic?: () => number;
  /** Absent: the past cannot be looked at here. */
  readonly replays?: Replays;
}
export interface HubStats extends LiveCounters {
  readonly clients: number;
  readonly stale: number;
  readonly rooms: number;
  readonly replays: number;
}
export interface Hub {
  readonly limits: LiveLimits;
  connect(client: LiveClient): Session;
  /** The channel says that the connection is gone. */
  disconnect(session: Session): void;
  /** Ends every connection of an actor who may no longer read. */
  endOf(actor: string): void;
  start(): void;
  /** Ends every connection; clients come back by themselves to whoever listens next. */
  stop(): void;
  stats(): HubStats;
}

/** Sessions over the live board, and over replays of their own. */
export function createHub(deps: HubDeps): Hub {
  const limits: LiveLimits = { ...LIVE_LIMITS, ...deps.limits };
  const monotonic = deps.monotonic ?? (() => performance.now());
  const live = createRooms(deps, createViews(deps.board), limits);
  const counters: LiveCounters = { frames: 0, bytes: 0, snapshots: 0, staled: 0, ended: 0, refused: 0 };
  const sessions = new Set<Session>();
  let sweeper: NodeJS.Timeout | undefined;

  function sweep() {
    const texts = new Map<Room, string>();
    const heartbeat = (room: Room) => {
      const text = texts.get(room) ?? room.frames.heartbeat(room);
      texts.set(room, text);
      return text;
    };
    for (const session of sessions) session.sweep(heartbeat);
  }

  return {
    limits,
    connect(client) {
      const session = createSession({ client, live, replays: deps.replays ?? null, limits, monotonic, counters });
      sessions.add(session);
      return session;
    },
    disconnect(session) {
      session.close();
      sessions.delete(session);
    },
    endOf(actor) {
      for (const session of sessions) if (session.actor === actor) session.end('revoked');
    },
    start() {
      live.start();
      sweeper ??= setInterval(sweep, limits.sweepMs);
    },
    stop() {
      clearInterval(sweeper);
      sweeper = undefined;
      live.stop();
      for (const session of sessions) session.end('shutdown');
    },
    stats: () => ({
      ...counters,
      clients: sessions.size,
      stale: [...sessions].filter((s) => s.stale).length,
      rooms: live.size,
      replays: deps.replays?.count ?? 0,
    }),
  };
}
