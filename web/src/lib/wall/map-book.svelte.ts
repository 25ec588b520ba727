import { BoundariesBook } from '../map/boundaries-book.svelte.ts';
import { layOut, type MapMatter, type WallMap } from './wall-map.ts';

/** The borders of one system, asked for until they come, and the layout that was last made of them. */
export class MapBook {
  readonly #borders = new BoundariesBook();
  readonly #leave: () => void;
  #made: { readonly key: string; readonly map: WallMap } | null = null;

  constructor(systemId: string) {
    this.#leave = this.#borders.start(systemId);
  }

  /** The layout; made anew only where other units are on it, or the borders came. */
  mapOf(matter: Omit<MapMatter, 'boundaries'>): WallMap {
    const boundaries = this.#borders.body;
    const key = JSON.stringify([matter.scope, boundaries !== null, matter.units.map(({ id }) => id).sort()]);
    if (this.#made?.key === key) return this.#made.map;
    const units = [...matter.units].sort((a, b) => (a.id < b.id ? -1 : 1));
    const map = layOut({ ...matter, units, boundaries });
    this.#made = { key, map };
    return map;
  }

  close(): void {
    this.#leave();
  }
}
