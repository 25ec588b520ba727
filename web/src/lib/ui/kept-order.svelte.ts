import type { Attachment } from 'svelte/attachments';
import { OrderKeeper } from './order-keeper.ts';

/** Which rows of a list stand, and in which order, as an `OrderKeeper` keeps them. */
export class KeptOrder {
  ids: readonly string[] = $state.raw([]);
  #keeper = new OrderKeeper();
  /** Goes onto the list. */
  readonly watch: Attachment<HTMLElement> = this.#keeper.watch;

  /** See `OrderKeeper.next`. */
  take(sorted: readonly string[], stands: (id: string) => boolean, asked = ''): void {
    this.ids = this.#keeper.next(sorted, stands, asked);
  }
}
