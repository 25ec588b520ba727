import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { View } from '#shared/protocol/live.ts';
import type { BoardView, Clock, Commit } from '../ports.ts';
import type { FeedStateAt, Revision, Stretch } from './recorded.ts';
import { sayMoment } from './words.ts';

/** What live frames tell of a board, be it the live one or a replay. */
export type FramedBoard = Pick<BoardView, 'definition' | 'epoch' | 'seq' | 'at' | 'commitsSince' | 'onCommit'>;

/** The inside of a frame's `units` and `feeds`. */
export interface SnapshotPart {
  readonly units: string;
  readonly feeds: string;
}

/** One scope of a board at one revision. */
export interface Snapshot {
  readonly seq: number;
  readonly at: EpochMs;
  readonly parts: readonly SnapshotPart[];
}

/** What one tier sees of one scope: how its units and patches are put into text. */
export interface ScopeView {
  readonly scope: string;
  readonly view: View;
  /** The board as it stands; null for a scope that it does not have. */
  snapshot(partBytes: number): Snapshot | Promise<Snapshot | null>;
  /** The inside of a patch frame: `"units":[…],"removed":[…],"feeds":[…]`; null where only a snapshot can say it. */
  patch(commit: Commit): string | null;
}

/** Nobody was recording at the time that was asked for. */
export class NotRecorded extends Error {
  readonly code = 'NOT_RECORDED';
  readonly before: Stretch | null;
  readonly after: Stretch | null;

  /** `before` and `after`: the nearest stretches on either side. */
  constructor(at: EpochMs, before: Stretch | null, after: Stretch | null) {
    const nearest = [
      before === null ? '' : `The recording before it ends at ${sayMoment(before.to)}.`,
      after === null ? '' : `The one after it begins at ${sayMoment(after.from)}.`,
    ].filter((text) => text !== '');
    const where = nearest.length === 0 ? 'Nothing has been recorded yet.' : nearest.join(' ');
    super(`Nothing was recorded at ${sayMoment(at)}. ${where}`);
    this.before = before;
    this.after = after;
  }
}

export interface Wish {
  /** Where to go; absent: stay. */
  readonly at?: EpochMs;
  /** Product milliseconds a real one, 0: paused; absent: as it was, 1 at first. */
  readonly speed?: number;
}

/** A board of the past that runs on by a clock of its own. `epoch` is empty and nothing is there before the first jump. */
export interface Replay extends FramedBoard {
  readonly clock: Clock;
  view(scope: string, view: View): ScopeView;
  /** What must be said of it on every screen: a gap, its end, a recording that cannot be read. */
  trouble(): readonly string[];
  /**
   * Goes somewhere, or at another speed; resolves once it is there, or once a later wish has overtaken this one. Rejects
   * with `NotRecorded`, or with code STORE_UNAVAILABLE, RECORDING_BROKEN, REPLAY_BUSY or REPLAY_LOST, and stays where it was.
   */
  steer(wish: Wish): Promise<void>;
  /** Called when it has gone elsewhere: another epoch, of which everybody needs the whole. Returns the way out. */
  onJump(listener: () => void): () => void;
  end(): void;
}

export interface Replays {
  /** A new replay, whoever gets it ends it; null when there are as many as this server has room for. */
  open(): Replay | null;
  /** Replays that are open now. */
  readonly count: number;
}

/** The board as it stood at one moment. */
export interface PastView extends Revision {
  readonly stretch: number;
  /** `<version>/<hash>` of the rules it was judged by. */
  readonly rules: string;
  /** Read from text at each call. */
  readonly feeds: readonly FeedStatus[];
  unit(id: string): Unit | undefined;
  /** Units and feeds as JSON in bytes, the inside of each list. */
  readonly said: { readonly units: Uint8Array; readonly feeds: Uint8Array };
}

/** Rejects with `NotRecorded`, or with code STORE_UNAVAILABLE, RECORDING_BROKEN, REPLAY_BUSY or REPLAY_LOST. */
export interface PastBoards {
  /** `signal`: whoever asked has gone; what nobody waits for is not read on. */
  at(at: EpochMs, signal?: AbortSignal): Promise<PastView>;
  /** Every stretch that can be looked at, oldest first. */
  stretches(): Promise<readonly Stretch[]>;
  /** The state of each feed at `from`, then every change of one up to `to`, in order of time. */
  feedStates(from: EpochMs, to: EpochMs): Promise<readonly FeedStateAt[]>;
}
