import type { FeedStatus } from '$shared/model/unit';
import { getFeeds } from '../api/feeds.ts';
import { repeat, type Repeated } from './repeat.ts';

const EVERY_MS = 10_000;

const byId = (feeds: readonly FeedStatus[]): ReadonlyMap<string, FeedStatus> => new Map(feeds.map((f) => [f.id, f]));

/** Every feed's own state. It is large, so it is asked for only while something on the screen shows single feeds. */
export class StatusBook {
  /** By instance id; null before the first answer. Replaced, never changed. */
  feeds: ReadonlyMap<string, FeedStatus> | null = $state.raw(null);
  failed = $state.raw(false);
  #repeated: Repeated | undefined;

  /** Begins to ask; returns the way out. What came stays for the next who looks. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS);
    this.#repeated = repeated;
    return () => {
      repeated.stop();
      this.#repeated = undefined;
    };
  }

  refresh(): void {
    this.#repeated?.now();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const answer = await getFeeds(signal);
    if (signal.aborted) return;
    this.failed = !answer.ok;
    if (answer.ok) this.feeds = byId(answer.body.feeds);
  }
}
