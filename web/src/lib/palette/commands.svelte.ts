import { createContext, onDestroy } from 'svelte';

/** Something that can be done from the command palette. */
export interface Command {
  /** Stable: recent ones are kept by it. */
  readonly id: string;
  /** What it does, as a button would say it: "Copy a link to this view". */
  readonly name: string;
  /** Said quietly beside the name. */
  readonly note?: string;
  /** Further words by which people look for it. */
  readonly words?: string;
  /** Why it cannot be done now; it stays in the list and says so. */
  readonly hindered?: string;
  run(): void;
}

/** What the screens that are open offer. The palette reads it when it opens. */
export class CommandBook {
  // Read when somebody opens the palette, never followed.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  #sources = new Set<() => readonly Command[]>();

  /** Returns the way out. */
  add(read: () => readonly Command[]): () => void {
    this.#sources.add(read);
    return () => this.#sources.delete(read);
  }

  /** The newest source first: the screen's own commands stand above the shell's. */
  all(): readonly Command[] {
    return [...this.#sources].reverse().flatMap((read) => [...read()]);
  }
}

/** `provideCommands` in the root layout, `offerCommands` in a screen. */
export const [useCommands, provideCommands] = createContext<CommandBook>();

/** Offers a screen's own commands in the palette while its component lives; called while it is made. */
export function offerCommands(read: () => readonly Command[]): void {
  onDestroy(useCommands().add(read));
}
