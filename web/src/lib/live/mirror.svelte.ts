import type { Unit } from '$shared/model/unit';
import type { LiveBoard } from './live-board.svelte.ts';
import { useLive } from './live.svelte.ts';

/** The board beside a screen of something else: for its clock and the names of units. Call while a component is made. */
export class Mirror {
  #board: LiveBoard | null = $state.raw(null);

  /** `name` of the screen, under which the board is held. */
  constructor(name: string, systemId: () => string | null) {
    const live = useLive();
    $effect(() => {
      const id = systemId();
      if (id === null) return;
      const board = live.openBoard(name, id, 'overview');
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
