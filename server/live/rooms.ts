import type { View } from '#shared/protocol/live.ts';
import type { Actor, Commit } from '../domain/ports.ts';
import type { ScopeView } from '../domain/replay/player.ts';
import { createFrames, roomId, type FrameSource, type Room } from './frames.ts';
import type { LiveLimits } from './limits.ts';

/** Who is in rooms: one client. */
export interface Member {
  readonly rooms: readonly Room[];
  /** `text`: null where only a snapshot can say it. */
  deliver(room: Room, commit: Commit, text: string | null): void;
}

/** Rooms over one board, live or replayed: each commit becomes one text a room, sent in slices. */
export interface Rooms {
  readonly source: FrameSource;
  readonly size: number;
  /** Null for a scope that the board does not have. */
  join(member: Member, actor: Actor, scope: string, view: View, key: string): Room | null;
  leave(member: Member, room: Room): void;
  start(): void;
  /** Delivers what is still under way, and hears of nothing more. */
  stop(): void;
}

interface OpenRoom extends Room {
  readonly members: Set<Member>;
}

/** The view of a scope; null for one that the board does not have. */
export type MakeView = (scope: string, view: View) => ScopeView | null;

export function createRooms(source: FrameSource, makeView: MakeView, limits: LiveLimits): Rooms {
  const { board } = source;
  const frames = createFrames(source);
  const rooms = new Map<string, OpenRoom>();
  const views = new Map<string, ScopeView>();
  const deliveries: (() => void)[] = [];
  let turn: NodeJS.Immediate | undefined;
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

  function deliverSlice() {
    turn = undefined;
    for (const deliver of deliveries.splice(0, limits.sliceClients)) deliver();
    if (deliveries.length > 0) turn = setImmediate(deliverSlice);
  }

  function broadcast(commit: Commit) {
    for (const room of rooms.values()) {
      const text = frames.patch(room, commit);
      for (const member of room.members) deliveries.push(() => member.deliver(room, commit, text));
    }
    if (turn === undefined) deliverSlice();
  }

  return {
    source,
    get size() {
      return rooms.size;
    },
    join(member, actor, scope, view, key) {
      const id = roomId(actor.tier, view, scope, key);
      let room = rooms.get(id);
      if (room === undefined) {
        const made = viewOf(actor, scope, view);
        if (made === null) return null;
        room = { id, view: made, key, board, frames, members: new Set() };
        rooms.set(id, room);
      }
      room.members.add(member);
      return room;
    },
    leave(member, left) {
      const room = rooms.get(left.id);
      if (room === undefined || room !== left || member.rooms.includes(room)) return;
      room.members.delete(member);
      if (room.members.size > 0) return;
      rooms.delete(room.id);
      if (![...rooms.values()].some((r) => r.view === room.view)) {
        for (const [viewId, view] of views) if (view === room.view) views.delete(viewId);
      }
    },
    start() {
      unlisten ??= board.onCommit(broadcast);
    },
    stop() {
      unlisten?.();
      unlisten = undefined;
      if (turn !== undefined) clearImmediate(turn);
      turn = undefined;
      for (const deliver of deliveries.splice(0)) deliver();
    },
  };
}
