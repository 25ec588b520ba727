import { get } from '../api/get.ts';
import { reconnectDelay } from '../live/line.ts';
import { isBoundaries, type Boundaries } from './geo.ts';

/** Real time that a file that did not come is left alone, at the least. */
const AGAIN_MS = 1000;

/** Borders of one system; they ship with the page and never change while it is open. */
export class BoundariesBook {
  /** Null: not there yet, or there are none. */
  body: Boundaries | null = $state.raw(null);
  state: 'loading' | 'ready' | 'none' | 'failed' = $state.raw('loading');
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Returns the way out. */
  start(systemId: string): () => void {
    const stop = new AbortController();
    void this.#ask(systemId, stop.signal, 0);
    return () => {
      clearTimeout(this.#timer);
      stop.abort();
    };
  }

  async #ask(systemId: string, signal: AbortSignal, attempt: number): Promise<void> {
    const answer = await get(`/geo/${encodeURIComponent(systemId)}.json`, isBoundaries, signal);
    if (signal.aborted) return;
    if (answer.ok) this.body = answer.body;
    // A system of one's own ships none: its units are drawn all the same.
    this.state = answer.ok ? 'ready' : answer.status === 404 ? 'none' : 'failed';
    if (this.state !== 'failed') return;
    const waitMs = AGAIN_MS + reconnectDelay(attempt, Math.random());
    this.#timer = setTimeout(() => void this.#ask(systemId, signal, attempt + 1), waitMs);
  }
}
