import type { EpochMs } from '#shared/model/time.ts';
import type { Clock } from '../domain/ports.ts';

/** A clock that can be put anywhere, runs at any speed, and never beyond what is known. */
export interface ReplayClock extends Clock {
  put(at: EpochMs, speed: number): void;
  /** It stands still at this time until it may go further. */
  limit(at: EpochMs): void;
}

export function createReplayClock(simulated: boolean, monotonic: () => number): ReplayClock {
  let from = { at: 0, real: monotonic() };
  let speed = 0;
  let most = Infinity;
  const exact = () => Math.min(most, from.at + (monotonic() - from.real) * speed);
  const now = () => Math.floor(exact());
  return {
    now,
    get speed() {
      return speed;
    },
    simulated,
    realMsUntil: (at) => (speed === 0 ? Infinity : Math.max(0, (at - now()) / speed)),
    put(at, next) {
      from = { at, real: monotonic() };
      speed = next;
      most = Infinity;
    },
    limit(at) {
      // What it stood still for is not made up for.
      from = { at: exact(), real: monotonic() };
      most = Math.max(from.at, at);
    },
  };
}
