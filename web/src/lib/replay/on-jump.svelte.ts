import { untrack } from 'svelte';
import { useLive } from '../live/live.svelte.ts';

/** Calls `then` after every jump in time: what was read of the day belongs to another moment. For component setup. */
export function onJump(then: () => void): void {
  const live = useLive();
  let seen = live.jumps;
  $effect(() => {
    if (live.jumps === seen) return;
    seen = live.jumps;
    untrack(then);
  });
}
