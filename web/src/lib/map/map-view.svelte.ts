import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';
import { readCamera, sayCamera, type Camera } from './camera.ts';
import { isColouring, type Colouring } from './colouring.ts';
import { readLayers, withLayer, type Layer } from './layers.ts';

/** How the units are laid out: where they are, one hexagon each, or as a table. */
export type Drawing = 'map' | 'hexes' | 'table';

/**
 * What the map shows lives in the address, so that a link restores exactly this view. Places, drawings and selections
 * are steps of the way back; the camera and the moment, of which there are too many, are not.
 */
export class MapView {
  /** The unit that is looked into; null: the whole system. */
  get focus(): string | null {
    return this.#get('in');
  }
  get selected(): string | null {
    return this.#get('unit');
  }
  get drawing(): Drawing {
    const asked = this.#get('as');
    return asked === 'hexes' || asked === 'table' ? asked : 'map';
  }
  get colouring(): Colouring {
    const asked = this.#get('by');
    return isColouring(asked) ? asked : 'level';
  }
  get grain(): string | null {
    return this.#get('show');
  }
  get layers(): ReadonlySet<string> {
    return readLayers(this.#get('with'));
  }
  get camera(): Camera {
    return readCamera(this.#get('view'));
  }
  /** A time of today, RFC 3339. */
  get when(): string | null {
    return this.#get('when');
  }
  get sort(): string | null {
    return this.#get('sort');
  }

  look(focus: string | null): void {
    this.#set({ in: focus, unit: null, view: null, show: null });
  }
  select(id: string | null): void {
    if (id !== this.selected) this.#set({ unit: id });
  }
  draw(drawing: Drawing): void {
    this.#set({ as: drawing === 'map' ? null : drawing, view: null });
  }
  colour(colouring: Colouring): void {
    this.#set({ by: colouring === 'level' ? null : colouring });
  }
  show(grain: string): void {
    this.#set({ show: grain, view: null });
  }
  toggle(layer: Layer): void {
    this.#set({ with: withLayer(this.layers, layer) });
  }
  move(camera: Camera): void {
    this.#set({ view: sayCamera(camera) }, true);
  }
  goTo(when: string | null): void {
    this.#set({ when }, true);
  }
  order(sort: string | null): void {
    this.#set({ sort }, true);
  }

  #get(name: string): string | null {
    return page.url.searchParams.get(name);
  }
  #set(changes: Readonly<Record<string, string | null>>, replace = false): void {
    void goto(withQuery(page.url, changes), { replace, reset: false });
  }
}
