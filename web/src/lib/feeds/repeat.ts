import { paced } from '../live/paced.ts';

/**
 * Calls `ask` at once, every `everyMs` (more often where product time runs fast) and whenever `now()` is called; never two at a time, never while nobody looks.
 * `ask` gets a signal that ends with `stop()`.
 */
export interface Repeated {
  now(): void;
  stop(): void;
}

export function repeat(
  ask: (signal: AbortSignal) => Promise<void>,
  everyMs: number,
  fast: { readonly pace: () => number; readonly stepMs: number } = { pace: () => 0, stepMs: Infinity },
): Repeated {
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
  const stopPacing = paced({ ...fast, mostMs: () => everyMs }, due);
  document.addEventListener('visibilitychange', due);
  void run();
  return {
    now: () => void run(),
    stop: () => {
      stopPacing();
      document.removeEventListener('visibilitychange', due);
      leave.abort();
    },
  };
}
