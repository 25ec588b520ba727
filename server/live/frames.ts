import { toInstant } from '#shared/model/time.ts';
import { PROTOCOL, type ErrorFrame } from '#shared/protocol/live.ts';
import type { Actor, BoardView, Clock, Commit } from '../domain/ports.ts';
import type { ScopeView, SnapshotPart } from './view.ts';

export interface FrameSource {
  readonly board: BoardView;
  readonly clock: Clock;
  readonly build: string;
  /** `HEADROOM_OPEN` in words, or null. */
  readonly open: string | null;
  /** Plain words for each part of the product that is not well. */
  readonly trouble: () => readonly string[];
}

/** Everybody in a room gets the same bytes: one tier, one view of one scope, under one key. */
export interface Room {
  readonly id: string;
  readonly view: ScopeView;
  readonly key: string;
}

/** The tier comes first: a lower tier can never share a room, and so a frame, with a higher one. */
export function roomId(tier: Actor['tier'], view: string, scope: string, key: string): string {
  return JSON.stringify([tier, view, scope, key]);
}

/** Text of every frame of the protocol; the inside of lists comes from the scope view, made once. */
export function createFrames({ board, clock, build, open, trouble }: FrameSource) {
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
      ...(wrong.length > 0 ? { trouble: wrong } : {}),
    };
    return JSON.stringify(fields).slice(0, -1);
  };

  return {
    snapshot(room: Room, seq: number, at: number, body: SnapshotPart, part: { index: number; of: number }): string {
      const { id: system, simulated } = board.definition;
      const more = JSON.stringify({ system, simulated: simulated || clock.simulated, open, part }).slice(1, -1);
      return `${head('snapshot', room, seq, at)},${more},"units":[${body.units}],"feeds":[${body.feeds}]}`;
    },
    patch: (room: Room, commit: Commit) => `${head('patch', room, commit.seq, commit.at)},${room.view.patch(commit)}}`,
    heartbeat: (room: Room) => `${head('heartbeat', room, board.seq, board.at)}}`,
  };
}
export type Frames = ReturnType<typeof createFrames>;

export function errorFrame(code: ErrorFrame['code'], message: string): string {
  const frame: ErrorFrame = { type: 'error', protocol: PROTOCOL, code, message };
  return JSON.stringify(frame);
}
