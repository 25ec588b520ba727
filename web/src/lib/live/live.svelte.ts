import type { ErrorFrame, FrameClock, LiveFrame, View } from '$shared/protocol/live';
import { createContext, untrack } from 'svelte';
import type { EpochMs } from '$shared/model/time';
import { instantOf } from '../format/time.ts';
import { lineState, readClock, type Anchor, type LineState } from './clock.ts';
import type { Line, OpenLine } from './line.ts';
import { LiveBoard } from './live-board.svelte.ts';

/** The clock on screens is read this often; it shows minutes, and at ten times real speed a minute is six seconds. */
const TICK_MS = 250;
/** Heartbeats come every 10 s: an open line that says nothing for this long is taken for dead. */
const RENEW_AFTER_MS = 25_000;
/** Real time within which the server has done what was asked of a replay. */
const SETTLE_MS = 2000;

/** The moment that is asked about: see `Live.asOf`. */
export type AsOf = EpochMs | null | undefined;

/** A look at the past. `fault`: why the server cannot show that time, in its words. */
export interface Replaying {
  readonly stream: string;
  /** Product milliseconds a real one; 0: paused. */
  readonly speed: number;
  /** The moment that was asked for is on the screen; false while it is on its way. */
  readonly shown: boolean;
  readonly fault: { readonly code: string; readonly message: string } | null;
}

/** The line, the clock and every open subscription of this page. Built and started in the root layout. */
export class Live {
  /** Product time, epoch ms; null before the first frame. Runs on while the line is down. */
  now: number | null = $state.raw(null);
  line: LineState = $state.raw('connecting');
  /** Product time of the last frame: since when the screen is not live. */
  lastFrameAt: number | null = $state.raw(null);
  simulated = $state.raw(false);
  speed = $state.raw(1);
  /** The server's own words when it is open beyond this machine without sign-in. */
  open: string | null = $state.raw(null);
  /** What is wrong with a part of the server, as its last frame said. */
  trouble: readonly string[] = $state.raw([]);
  /** Revision of the list of redirections, as the last live frame said; null: none has. */
  redirections: number | null = $state.raw(null);
  /** Null: what is shown is live. */
  replay: Replaying | null = $state.raw(null);
  /** Rises with every jump in time: what was read of the day before it is of another moment. */
  jumps = $state.raw(0);

  #openLine: OpenLine;
  #monotonicMs: () => number;
  #line: Line | undefined;
  #connected = false;
  // Routing, not state: nothing on a screen hangs on which subscriptions exist.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  #boards = new Map<string, LiveBoard>();
  #anchor: Anchor | null = null;
  #lastFrameMs: number | null = null;
  #startedMs = 0;
  #renewedMs = 0;
  #build: string | null = null;
  #streams = 0;
  #steeredMs = -Infinity;
  #timer: ReturnType<typeof setInterval> | undefined;
  #onOtherBuild: () => void;

  constructor(openLine: OpenLine, monotonicMs: () => number, onOtherBuild: () => void) {
    this.#openLine = openLine;
    this.#monotonicMs = monotonicMs;
    this.#onOtherBuild = onOtherBuild;
  }

  /** Real milliseconds by which silence and rotation are measured; sleep included. */
  elapsedMs(): number {
    return this.#monotonicMs();
  }

