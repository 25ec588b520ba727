import type { FeedStatus } from '$shared/model/unit';
import { untrack } from 'svelte';
import type { LiveBoard } from '../live/live-board.svelte.ts';
import { useLive } from '../live/live.svelte.ts';
import { StatusBook } from './status-book.svelte.ts';

export interface Statuses {
  /** By instance id; null before the first answer. */
  readonly feeds: ReadonlyMap<string, FeedStatus> | null;
  readonly failed: boolean;
  refresh(): void;
}

/**
 * Every feed's own state, while `wanted`. Live it is asked for by itself; in a replay it comes with the frames of the whole
 * board, as the API knows feeds only as they are now. For component setup.
 */
export function useStatuses(wanted: () => boolean, system: () => string | null): Statuses {
  const live = useLive();
  const book = new StatusBook();
  let past = $state.raw<LiveBoard | null>(null);
  const replaying = $derived(live.replay !== null);
  $effect(() => {
    if (!wanted()) return;
    if (!replaying) return untrack(() => book.start());
    const id = system();
    if (id === null) return;
    const board = live.openBoard('feeds-full', id, 'full');
    past = board;
    return () => board.close();
  });
  return {
    get feeds() {
      return replaying ? (past?.board ? past.feeds : null) : book.feeds;
    },
    get failed() {
      return !replaying && book.failed;
    },
    refresh: () => book.refresh(),
  };
}
