const LOOK_MS = 1000;
/** However fast time runs, nothing is read again more often than this. */
const LEAST_MS = 2000;

export interface Pacing {
  /** Product milliseconds a real one, as they run now; 0: time stands still. */
  readonly pace: () => number;
  /** Product time after which something new is to be seen. */
  readonly stepMs: number;
  /** Real time after which it is read again however slowly time runs. */
  readonly mostMs: () => number;
}

/** Adds up real and product time since the last reading. `pass` says whether the next one is due, and then begins anew. */
export function createPacing({ pace, stepMs, mostMs }: Pacing): { pass(realMs: number): boolean } {
  let real = 0;
  let product = 0;
  return {
    pass(realMs) {
      real += realMs;
      product += realMs * pace();
      if (real < LEAST_MS || (product < stepMs && real < mostMs())) return false;
      real = 0;
      product = 0;
      return true;
    },
  };
}

/** Calls `then` as often as time runs: in a replay of 600 times, every few seconds. Returns the way out. */
export function paced(pacing: Pacing, then: () => void): () => void {
  const clock = createPacing(pacing);
  let lookedMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const passed = nowMs - lookedMs;
    lookedMs = nowMs;
    if (clock.pass(passed)) then();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
