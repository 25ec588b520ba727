import { getFeedCounts, type FeedCounts } from '../api/feeds.ts';
import { repeat, type Repeated } from './repeat.ts';

const EVERY_MS = 30_000;

/** How many feeds are live, for screens that say no more of them than that. */
export class CountsBook {
  /** Null while not known: an old count would be taken for a new one. */
  counts: FeedCounts['counts'] | null = $state.raw(null);

  #asOf: () => number | null;
  #repeated: Repeated | undefined;

  /** `asOf`: the time of a replay, or null. */
  constructor(asOf: () => number | null) {
    this.#asOf = asOf;
  }

  /** Asks at once: another moment is looked at. */
  refresh(): void {
    this.#repeated?.now();
  }

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat(async (signal) => {
      const answer = await getFeedCounts(this.#asOf(), signal);
      if (!signal.aborted) this.counts = answer.ok ? answer.body.counts : null;
    }, EVERY_MS);
    this.#repeated = repeated;
    return () => repeated.stop();
  }
}
