import { getFeedCounts, type FeedCounts } from '../api/feeds.ts';
import { repeat } from './repeat.ts';

const EVERY_MS = 30_000;

/** How many feeds are live, for screens that say no more of them than that. */
export class CountsBook {
  /** Null while not known: an old count would be taken for a new one. */
  counts: FeedCounts['counts'] | null = $state.raw(null);

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat(async (signal) => {
      const answer = await getFeedCounts(signal);
      if (!signal.aborted) this.counts = answer.ok ? answer.body.counts : null;
    }, EVERY_MS);
    return () => repeated.stop();
  }
}
