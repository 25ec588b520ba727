import type { FeedsSummary } from '$shared/protocol/feeds';
import { getFeedsSummary } from '../api/feeds.ts';
import { MINUTE } from '$shared/model/time';
import type { AsOf } from '../live/live.svelte.ts';
import { repeat, type Repeated } from './repeat.ts';

const EVERY_MS = 5000;
/** Real milliseconds without an answer after which the picture is no longer called live. */
const STALE_AFTER_MS = 20_000;

/** The health of all feeds as the server says it, asked again and again while the screen is open. */
export class SummaryBook {
  /** Null before the first answer. Replaced, never changed. */
  summary: FeedsSummary | null = $state.raw(null);
  /** The last question was not answered; the picture before it still stands. */
  failed = $state.raw(false);
  /** Nothing has come for so long that the picture is history. */
  stale = $state.raw(false);

  #repeated: Repeated | undefined;
  #answeredMs = performance.now();
  #asOf: () => AsOf;
  #pace: () => number;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(asOf: () => AsOf, pace: () => number) {
    this.#pace = pace;
    this.#asOf = asOf;
  }

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS, { pace: this.#pace, stepMs: MINUTE });
    this.#repeated = repeated;
    return () => repeated.stop();
  }

  /** Asks at once: something was just done. */
  refresh(): void {
    this.#repeated?.now();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined) return;
    const answer = await getFeedsSummary(asOf, signal);
    if (signal.aborted) return;
    const nowMs = performance.now();
    this.failed = !answer.ok;
    if (answer.ok) {
      this.summary = answer.body;
      this.#answeredMs = nowMs;
    }
    this.stale = nowMs - this.#answeredMs >= STALE_AFTER_MS;
  }
}
