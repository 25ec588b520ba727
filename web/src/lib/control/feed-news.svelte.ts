import type { FeedsSummary } from '$shared/protocol/feeds';
import { MINUTE } from '$shared/model/time';
import { getFeedsSummary } from '../api/feeds.ts';
import { repeat, type Repeated } from '../feeds/repeat.ts';
import type { AsOf } from '../live/live.svelte.ts';

/** Real time between two looks: what became of a feed is news to the minute, not to the second. */
const EVERY_MS = 60_000;

/** What happened to feeds, for the list of what changed. */
export class FeedNews {
  /** Null while not known. */
  summary: Pick<FeedsSummary, 'causes' | 'mended'> | null = $state.raw(null);

  #repeated: Repeated | undefined;
  #asOf: () => AsOf;
  #pace: () => number;

  /** `asOf`: the time of a replay, null for now, undefined while nothing can be asked. */
  constructor(asOf: () => AsOf, pace: () => number) {
    this.#asOf = asOf;
    this.#pace = pace;
  }

  /** Forgets what it knows and asks at once: another moment is looked at. */
  jump(): void {
    this.summary = null;
    this.#repeated?.now();
  }

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS, { pace: this.#pace, stepMs: 5 * MINUTE });
    this.#repeated = repeated;
    return () => repeated.stop();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asOf = this.#asOf();
    if (asOf === undefined) return;
    const answer = await getFeedsSummary(asOf, signal);
    // What was true a minute ago is still news.
    if (!signal.aborted && answer.ok) this.summary = answer.body;
  }
}
