import type { Collected, Pairing } from '$shared/protocol/screens';
import { askCode, collectScreen } from '../api/screens.ts';
import type { Sent } from '../api/send.ts';
import { readClock, type Anchor } from '../live/clock.ts';
import { reconnectDelay } from '../live/line.ts';
import { pause } from '../live/pause.ts';

const COLLECT_MS = 3000;
/** Real time after which a question that got no answer is given up. */
const LIMIT_MS = 6000;
/** Too many screens ask for codes: again after about this long. */
const FULL_MS = 15_000;
const KEY = 'headroom-pairing';

interface Shown {
  readonly code: string;
  readonly secret: string;
}

/** A screen that is not paired: gets a code, a new one in time, and asks whether somebody has approved it. */
export class PairBook {
  /** What stands on the screen; null before the first code. */
  code: string | null = $state.raw(null);
  /** The server answered last time that it was asked. Null: not asked yet. */
  reached: boolean | null = $state.raw(null);
  /** The server gives no more codes now. */
  full = $state.raw(false);
  /** Monotonic times: when the code ends, and when the server was last reached. */
  endsMs = $state.raw(0);
  reachedMs: number | null = $state.raw(null);
  anchor: Anchor | null = $state.raw(null);
  #shown: Shown | null = null;
  #onPaired: (screen: string) => void;

  constructor(onPaired: (screen: string) => void) {
    this.#onPaired = onPaired;
  }

  /** Returns the way out. */
  start(): () => void {
    const leave = new AbortController();
    // A page that was loaded again goes on with its code: somebody may be typing it.
    this.#shown = readShown();
    void this.#run(leave.signal);
    return () => leave.abort();
  }

  /** Product time; null before the server was reached. */
  now(monotonicMs: number): number | null {
    return this.anchor ? readClock(this.anchor, monotonicMs) : null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failed = 0;
    while (!signal.aborted) {
      const answer = await this.#ask(signal);
      if (signal.aborted) return;
      this.reached = answer.ok || answer.status === 429 || answer.status === 503;
      this.full = !answer.ok && this.reached;
      failed = this.reached ? 0 : failed + 1;
      if (this.reached) this.reachedMs = performance.now();
      const paired = answer.ok && this.#take(answer.body);
      if (paired) return;
      const ended = answer.ok && this.#shown === null;
      const wait = ended ? 0 : this.full ? FULL_MS * (1 + Math.random()) : COLLECT_MS;
      await pause(this.reached ? wait : 500 + reconnectDelay(failed, Math.random()), signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<Sent<Pairing | Collected>> {
    const limit = new AbortController();
    const end = () => limit.abort();
    const timer = setTimeout(end, LIMIT_MS);
    signal.addEventListener('abort', end, { once: true });
    try {
      return await (this.#shown === null ? askCode(limit.signal) : collectScreen(this.#shown.secret, limit.signal));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  /** Whether it is paired now. */
  #take(body: Pairing | Collected): boolean {
    this.anchor = { clock: body.clock, monotonicMs: performance.now() };
    this.endsMs = performance.now() + body.expiresInMs;
    if ('code' in body) this.#show({ code: body.code, secret: body.secret });
    else if (body.state === 'waiting') this.code = this.#shown?.code ?? null;
    else this.#show(null);
    if (!('screen' in body) || body.screen === null) return false;
    this.#onPaired(body.screen);
    return true;
  }

  #show(shown: Shown | null): void {
    this.#shown = shown;
    // The old code stands until there is another: the boxes never stand empty.
    if (shown !== null) this.code = shown.code;
    keepShown(shown);
  }
}

function readShown(): Shown | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<Shown> | null;
    const { code, secret } = value ?? {};
    return typeof code === 'string' && typeof secret === 'string' ? { code, secret } : null;
  } catch {
    return null;
  }
}

function keepShown(shown: Shown | null): void {
  try {
    if (shown === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(shown));
  } catch {
    // Storage may be refused or full; a page that is loaded again then gets another code.
  }
}
