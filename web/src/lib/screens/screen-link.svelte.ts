import type { ScreenOrders, ScreenSeen, ScreenSettings } from '$shared/protocol/screens';
import { postSeen } from '../api/screens.ts';
import { pause } from '../live/pause.ts';
import { keepSettings, keptSettings } from './kept-settings.ts';
import { pauseAfter, stateAfter, stepsSince, type LinkState } from './link-answer.ts';

/** More than the server waits with its answer, less than a wall may be silent. */
const LIMIT_MS = 9000;

/**
 * Between a paired wall and its server: says every 5 s what the wall shows, and has what it is to show. Orders come at
 * once, a revocation as well: the server holds its answer until there is something new.
 */
export class ScreenLink {
  /** What to show; from the store of this browser until the server is reached. Null once it may show nothing. */
  settings: ScreenSettings | null = $state.raw(null);
  state: LinkState = $state.raw('unreachable');
  readonly #id: string;
  readonly #report: () => ScreenSeen;
  readonly #onStep: (by: number) => void;
  #orders: ScreenOrders | null = null;

  /** `onStep`: a controller has the wall go on (above 0) or back (below 0) by so many scenes. */
  constructor(screenId: string, report: () => ScreenSeen, onStep: (by: number) => void = () => undefined) {
    this.#id = screenId;
    this.#report = report;
    this.#onStep = onStep;
    this.settings = keptSettings(screenId);
  }

  /** Returns the way out. */
  start(): () => void {
    const leave = new AbortController();
    void this.#speak(leave.signal);
    return () => leave.abort();
  }

  async #speak(signal: AbortSignal): Promise<void> {
    let failed = 0;
    while (!signal.aborted) {
      const askedMs = performance.now();
      const answer = await this.#ask(signal);
      if (signal.aborted) return;
      failed = answer.ok ? 0 : failed + 1;
      const isNew = answer.ok && this.#take(answer.body);
      this.state = stateAfter(this.state, answer);
      if (this.state === 'revoked' || this.state === 'unpaired') this.#forget();
      const tookMs = performance.now() - askedMs;
      await pause(pauseAfter(answer, { isNew, tookMs, failed, random: Math.random() }), signal);
    }
  }

  async #ask(signal: AbortSignal) {
    // One of its own for each: what hangs on a signal of the page would pile up over months.
    const limit = new AbortController();
    const end = () => limit.abort();
    const timer = setTimeout(end, LIMIT_MS);
    signal.addEventListener('abort', end, { once: true });
    try {
      const known = this.state === 'live' ? this.#orders : null;
      return await postSeen(this.#id, this.#report(), known, limit.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  /** Whether there was anything new in it. */
  #take(orders: ScreenOrders): boolean {
    const before = this.#orders;
    this.#orders = orders;
    const steps = stepsSince(before, orders);
    const same = before?.revision === orders.revision && this.settings !== null;
    if (!same) {
      this.settings = orders.settings;
      keepSettings(this.#id, orders.settings);
    }
    if (steps !== 0) this.#onStep(steps);
    return !same || steps !== 0;
  }

  #forget(): void {
    this.settings = null;
    this.#orders = null;
    keepSettings(this.#id, null);
  }
}
