import type { SystemInfo } from '$shared/protocol/api';
import { createContext } from 'svelte';
import { getSystem } from '../api/get.ts';
import { reconnectDelay } from './line.ts';

/** What the system definition says about itself: asked once, again and again until it came. */
export class SystemBook {
  info: SystemInfo | null = $state.raw(null);
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();

  /** Returns the way out. */
  start(): () => void {
    void this.#ask(0);
    return () => {
      clearTimeout(this.#retry);
      this.#stop.abort();
    };
  }

  async #ask(attempt: number): Promise<void> {
    const answer = await getSystem(this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    if (answer.ok) this.info = answer.body;
    else this.#retry = setTimeout(() => void this.#ask(attempt + 1), reconnectDelay(attempt, Math.random()));
  }
}

/** `provideSystem` in the root layout, `useSystem` in any component. */
export const [useSystem, provideSystem] = createContext<SystemBook>();
