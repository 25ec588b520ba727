import type { Condition } from '../domain/ports.ts';

/** A tick later than this means that nothing was polled for as long. */
const LATE_MS = 3000;
/** A late tick is spoken of for this long. */
const REMEMBER_MS = 60_000;
/** A due poll that waits longer than this for its turn: there is more to poll than can be polled. */
const BEHIND_MS = 20_000;

/** Watches the poller's own tick. Every time is real and monotonic. */
export interface Pulse {
  begin(real: number): void;
  beat(real: number): void;
  conditions(real: number, ticking: boolean, waitedMs: number): Condition[];
}

export function createPulse(now: () => number): Pulse {
  let last = now();
  let late: { readonly at: number; readonly byMs: number } | null = null;
  const is = (status: Condition['status'], reason: string): Condition[] => [{ part: 'poller', status, reason }];
  const seconds = (ms: number) => `${Math.round(ms / 1000)} seconds`;
  return {
    begin(real) {
      last = real;
    },
    beat(real) {
      if (real - last > LATE_MS) late = { at: real, byMs: real - last };
      last = real;
    },
    conditions(real, ticking, waitedMs) {
      if (!ticking) return is('down', 'poller-stopped: no feed is being polled');
      if (real - last > LATE_MS) return is('down', `poller-stopped: no feed was polled for ${seconds(real - last)}`);
      if (waitedMs > BEHIND_MS) return is('degraded', `polls are ${seconds(waitedMs)} behind their schedule`);
      if (late && real - late.at < REMEMBER_MS) return is('degraded', `no feed was polled for ${seconds(late.byMs)}`);
      return is('ok', 'feeds are polled on schedule');
    },
  };
}
