import { get } from '../api/get.ts';
import { reconnectDelay } from '../live/line.ts';
import { isBoundaries, type Boundaries } from '../map/geo.ts';
import { layOut, type MapMatter, type WallMap } from './wall-map.ts';

/** The borders of one system, asked for until they come, and the layout that was last made of them. */
export class MapBook {
  boundaries: Boundaries | null = $state.raw(null);
  #leave = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #made: { readonly key: string; readonly map: WallMap } | null = null;

  constructor(systemId: string) {
    void this.#ask(systemId, 0);
  }

  /** The layout; made anew only where other units are on it, or the borders came. */
  mapOf(matter: Omit<MapMatter, 'boundaries'>): WallMap {
    const { boundaries } = this;
    const key = JSON.stringify([matter.scope, boundaries !== null, matter.units.map(({ id }) => id).sort()]);
    if (this.#made?.key === key) return this.#made.map;
    const units = [...matter.units].sort((a, b) => (a.id < b.id ? -1 : 1));
    const map = layOut({ ...matter, units, boundaries });
    this.#made = { key, map };
    return map;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#leave.abort();
  }

  async #ask(systemId: string, attempt: number): Promise<void> {
    const answer = await get(`/geo/${encodeURIComponent(systemId)}.json`, isBoundaries, this.#leave.signal);
    if (this.#leave.signal.aborted) return;
    if (answer.ok) this.boundaries = answer.body;
    // A system without borders of its own has none later either.
    else if (answer.status !== 404) {
      this.#timer = setTimeout(
        () => void this.#ask(systemId, attempt + 1),
        1000 + reconnectDelay(attempt, Math.random()),
      );
    }
  }
}
