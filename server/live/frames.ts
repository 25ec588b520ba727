import { toInstant } from '#shared/model/time.ts';
import { PROTOCOL, type ErrorFrame } from '#shared/protocol/live.ts';
import type { Actor, Clock, Commit } from '../domain/ports.ts';
import type { FramedBoard, ScopeView, SnapshotPart } from '../domain/replay/player.ts';

export interface FrameSource {
  readonly board: FramedBoard;
  readonly clock: Clock;
  readonly build: string;
  /** `HEADROOM_OPEN` in words, or null. */
  readonly open: string | null;
  /** Plain words for each part of the product that is not well. */
  readonly trouble: () => readonly string[];
  /** Revision of the list of redirections; absent: there is none here. */
  readonly redirections?: () => number;
  /** The connection's name for a replay; absent: what is live. */
  readonly stream?: string;
}

/** Everybody in a room gets the same bytes: one tier, one view of one scope, under one key. */
export interface Room {
  readonly id: string;
  readonly view: ScopeView;
  readonly key: string;
  readonly board: FramedBoard;
  readonly frames: Frames;
}

/** The tier comes first: a lower tier can never share a room, and so a frame, with a higher one. */
export function roomId(tier: Actor['tier'], view: string, scope: string, key: string): string {
  return JSON.stringify([tier, view, scope, key]);
}

/** Text of every frame of the protocol; the inside of lists comes from the scope view, made once. */
export interface Frames {
  snapshot(room: Room, seq: number, at: number, body: SnapshotPart, part: { index: number; of: number }): string;
  /** Null where only a snapshot can say it. */
  patch(room: Room, commit: Commit): string | null;
  heartbeat(room: Room): string;
}

export function createFrames({ board, clock, build, open, trouble, stream, redirections }: FrameSource): Frames {
  const head = (type: string, room: Room, seq: number, at: number) => {
    const frameClock = { now: clock.now(), speed: clock.speed, simulated: clock.simulated };
    const wrong = trouble();
    const fields = {
      type,
      protocol: PROTOCOL,
      epoch: board.epoch,
      seq,
      at: toInstant(at),
      clock: frameClock,
      build,
      scope: room.view.scope,
      view: room.view.view,
      key: room.key,
      ...(stream === undefined ? {} : { stream, replay: true }),
      ...(wrong.length > 0 ? { trouble: wrong } : {}),
      ...(redirections && stream === undefined ? { redirections: redirections() } : {}),
    };
    return JSON.stringify(fields).slice(0, -1);
  };

  return {
    snapshot(room: Room, seq: number, at: number, body: SnapshotPart, part: { index: number; of: number }): string {
      const { id: system, simulated } = board.definition;
      const more = JSON.stringify({ system, simulated: simulated || clock.simulated, open, part }).slice(1, -1);
      return `${head('snapshot', room, seq, at)},${more},"units":[${body.units}],"feeds":[${body.feeds}]}`;
    },
    patch(room: Room, commit: Commit) {
      const body = room.view.patch(commit);
      return body === null ? null : `${head('patch', room, commit.seq, commit.at)},${body}}`;
    },
    heartbeat: (room: Room) => `${head('heartbeat', room, board.seq, board.at)}}`,
  };
}

/** `stream`: the replay that it is about. */
export function errorFrame(code: ErrorFrame['code'], message: string, stream?: string): string {
  const about = stream === undefined ? {} : { stream };
  const frame: ErrorFrame = { type: 'error', protocol: PROTOCOL, ...about, code, message };
  return JSON.stringify(frame);
}
