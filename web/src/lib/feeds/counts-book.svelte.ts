import { getFeedCounts, type FeedCounts } from '../api/feeds.ts';
import { MINUTE } from '$shared/model/time';
import type { AsOf } from '../live/live.svelte.ts';
import { repeat, type Repeated } from './repeat.ts';

const EVERY_MS = 30_000;

/** How many feeds are live, for screens that say no more of them than that. */
export class CountsBook {
  /** Null while not known: an old count would be taken for a new one. */
  counts: FeedCounts['counts'] | null = $state.raw(null);

  #asOf: () => AsOf;
  #pace: () => number;
  #repeated: Repeated | undefined;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(asOf: () => AsOf, pace: () => number) {
    this.#pace = pace;
    this.#asOf = asOf;
  }

  /** Asks at once: another moment is looked at. */
  refresh(): void {
    this.#repeated?.now();
  }

  /** Returns the way out. */
  start(): () => void {
    const fast = { pace: this.#pace, stepMs: 5 * MINUTE };
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS, fast);
    this.#repeated = repeated;
    return () => repeated.stop();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined) return;
    const answer = await getFeedCounts(asOf, signal);
    if (!signal.aborted) this.counts = answer.ok ? answer.body.counts : null;
  }
}
