import type { FeedState } from '#shared/model/absence.ts';
import { LONGEST_MS as LONGEST_REST_MS } from './breaker.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
/** Retries between two turns of the schedule; after that the schedule alone decides. */
const EXTRA_TRIES = 3;
/** A supplier that asks for more than this is asked again after this. */
const LONGEST_HOLD_MS = 15 * 60_000;

/** Faults that may pass by themselves, so that it is worth asking again before the schedule says so. */
const PASSING: ReadonlySet<FeedState> = new Set([
  'timeout',
  'too-slow',
  'receiver-timeout',
  'refused',
  'reset',
  'dns',
  'server-error',
  'unavailable',
  'damaged',
  'malformed',
  'throttled',
]);

/** Real milliseconds to wait after the `failures`th failure in a row: doubling, jittered (`random` in [0, 1)), bounded. */
export function backOffMs(failures: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return whole * (0.5 + random / 2);
}

/** `periodMs`: real time between two turns. A feed that is rarely asked does not lose hours to a fault of minutes. */
export function retriesBeforeSchedule(state: FeedState, failures: number, periodMs: number): boolean {
  return PASSING.has(state) && (failures <= EXTRA_TRIES || periodMs > LONGEST_REST_MS);
}

/** Real milliseconds to leave a supplier alone: what it asked for, or a growing wait where it named none. */
export function holdMs(retryAfterMs: number | null, failures: number, random: number): number {
  return retryAfterMs === null ? backOffMs(failures + 1, random) : Math.min(retryAfterMs, LONGEST_HOLD_MS);
}