  /** Returns the way out. */
  start(): () => void {
    this.#startedMs = this.#monotonicMs();
    this.#line = this.#openLine({
      opened: () => {
        this.#connected = true;
        if (this.replay) this.#sendReplay(this.now);
        for (const board of this.#boards.values()) board.ask();
      },
      frame: (frame) => this.#take(frame),
      closed: () => (this.#connected = false),
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    return () => {
      clearInterval(this.#timer);
      this.#line?.close();
      this.#line = undefined;
    };
  }

  /** Subscribes to a unit and all beneath it. Close the board when its screen goes. */
  openBoard(key: string, scope: string, view: View): LiveBoard {
    const board = new LiveBoard(
      { key, scope, view },
      (request) => this.#line?.send(request),
      this.#monotonicMs,
      () => {
        // Another screen may have taken the key over before this one went.
        if (this.#boards.get(key) !== board) return;
        this.#boards.delete(key);
        if (this.#connected) this.#line?.send({ type: 'unsubscribe', key });
      },
    );
    if (this.replay) board.follow(this.replay.stream);
    this.#boards.set(key, board);
    if (this.#connected) board.ask();
    return board;
  }

  /** What a screen has open of this scope already, whole: whoever needs it for a moment need not ask for it again. */
  opened(scope: string): LiveBoard | null {
    return [...this.#boards.values()].find((board) => board.subscription.scope === scope && board.board) ?? null;
  }

  /** Product time that answers of the API are asked for; null: of now; undefined: the past has not answered, so not yet. */
  get asOf(): AsOf {
    // Read when something is asked; whoever follows it would ask at every tick.
    return untrack(() => {
      if (!this.replay) return null;
      return this.replay.shown && this.replay.fault === null && this.now !== null ? this.now : undefined;
    });
  }

  /** Product milliseconds that go by on the screen in a real one. */
  get pace(): number {
    return untrack(() => this.replay?.speed ?? this.speed);
  }

  /** Shows the past from `at` on, on every screen. */
  goTo(at: EpochMs, speed: number): void {
    const going = this.replay;
    const stream = going?.stream ?? `replay-${(this.#streams += 1)}`;
    this.replay = { stream, speed, shown: false, fault: null };
    this.#setClock(at, speed);
    if (!this.#connected) return;
    this.#sendReplay(at);
    if (!going) this.#followAll(stream);
  }

  /** Runs on from where it is. */
  setSpeed(speed: number): void {
    if (!this.replay || this.now === null) return;
    this.replay = { ...this.replay, speed };
    this.#setClock(this.now, speed);
    if (this.#connected) this.#line?.send({ type: 'replay', stream: this.replay.stream, speed });
  }

  /** Back to what is live. */
  leaveReplay(): void {
    const left = this.replay;
    if (!left) return;
    this.replay = null;
    this.#anchor = null;
    this.now = null;
    this.jumps += 1;
    this.#followAll(null);
    if (this.#connected) this.#line?.send({ type: 'replay-end', stream: left.stream });
  }

  #followAll(stream: string | null): void {
    for (const board of this.#boards.values()) {
      board.follow(stream);
      if (this.#connected) board.ask();
    }
  }

  #sendReplay(at: EpochMs | null): void {
    if (!this.replay || at === null) return;
    const { stream, speed } = this.replay;
    this.#line?.send({ type: 'replay', stream, at: instantOf(at), speed });
  }

  #setClock(now: EpochMs, speed: number): void {
    this.#steeredMs = this.#monotonicMs();
    this.#anchor = { clock: { now, speed, simulated: this.simulated }, monotonicMs: this.#monotonicMs() };
    this.now = now;
  }

  #refuse(frame: ErrorFrame): void {
    if (frame.stream !== undefined) {
      if (this.replay?.stream !== frame.stream) return;
      this.replay = { ...this.replay, speed: 0, fault: { code: frame.code, message: frame.message } };
      this.#setClock(this.now ?? 0, 0);
      return;
    }
    for (const board of this.#boards.values()) if (!board.board) board.take(frame);
  }

  #take(frame: LiveFrame): void {
    if (frame.type === 'error') return this.#refuse(frame);
    // Something is there at the other end, whatever it speaks of.
    this.#lastFrameMs = this.#monotonicMs();
    if ((frame.stream ?? null) !== (this.replay?.stream ?? null)) return;
    const board = this.#boards.get(frame.key);
    // A frame of a subscription that was just replaced under the same key.
    if (board && board.subscription.scope === frame.scope) board.take(frame);
    this.#takeClock(frame.clock, this.#lastFrameMs);
    if (frame.type === 'snapshot') this.open = frame.open;
    const trouble = frame.trouble ?? [];
    if (trouble.join() !== this.trouble.join()) this.trouble = trouble;
    if (frame.redirections !== undefined) this.redirections = frame.redirections;
    if (this.#build !== null && this.#build !== frame.build) this.#onOtherBuild();
    this.#build = frame.build;
    if (this.line !== 'live') this.#tick();
  }

  #takeClock(clock: FrameClock, monotonicMs: number): void {
    this.simulated = clock.simulated;
    if (this.replay) {
      // What was on its way when somebody jumped or paused must not turn the clock back for a moment.
      if (monotonicMs - this.#steeredMs < SETTLE_MS && !this.#asSteered(clock, monotonicMs)) return;
      const { speed, shown, fault } = this.replay;
      if (!shown || fault !== null || speed !== clock.speed)
        this.replay = { ...this.replay, speed: clock.speed, shown: true, fault: null };
      if (!shown) this.jumps += 1;
    }
    this.speed = this.replay ? 1 : clock.speed;
    this.#anchor = { clock, monotonicMs };
  }

  #asSteered(clock: FrameClock, monotonicMs: number): boolean {
    const expected = this.#anchor ? readClock(this.#anchor, monotonicMs) : clock.now;
    return clock.speed === this.replay?.speed && Math.abs(clock.now - expected) <= SETTLE_MS * (1 + clock.speed);
  }

  #tick(): void {
    const monotonicMs = this.#monotonicMs();
    this.line = lineState(monotonicMs, this.#lastFrameMs, this.#startedMs);
    if (this.#anchor) {
      this.now = readClock(this.#anchor, monotonicMs);
      this.lastFrameAt = this.#anchor.clock.now;
    }
    const silentMs = monotonicMs - Math.max(this.#lastFrameMs ?? this.#startedMs, this.#renewedMs);
    if (this.#connected && this.#boards.size > 0 && silentMs >= RENEW_AFTER_MS) {
      this.#renewedMs = monotonicMs;
      this.#line?.renew();
    }
  }
}

/** `provideLive` in the root layout, `useLive` in any component. */
export const [useLive, provideLive] = createContext<Live>();
