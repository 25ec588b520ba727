import type { Condition } from '../domain/ports.ts';

/** A tick later than this means that nothing was polled for as long. */
const LATE_MS = 3000;
/** A late tick is spoken of for this long. */
const REMEMBER_MS = 60_000;

/** Watches the poller's own tick. Every time is real and monotonic. */
export interface Pulse {
  begin(real: number): void;
  beat(real: number): void;
  /** `pausesLost`: what was paused before the start is not known. */
  conditions(real: number, ticking: boolean, overdueMs: number, pausesLost?: boolean): Condition[];
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
    conditions(real, ticking, overdueMs, pausesLost = false) {
      if (!ticking) return is('down', 'poller-stopped: no feed is being polled');
      if (real - last > LATE_MS) return is('down', `poller-stopped: no feed was polled for ${seconds(real - last)}`);
      if (overdueMs > 0) return is('degraded', `polls are ${seconds(overdueMs)} behind their schedule`);
      if (late && real - late.at < REMEMBER_MS) return is('degraded', `no feed was polled for ${seconds(late.byMs)}`);
      if (pausesLost) return is('degraded', 'the list of paused feeds could not be read: none is paused');
      return is('ok', 'feeds are polled on schedule');
    },
  };
}
