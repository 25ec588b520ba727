/** Something under way that has to end by a time, or when its owner stops. */
export interface Running {
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  onLate(): void;
  onStop(): void;
}

export interface Deadlines {
  /** False where its signal has already been given: it is not to begin. */
  add(running: Running): boolean;
  remove(running: Running): void;
  close(): void;
}

interface Stop {
  given: boolean;
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
  const heard = new WeakMap<AbortSignal, Stop>();
  /** The stop of the last signal: mostly they are all the same one, and asking it costs more than remembering. */
  let last: { readonly signal: AbortSignal; readonly stop: Stop } | null = null;
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
  const listen = (signal: AbortSignal): Stop => {
    const stop = { given: signal.aborted };
    heard.set(signal, stop);
    const onAbort = (): void => {
      stop.given = true;
      for (const running of all) if (running.signal === signal) running.onStop();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    return stop;
  };

  return {
    add(running) {
      const { signal } = running;
      if (last?.signal !== signal) last = { signal, stop: heard.get(signal) ?? listen(signal) };
      if (last.stop.given) return false;
      all.add(running);
      // Whoever waits for an exchange is kept alive by its socket, not by this.
      ticker ??= setInterval(tick, TICK_MS).unref();
      return true;
    },
    remove(running) {
      all.delete(running);
    },
    close: rest,
  };
}
