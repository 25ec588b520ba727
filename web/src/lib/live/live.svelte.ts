import type { LiveFrame, View } from '$shared/protocol/live';
import { createContext } from 'svelte';
import { lineState, readClock, type Anchor, type LineState } from './clock.ts';
import type { Line, OpenLine } from './line.ts';
import { LiveBoard } from './live-board.svelte.ts';

/** The clock on screens is read this often; it shows minutes, and at ten times real speed a minute is six seconds. */
const TICK_MS = 250;
/** Heartbeats come every 10 s: an open line that says nothing for this long is taken for dead. */
const RENEW_AFTER_MS = 25_000;

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
  #timer: ReturnType<typeof setInterval> | undefined;
  #onOtherBuild: () => void;

  constructor(openLine: OpenLine, monotonicMs: () => number, onOtherBuild: () => void) {
    this.#openLine = openLine;
    this.#monotonicMs = monotonicMs;
    this.#onOtherBuild = onOtherBuild;
  }

  /** Returns the way out. */
  start(): () => void {
    this.#startedMs = this.#monotonicMs();
    this.#line = this.#openLine({
      opened: () => {
        this.#connected = true;
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
    this.#boards.set(key, board);
    if (this.#connected) board.ask();
    return board;
  }

  #take(frame: LiveFrame): void {
    if (frame.type === 'error') {
      for (const board of this.#boards.values()) if (!board.board) board.take(frame);
      return;
    }
    const board = this.#boards.get(frame.key);
    // A frame of a subscription that was just replaced under the same key.
    if (board && board.subscription.scope === frame.scope) board.take(frame);
    this.#lastFrameMs = this.#monotonicMs();
    this.#anchor = { clock: frame.clock, monotonicMs: this.#lastFrameMs };
    this.simulated = frame.clock.simulated;
    this.speed = frame.clock.speed;
    if (frame.type === 'snapshot') this.open = frame.open;
    const trouble = frame.trouble ?? [];
    if (trouble.join() !== this.trouble.join()) this.trouble = trouble;
    if (this.#build !== null && this.#build !== frame.build) this.#onOtherBuild();
    this.#build = frame.build;
    if (this.line !== 'live') this.#tick();
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
