import { get } from '../api/get.ts';
import { isBoundaries, type Boundaries } from './geo.ts';

/** Real time before a file that did not come is asked for again. */
const AGAIN_MS = 10_000;

/** Borders of one system; they ship with the page and never change while it is open. */
export class BoundariesBook {
  /** Null: not there yet, or there are none. */
  body: Boundaries | null = $state.raw(null);
  state: 'loading' | 'ready' | 'none' | 'failed' = $state.raw('loading');
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Returns the way out. */
  start(systemId: string): () => void {
    const stop = new AbortController();
    void this.#ask(systemId, stop.signal);
    return () => {
      clearTimeout(this.#timer);
      stop.abort();
    };
  }

  async #ask(systemId: string, signal: AbortSignal): Promise<void> {
    const answer = await get(`/geo/${encodeURIComponent(systemId)}.json`, isBoundaries, signal);
    if (signal.aborted) return;
    if (answer.ok) this.body = answer.body;
    // A system of one's own ships none: its units are drawn all the same.
    this.state = answer.ok ? 'ready' : answer.status === 404 ? 'none' : 'failed';
    if (this.state === 'failed') this.#timer = setTimeout(() => void this.#ask(systemId, signal), AGAIN_MS);
  }
}
