import type { SystemInfo } from '$shared/protocol/api';
import { createContext } from 'svelte';
import { getSystem } from '../api/get.ts';
import { reconnectDelay } from './line.ts';

/** It is asked again now and then: rules come into force while somebody looks. */
const AGAIN_MS = 30_000;

/** What the system says about itself: its definition, and the rules in force. */
export class SystemBook {
  info: SystemInfo | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();

  /** Returns the way out. */
  start(): () => void {
    void this.#ask(0);
    return () => {
      clearTimeout(this.#timer);
      this.#stop.abort();
    };
  }

  /** Asks at once: something of it was just changed. */
  refresh(): void {
    clearTimeout(this.#timer);
    void this.#ask(0);
  }

  async #ask(attempt: number): Promise<void> {
    const answer = await getSystem(this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    // The same answer is no news to whoever hangs on it.
    if (answer.ok && JSON.stringify(answer.body) !== JSON.stringify(this.info)) this.info = answer.body;
    const failed = answer.ok ? 0 : attempt + 1;
    const wait = answer.ok ? AGAIN_MS : reconnectDelay(attempt, Math.random());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(failed), wait);
  }
}

/** `provideSystem` in the root layout, `useSystem` in any component. */
export const [useSystem, provideSystem] = createContext<SystemBook>();
