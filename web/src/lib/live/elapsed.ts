/** A computer that wakes has lost at least this much between two looks; a clock that is set right mostly has not. */
const LEAST_SLEEP_MS = 5000;

/**
 * Real milliseconds that go by, sleep included: some browsers stop their monotonic clock while the computer sleeps, and
 * what came before the sleep would pass for new. A date that is set forward looks the same and does no harm: the age is
 * too great until the next frame.
 */
export function createElapsed(monotonicMs: () => number, dateMs: () => number): () => number {
  let slept = 0;
  let monotonic = monotonicMs();
  let date = dateMs();
  return () => {
    const nextMonotonic = monotonicMs();
    const nextDate = dateMs();
    const gap = nextDate - date - (nextMonotonic - monotonic);
    if (gap >= LEAST_SLEEP_MS) slept += gap;
    monotonic = nextMonotonic;
    date = nextDate;
    return monotonic + slept;
  };
}
