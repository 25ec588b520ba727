import type { FeedStatus, Unit } from '$shared/model/unit';
import type { LiveFrame, LiveRequest, View } from '$shared/protocol/live';
import { EMPTY, position, reduce, type Board, type LiveState } from './reduce.ts';

export interface Subscription {
  readonly key: string;
  readonly scope: string;
  readonly view: View;
}

const NO_UNITS: ReadonlyMap<string, Unit> = new Map();
const NO_FEEDS: ReadonlyMap<string, FeedStatus> = new Map();
/** An answer that never came is asked for again. */
const ASK_AGAIN_MS = 5000;

/**
 * The live picture of one scope. Frames are folded as they come, outside reactivity; the screen gets at most one new
 * board per animation frame. Made by `Live.open`, closed by `close()`.
 */
export class LiveBoard {
  readonly subscription: Subscription;
  /** Null until the first whole snapshot. Replaced, never mutated. */
  board: Board | null = $state.raw(null);
  /** Code of the last refusal of this subscription (`UNKNOWN_SCOPE` …), null once data came. */
  refused: string | null = $state.raw(null);

  #send: (request: LiveRequest) => void;
  #monotonicMs: () => number;
  #onClose: () => void;
  #state: LiveState = EMPTY;
  /** The replay it is fed from; null: the live board. */
  #stream: string | null = null;
  #askedAtMs: number | null = null;
  #painting: number | undefined;

  constructor(
    subscription: Subscription,
    send: (request: LiveRequest) => void,
    monotonicMs: () => number,
    onClose: () => void,
  ) {
    this.subscription = subscription;
    this.#send = send;
    this.#monotonicMs = monotonicMs;
    this.#onClose = onClose;
  }

  get units(): ReadonlyMap<string, Unit> {
    return this.board?.units ?? NO_UNITS;
  }

  get feeds(): ReadonlyMap<string, FeedStatus> {
    return this.board?.feeds ?? NO_FEEDS;
  }

  unit(id: string | null | undefined): Unit | undefined {
    return id ? this.units.get(id) : undefined;
  }

  /** Subscribes from the known position; called by `Live` whenever the line opens. */
  ask(): void {
    this.#askedAtMs = this.#monotonicMs();
    const from = position(this.#state);
    this.#state = { ...EMPTY, board: this.#state.board };
    const stream = this.#stream === null ? {} : { stream: this.#stream };
    this.#send({ type: 'subscribe', ...this.subscription, ...(from ?? {}), ...stream });
  }

  /** Is fed from another source from the next `ask` on; the last picture stays until that has sent its own. */
  follow(stream: string | null): void {
    this.#stream = stream;
    this.#state = EMPTY;
  }

  take(frame: LiveFrame): void {
    if (frame.type === 'error') {
      this.refused = frame.code;
      return;
    }
    const before = this.#state;
    const { state, ask } = reduce(before, frame);
    this.#state = state;
    if (ask) this.#askOnce();
    else this.#askedAtMs = null;
    if (state.board !== before.board) this.#paint();
  }

  close(): void {
    if (this.#painting !== undefined) cancelAnimationFrame(this.#painting);
    this.#onClose();
  }

  #askOnce(): void {
    const now = this.#monotonicMs();
    if (this.#askedAtMs === null || now - this.#askedAtMs >= ASK_AGAIN_MS) this.ask();
  }

  #paint(): void {
    // A hidden page gets no animation frames and needs none: it paints once when it is looked at again.
    this.#painting ??= requestAnimationFrame(() => {
      this.#painting = undefined;
      this.board = this.#state.board;
      this.refused = null;
    });
  }
}
