import type { Unit } from '$shared/model/unit';
import type { LiveBoard } from '../live/live-board.svelte.ts';
import type { Live } from '../live/live.svelte.ts';

/** Services whose figures are shown at once; more have no room on a wall. */
export const MOST_SERVICES = 9;

/**
 * The figures of a few services, each by a subscription of its own: the overview that a wall lives on leaves out what
 * sites measure.
 */
export class ServiceBoards {
  #live: Live;
  #boards: readonly LiveBoard[] = $state.raw([]);

  constructor(live: Live) {
    this.#live = live;
  }

  /** Returns the way out. */
  follow(ids: readonly string[]): () => void {
    const opened = ids.slice(0, MOST_SERVICES).map((id, index) => this.#live.openBoard(`wall-${index}`, id, 'full'));
    this.#boards = opened;
    return () => {
      for (const board of opened) board.close();
      this.#boards = [];
    };
  }

  /** With its figures; undefined until they have come. */
  unit(id: string): Unit | undefined {
    return this.#boards.find(({ subscription }) => subscription.scope === id)?.unit(id);
  }
}
