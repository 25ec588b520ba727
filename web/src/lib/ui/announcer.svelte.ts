import { createContext, onDestroy, untrack } from 'svelte';
import type { Level } from '$shared/model/level-words';
import { sayLevels, type LevelNews } from './level-news.ts';

/** Whoever listens hears one sentence to its end before the next: what comes meanwhile is gathered. */
const PAUSE_MS = 5000;

/** The one voice of the page, and it speaks of levels alone: never of ticks. `announcer.svelte` is its live region. */
export class Announcer {
  text = $state.raw('');
  #waiting: LevelNews[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  levels(news: readonly LevelNews[]): void {
    if (news.length === 0) return;
    this.#waiting.push(...news);
    if (this.#timer === undefined) this.#speak();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #speak(): void {
    // Said once and gone: later it might no longer be true.
    this.text = sayLevels(this.#waiting);
    const spoke = this.#waiting.length > 0;
    this.#waiting = [];
    this.#timer = spoke ? setTimeout(() => this.#speak(), PAUSE_MS) : undefined;
  }
}

/** `provideAnnouncer` in the root layout, `useAnnouncer` or `announceLevel` where levels change. */
export const [useAnnouncer, provideAnnouncer] = createContext<Announcer>();

interface Judged {
  readonly id: string;
  readonly name: string;
  readonly level: Level | null;
}

/** Speaks whenever the level of the one unit that a screen is about changes; the first one it shows is on the screen already. */
export function announceLevel(read: () => Judged | null): void {
  const announcer = useAnnouncer();
  let last: Judged | null = null;
  $effect(() => {
    const now = read();
    untrack(() => {
      if (now && last && last.id === now.id && last.level !== now.level) announcer.levels([now]);
      last = now;
    });
  });
  onDestroy(() => (last = null));
}
