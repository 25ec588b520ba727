import type { Attachment } from 'svelte/attachments';
import { mayResort } from '../control/arrange.ts';

/** Keeps the rows of a list where they are while somebody points at them or is inside, and for half a minute at least. */
export class OrderKeeper {
  #ids: readonly string[] = [];
  #busy = false;
  #sortedMs: number | null = null;
  #asked = '';
  #clockMs: () => number;

  constructor(clockMs: () => number = () => performance.now()) {
    this.#clockMs = clockMs;
  }

  /**
   * The ids to show; the same array while nothing changes. `sorted`: as they would stand now. `stands` says whether one
   * that is shown may go on being shown. `asked`: what was asked for, such as the column; another wish is met at once.
   */
  next(sorted: readonly string[], stands: (id: string) => boolean, asked = ''): readonly string[] {
    const now = this.#clockMs();
    if (asked !== this.#asked || mayResort(this.#busy, now, this.#sortedMs)) {
      this.#asked = asked;
      this.#sortedMs = sorted.length > 0 ? now : null;
      return (this.#ids = sorted);
    }
    const kept = this.#ids.filter(stands);
    const shown = new Set(kept);
    // Room that has come free is filled from the front.
    const more = sorted.filter((id) => !shown.has(id)).slice(0, Math.max(0, sorted.length - kept.length));
    if (more.length > 0 || kept.length < this.#ids.length) this.#ids = [...kept, ...more];
    return this.#ids;
  }

  /** Goes onto the list. */
  readonly watch: Attachment<HTMLElement> = (list) => {
    let pointed = false;
    let inside = false;
    const stop = new AbortController();
    const on = (name: string, then: (event: Event) => void) =>
      list.addEventListener(
        name,
        (event) => {
          then(event);
          this.#busy = pointed || inside;
        },
        { signal: stop.signal },
      );
    on('pointerenter', () => (pointed = true));
    on('pointerleave', () => (pointed = false));
    on('focusin', () => (inside = true));
    on('focusout', (event) => {
      const to = 'relatedTarget' in event ? event.relatedTarget : null;
      inside = to instanceof Node && list.contains(to);
    });
    return () => {
      stop.abort();
      this.#busy = false;
    };
  };
}
