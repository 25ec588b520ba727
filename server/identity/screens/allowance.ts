/** Keys that are remembered; beyond, those that were heard of longest ago are forgotten. */
const MOST_KEYS = 2000;

interface Left {
  readonly count: number;
  readonly atMs: number;
}

/** So many at once per key, and one more every `everyMs` of real time. */
export class Allowance {
  #left = new Map<string, Left>();
  readonly #most: number;
  readonly #everyMs: number;
  readonly #monotonic: () => number;

  constructor(most: number, everyMs: number, monotonic: () => number) {
    this.#most = most;
    this.#everyMs = everyMs;
    this.#monotonic = monotonic;
  }

  /** Milliseconds until one is to be had; 0: now. */
  waitMs(key: string): number {
    const { count } = this.#now(key);
    return count >= 1 ? 0 : Math.ceil((1 - count) * this.#everyMs);
  }

  spend(key: string): void {
    const { count, atMs } = this.#now(key);
    this.#left.delete(key);
    this.#left.set(key, { count: Math.max(0, count - 1), atMs });
    if (this.#left.size <= MOST_KEYS) return;
    const oldest = this.#left.keys().next();
    if (oldest.done !== true) this.#left.delete(oldest.value);
  }

  #now(key: string): Left {
    const atMs = this.#monotonic();
    const before = this.#left.get(key);
    if (before === undefined) return { count: this.#most, atMs };
    return { count: Math.min(this.#most, before.count + (atMs - before.atMs) / this.#everyMs), atMs };
  }
}
