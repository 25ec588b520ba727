import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Rejection } from './adapters/adapter.ts';
import type { Fault } from './faults.ts';
import type { Head } from './http.ts';
import { OFF_MS, sayOff, type Skew } from './skew.ts';

/** How adapters refuse a payload's own time that lies ahead of our clock. */
export const AHEAD = 'is ahead of our clock';

/** What is known of the times in an instance's answers, from one to the next. */
export interface Times {
  /** The payload's own time as last sent, and the newest there was. */
  readonly last: EpochMs | null;
  readonly newest: EpochMs | null;
  /** How far `last` lay behind us when it came; null where it had not moved on. */
  readonly lagMs: number | null;
  readonly dateMs: number | null;
  /** When that answer came. */
  readonly at: EpochMs;
}

export const NO_TIMES: Times = { last: null, newest: null, lagMs: null, dateMs: null, at: 0 };

export interface Timing {
  readonly supplier: string;
  readonly staleAfterMs: number;
  /** Product time between two polls. */
  readonly periodMs: number;
  readonly head: Head;
  /** The payload's own time; null where it has none or it was refused. */
  readonly own: EpochMs | null;
  /** The payload's own time was refused as ahead of our clock. */
  readonly ahead: boolean;
  readonly at: EpochMs;
  readonly latencyMs: number;
}

export interface Timed {
  readonly times: Times;
  /** What is wrong with the times; null: nothing. Readings count all the same. */
  readonly fault: Fault | null;
}

/** Judges the times of one answer by those before it, by its `Date` and its `Age`. */
export function judgeTimes(timing: Timing, before: Times, skew: Skew): Timed {
  const { own, at, head } = timing;
  const moved = own !== null && before.last !== null && own !== before.last;
  const times: Times = {
    last: own ?? before.last,
    newest: own === null ? before.newest : Math.max(own, before.newest ?? own),
    lagMs: moved || before.last === null ? (own === null ? null : at - own) : null,
    dateMs: head.dateMs,
    at,
  };
  return {
    times,
    fault: oldCopy(timing, before) ?? wrongClock(timing, before, times, skew) ?? outOfOrder(own, before),
  };
}

function oldCopy({ own, at, head, staleAfterMs }: Timing, before: Times): Fault | null {
  if (head.ageMs > staleAfterMs)
    return { state: 'stale-cache', fault: 'an old copy comes: the answer lay in a cache for longer than it may' };
  if (own !== null && own === before.last && at - own > staleAfterMs)
    return { state: 'stale-cache', fault: 'an old copy comes again: its own time does not move on' };
  return null;
}

function wrongClock(timing: Timing, before: Times, now: Times, skew: Skew): Fault | null {
  const { head, at, latencyMs, ahead } = timing;
  const tolerance = skew.tolerance(latencyMs);
  // A `Date` that stands still belongs to a copy, not to a clock.
  const still = head.dateMs === before.dateMs && at - before.at > OFF_MS / 4;
  const off =
    head.dateMs === null || still ? null : skew.hear(timing.supplier, head.dateMs + head.ageMs, at, latencyMs);
  const fault = offBy(off, tolerance) ?? (ahead ? AHEAD_FAULT : alwaysBehind(timing, before, now, tolerance));
  return fault === null || skew.ours() ? null : fault;
}

const AHEAD_FAULT: Fault = { state: 'clock-off', fault: 'the times in this feed are ahead of ours' };

function offBy(off: number | null, tolerance: number): Fault | null {
  if (off === null || Math.abs(off) <= tolerance) return null;
  return { state: 'clock-off', fault: `the clock of this feed is ${sayOff(off)}` };
}

/** Payload times that move on as ours do, but always as far behind: a wrong clock, no old copy. */
function alwaysBehind({ periodMs }: Timing, before: Times, { lagMs }: Times, tolerance: number): Fault | null {
  if (lagMs === null || before.lagMs === null) return null;
  const constant = Math.abs(lagMs - before.lagMs) < MINUTE / 2 + (tolerance - OFF_MS);
  if (!constant || lagMs <= tolerance + periodMs) return null;
  return { state: 'clock-off', fault: `the times in this feed are always ${sayOff(-lagMs)}` };
}

function outOfOrder(own: EpochMs | null, { newest }: Times): Fault | null {
  if (own === null || newest === null || own >= newest) return null;
  return { state: 'out-of-order', fault: 'this answer is older than one that came before it' };
}

/** Whether a refusal only says that the payload's own time lies ahead: a wrong clock is said once, as the state. */
export const isAhead = ({ place, reason }: Rejection): boolean => reason === AHEAD && !/\/\d/.test(place);
