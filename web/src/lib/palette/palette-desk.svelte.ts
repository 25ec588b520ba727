import { createContext } from 'svelte';

/** Whether the command palette stands over the page. */
export class PaletteDesk {
  open = $state.raw(false);

  show(): void {
    this.open = true;
  }
  close(): void {
    this.open = false;
  }
}

/** `providePalette` in the root layout, `usePalette` in whatever opens it. */
export const [usePalette, providePalette] = createContext<PaletteDesk>();
