import type { FeedPatch, FeedStatus, Unit, UnitPatch } from '$shared/model/unit';
import type { FrameClock, HeartbeatFrame, LiveFrame, PatchFrame, SnapshotFrame, View } from '$shared/protocol/live';

/** What one subscription knows. Never mutated: every reduction that changes something returns a new one. */
export interface Board {
  readonly epoch: string;
  readonly seq: number;
  /** RFC 3339: the board's time at `seq`. */
  readonly at: string;
  readonly clock: FrameClock;
  readonly build: string;
  readonly system: string;
  readonly scope: string;
  readonly view: View;
  readonly simulated: boolean;
  readonly open: string | null;
  readonly units: ReadonlyMap<string, Unit>;
  readonly feeds: ReadonlyMap<string, FeedStatus>;
}

/** A snapshot on its way in parts, and the patches that overtook its last part. */
interface Assembly {
  readonly parts: readonly (SnapshotFrame | undefined)[];
  readonly later: readonly PatchFrame[];
}

export interface LiveState {
  /** Null until the first whole snapshot. Stays while a new snapshot is being assembled. */
  readonly board: Board | null;
  readonly assembly: Assembly | null;
  /** Revision of the snapshot that `board` began with; null: whatever comes begins anew. */
  readonly base: number | null;
}

/** `ask`: the state has a hole that only the server can fill; subscribe again from `position(state)`. */
export interface Reduction {
  readonly state: LiveState;
  readonly ask: boolean;
}

export const EMPTY: LiveState = { board: null, assembly: null, base: null };

/** Where to resume from; nothing before the first whole snapshot. */
export function position(state: LiveState): { epoch: string; since: number } | null {
  return state.board ? { epoch: state.board.epoch, since: state.board.seq } : null;
}

/**
 * Folds one frame into the state. Overlaps are duplicates and pass without effect; a gap or another epoch leaves the
 * state as it was and asks again. A snapshot counts once its last part is there.
 */
export function reduce(state: LiveState, frame: LiveFrame): Reduction {
  switch (frame.type) {
    case 'snapshot':
      return takePart(state, frame);
    case 'patch':
      return takePatch(state, frame);
    case 'heartbeat':
      return takeHeartbeat(state, frame);
    case 'error':
      return { state, ask: false };
  }
}

function takePart(state: LiveState, frame: SnapshotFrame): Reduction {
  // Two subscriptions in quick succession bring the same snapshot twice: what is left of it is no beginning of another.
  if (!state.assembly && state.board?.epoch === frame.epoch && state.base === frame.seq) return { state, ask: false };
  const { index, of } = frame.part;
  const first = state.assembly?.parts.find((part) => part !== undefined);
  const same = first && first.epoch === frame.epoch && first.seq === frame.seq && state.assembly?.parts.length === of;
  const parts =
    same && state.assembly ? [...state.assembly.parts] : Array.from<SnapshotFrame | undefined>({ length: of });
  parts[index] = frame;
  const later = same && state.assembly ? state.assembly.later : [];
  const whole = parts.filter((part) => part !== undefined);
  if (whole.length < of) return { state: { ...state, assembly: { parts, later } }, ask: false };
  let next: Reduction = { state: { board: assemble(whole), assembly: null, base: frame.seq }, ask: false };
  for (const patch of later) next = next.ask ? next : takePatch(next.state, patch);
  return next;
}

function assemble(parts: readonly SnapshotFrame[]): Board {
  const last = parts[parts.length - 1] as SnapshotFrame;
  return {
    epoch: last.epoch,
    seq: last.seq,
    at: last.at,
    clock: last.clock,
    build: last.build,
    system: last.system,
    scope: last.scope,
    view: last.view,
    simulated: last.simulated,
    open: last.open,
    units: new Map(parts.flatMap((part) => part.units.map((unit) => [unit.id, { ...LEFT_OUT, ...unit }] as const))),
    feeds: new Map(parts.flatMap((part) => part.feeds.map((feed) => [feed.id, feed] as const))),
  };
}

function takePatch(state: LiveState, frame: PatchFrame): Reduction {
  if (state.assembly) {
    const { parts, later } = state.assembly;
    return { state: { ...state, assembly: { parts, later: [...later, frame] } }, ask: false };
  }
  const { board } = state;
  if (!board || board.epoch !== frame.epoch) return { state, ask: true };
  if (frame.seq <= board.seq) return { state, ask: false };
  if (frame.seq > board.seq + 1) return { state, ask: true };
  const units = mergeUnits(board.units, frame.units, frame.removed);
  if (!units) return { state, ask: true };
  const feeds = mergeFeeds(board.feeds, frame.feeds);
  const { seq, at, clock, build } = frame;
  return { state: { ...state, board: { ...board, seq, at, clock, build, units, feeds } }, ask: false };
}

function takeHeartbeat(state: LiveState, frame: HeartbeatFrame): Reduction {
  const { board } = state;
  if (!board) return { state, ask: !state.assembly };
  // Behind us in our own epoch is as wrong as ahead: the server lost its tail, and its patches would pass for duplicates.
  if (board.epoch !== frame.epoch || frame.seq !== board.seq) return { state, ask: !state.assembly };
  return { state: { ...state, board: { ...board, clock: frame.clock, build: frame.build } }, ask: false };
}

/** Null where a patch speaks of a unit that is not here: then something was missed. */
function mergeUnits(
  units: ReadonlyMap<string, Unit>,
  patches: readonly UnitPatch[],
  removed: readonly string[],
): ReadonlyMap<string, Unit> | null {
  if (patches.length === 0 && removed.length === 0) return units;
  const next = new Map(units);
  for (const patch of patches) {
    const before = next.get(patch.id);
    if (before) next.set(patch.id, mergeUnit(before, patch));
    else if (isWholeUnit(patch)) next.set(patch.id, { ...LEFT_OUT, ...patch });
    else return null;
  }
  for (const id of removed) next.delete(id);
  return next;
}

/** Top-level fields replace; `metrics` merge by name; null is a value. */
export function mergeUnit(unit: Unit, patch: UnitPatch): Unit {
  const merged: Unit = { ...unit, ...patch };
  if (patch.metrics) merged.metrics = { ...unit.metrics, ...patch.metrics };
  return merged;
}

function mergeFeeds(
  feeds: ReadonlyMap<string, FeedStatus>,
  patches: readonly FeedPatch[],
): ReadonlyMap<string, FeedStatus> {
  if (patches.length === 0) return feeds;
  const next = new Map(feeds);
  for (const patch of patches) {
    const before = next.get(patch.id);
    if (before) next.set(patch.id, { ...before, ...patch });
    else if (isWholeFeed(patch)) next.set(patch.id, patch);
  }
  return next;
}

/** `overview` leaves these out of sites; the type says they are there, so they are, empty. */
const LEFT_OUT = { metrics: {}, indicators: [], feeds: [], slotHours: [] } satisfies Partial<Unit>;

function isWholeUnit(patch: UnitPatch): patch is Unit {
  return patch.kind !== undefined && patch.name !== undefined && patch.day !== undefined;
}

function isWholeFeed(patch: FeedPatch): patch is FeedStatus {
  return patch.feed !== undefined && patch.sites !== undefined && patch.state !== undefined;
}
