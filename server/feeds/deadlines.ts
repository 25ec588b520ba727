/** Something under way that has to end by a time, or when its owner stops. */
export interface Running {
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  onLate(): void;
  onStop(): void;
}

export interface Deadlines {
  add(running: Running): void;
  remove(running: Running): void;
  close(): void;
}

const TICK_MS = 50;
/** The ticker rests after this many ticks with nothing to watch. */
const IDLE_TICKS = 100;

/**
 * Time limits and stop signals of every exchange under way, by one ticker and one listener a signal: a timer and a
 * listener an exchange cost more than the rest of asking. Limits hold to a twentieth of a second.
 */
export function createDeadlines(): Deadlines {
  const all = new Set<Running>();
  const heard = new WeakSet<AbortSignal>();
  let ticker: NodeJS.Timeout | null = null;
  let idle = 0;

  const rest = (): void => {
    if (ticker) clearInterval(ticker);
    ticker = null;
  };
  const tick = (): void => {
    if (all.size === 0) {
      if (++idle >= IDLE_TICKS) rest();
      return;
    }
    idle = 0;
    const now = performance.now();
    for (const running of all) if (running.deadline <= now) running.onLate();
  };
  const listen = (signal: AbortSignal): void => {
    heard.add(signal);
    const onAbort = (): void => {
      for (const running of all) if (running.signal === signal) running.onStop();
    };
    signal.addEventListener('abort', onAbort, { once: true });
  };

  return {
    add(running) {
      all.add(running);
      if (!heard.has(running.signal)) listen(running.signal);
      // Whoever waits for an exchange is kept alive by its socket, not by this.
      ticker ??= setInterval(tick, TICK_MS).unref();
    },
    remove(running) {
      all.delete(running);
    },
    close: rest,
  };
}
