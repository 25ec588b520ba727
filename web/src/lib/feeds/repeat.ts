/**
 * Calls `ask` at once, every `everyMs` and whenever `now()` is called; never two at a time, never while nobody looks.
 * `ask` gets a signal that ends with `stop()`.
 */
export interface Repeated {
  now(): void;
  stop(): void;
}

export function repeat(ask: (signal: AbortSignal) => Promise<void>, everyMs: number): Repeated {
  const leave = new AbortController();
  let asking = false;
  let again = false;

  const run = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    do {
      again = false;
      await ask(leave.signal);
    } while (again && !leave.signal.aborted);
    asking = false;
  };
  const due = () => {
    if (document.visibilityState !== 'hidden') void run();
  };
  const timer = setInterval(due, everyMs);
  document.addEventListener('visibilitychange', due);
  void run();
  return {
    now: () => void run(),
    stop: () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', due);
      leave.abort();
    },
  };
}
