import type { Redirection } from '$shared/protocol/redirections';
import type { EpochMs } from '$shared/model/time';
import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { KeptOrder } from '../ui/kept-order.svelte.ts';
import { isListed, phaseOf } from './phases.ts';
import { rowsById } from './rows-by-id.ts';

const NOBODY: ReadonlyMap<string, Redirection> = rowsById([], null, 0);

/**
 * The rows to show, kept in their places while somebody is at them. A proposal that was replaced meanwhile stays, marked
 * as such, until the pointer and the keyboard have left.
 */
export class ListKeeper {
  rows: readonly Redirection[] = $state.raw([]);
  #order = new KeptOrder();
  #inside = $state.raw(false);
  /** What was shown last, for those that are gone. */
  #seen: ReadonlyMap<string, Redirection> = NOBODY;

  /** Goes onto the list. */
  readonly watch: Attachment<HTMLElement> = (list) => {
    const stopOrder = this.#order.watch(list);
    const stop = new AbortController();
    let pointed = false;
    let focused = false;
    const on = (name: string, then: (event: Event) => void) =>
      list.addEventListener(
        name,
        (event) => {
          then(event);
          // What has the focus loses it when it is taken away, in the midst of drawing: nothing may be set then.
          queueMicrotask(() => (this.#inside = pointed || focused));
        },
        { signal: stop.signal },
      );
    on('pointerenter', () => (pointed = true));
    on('pointerleave', () => (pointed = false));
    on('focusin', () => (focused = true));
    on('focusout', (event) => {
      const to = 'relatedTarget' in event ? event.relatedTarget : null;
      focused = to instanceof Node && list.contains(to);
    });
    return () => {
      stopOrder?.();
      stop.abort();
    };
  };

  take(redirections: readonly Redirection[], now: EpochMs): void {
    const all = rowsById(redirections, this.#inside ? this.#seen : null, now);
    const listed = [...all.values()].filter((each) => isListed(each, now));
    // What was decided moves at once to where it belongs; else rows keep their places.
    const states = listed.map(({ id, state }) => `${id} ${phaseOf({ state })}`).sort();
    this.#order.take([...all.keys()], (id) => all.has(id), this.#inside ? '' : states.join());
    // Whoever calls this in an effect must not hang on what it sets itself.
    this.rows = untrack(() => this.#order.ids).flatMap((id) => all.get(id) ?? []);
    this.#seen = all;
  }
}
