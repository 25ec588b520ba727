import { circuitBreaker, CircuitState, ConsecutiveBreaker, DelegateBackoff, handleWhenResult } from 'cockatiel';
import { BRINGS_READINGS, type FeedState } from '#shared/model/absence.ts';
import type { PollOutcome } from '../domain/ports.ts';

/** Failed polls in a row after which a feed is left alone for a while. */
export const OPENS_AFTER = 5;
const FIRST_MS = 30_000;
/**
 * The library measures its wait by the machine's wall clock, which may be set back while a breaker is open: no wait at all
 * would then still be one, and polls would be thrown out until that clock has caught up.
 */
const LET_THROUGH = -Infinity;
/** No feed is left alone for longer. */
export const LONGEST_MS = 5 * 60_000;

/** Faults of a side that does answer, and answers plainly: asking it costs it nothing, and only somebody can mend it. */
const ANSWERED: ReadonlySet<FeedState> = new Set([
  'unauthorised',
  'forbidden',
  'not-found',
  'not-onboarded',
  'throttled',
  'blocked',
  'mapping-failed',
  'poller-stopped',
]);

/** Whether a poll that came to this counts towards opening. */
export const trips = (state: FeedState): boolean => !BRINGS_READINGS.has(state) && !ANSWERED.has(state);

/** The breaker of one feed instance in trouble; those that are well have none. */
export interface Breaker {
  /** Counts one poll. While open, a poll that comes through is the probe that decides. Rejects only if `poll` does. */
  run<T extends { readonly outcome: PollOutcome }>(poll: () => Promise<T>): Promise<T>;
  /** Real milliseconds to leave the feed alone from the last poll on; null while closed. */
  openForMs(): number | null;
}

/**
 * `failed`: polls of this feed that failed already. When to ask again is the poller's to keep, by its monotonic clock: so
 * the library is told to let any poll through that comes, and needs no timer. `random` in [0, 1).
 */
export function createBreaker(failed: number, random: () => number): Breaker {
  let wait = 0;
  const failing = (polled: unknown): boolean => trips((polled as { readonly outcome: PollOutcome }).outcome.state);
  const circuit = circuitBreaker(handleWhenResult(failing), {
    breaker: new ConsecutiveBreaker(Math.max(1, OPENS_AFTER - failed)),
    halfOpenAfter: new DelegateBackoff(({ attempt }) => {
      wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10)) * (0.75 + random() / 4);
      return LET_THROUGH;
    }),
  });
  return {
    run: (poll) => circuit.execute(poll),
    openForMs: () => (circuit.state === CircuitState.Open ? wait : null),
  };
}
