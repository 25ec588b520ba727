import { createContext } from 'svelte';

/** How long something can be taken back, in real milliseconds. */
export const UNDO_MS = 10_000;

/** What was just done, in a sentence. `undo` null: it can only be read. */
export interface Done {
  readonly text: string;
  readonly undo: (() => void) | null;
  /** Real milliseconds for which it can still be taken back, counted down beside it; null: as long as it stands. */
  readonly left: (() => number) | null;
  readonly failed: boolean;
}

/** The last thing that somebody did here, for as long as it can be taken back. One for the whole page, shown by `undo.svelte`. */
export class UndoDesk {
  done: Done | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Says what was done and offers to take it back: `offer('Unpinned Bootle', () => pin('bootle'))`. With `left` it
   * stands until none is left.
   */
  offer(text: string, undo: () => void, left: (() => number) | null = null): void {
    this.#show({ text, undo, left, failed: false });
  }

  /** Says what came of something that cannot be taken back. A failure stays until it is put away. */
  say(text: string, failed = false): void {
    this.#show({ text, undo: null, left: null, failed });
  }

  take(): void {
    const undo = this.done?.undo;
    this.close();
    undo?.();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.done = null;
  }

  /** Somebody is on it: the time stands until `release`. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    clearTimeout(this.#timer);
    if (this.done && !this.done.failed && this.done.left === null)
      this.#timer = setTimeout(() => this.close(), UNDO_MS);
  }

  #show(done: Done): void {
    this.done = done;
    this.release();
  }
}

/** `provideUndo` in the root layout, `useUndo` wherever something can be taken back. */
export const [useUndo, provideUndo] = createContext<UndoDesk>();
