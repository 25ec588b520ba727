import type { Wish } from '../domain/replay/player.ts';

/** One wish at a time; of those that come meanwhile only the newest counts, and a speed alone is added to it. */
export function createSteering(obey: (wish: Wish) => Promise<void>): { go(wish: Wish): Promise<void> } {
  let running: Promise<void> | null = null;
  let next: Wish | null = null;
  const go = async (wish: Wish): Promise<void> => {
    if (running !== null) {
      next = { ...next, ...wish };
      const mine = next;
      // How the one before ended is told to whoever wished it.
      await running.catch(() => undefined);
      if (next !== mine) return;
      next = null;
      return go(mine);
    }
    running = obey(wish).finally(() => {
      running = null;
    });
    return running;
  };
  return { go };
}
