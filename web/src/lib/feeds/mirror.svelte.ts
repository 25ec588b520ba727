import type { Unit } from '$shared/model/unit';
import type { LiveBoard } from '../live/live-board.svelte.ts';
import { useLive } from '../live/live.svelte.ts';

/** The board beside the feeds: for its clock and the names of sites, whose numbers are not asked for. Call while a component is made. */
export class Mirror {
  #board: LiveBoard | null = $state.raw(null);

  constructor(systemId: () => string | null) {
    const live = useLive();
    $effect(() => {
      const id = systemId();
      if (id === null) return;
      const board = live.openBoard('feeds', id, 'overview');
      this.#board = board;
      return () => board.close();
    });
  }

  get units(): ReadonlyMap<string, Unit> {
    return this.#board?.units ?? NOBODY;
  }

  /** RFC 3339 time of the newest picture; null before the first. */
  get at(): string | null {
    return this.#board?.board?.at ?? null;
  }
}

const NOBODY: ReadonlyMap<string, Unit> = new Map();
