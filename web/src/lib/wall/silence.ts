import { STALE_AFTER_MS, WELCOME_MS } from './age.ts';

/** What the wall remembers about the line; advanced by `heard` and read at any moment. Real milliseconds unless named product. */
export interface Silence {
  readonly heardAtMs: number | null;
  /** Product time of the last frame before the present one. */
  readonly heardProductAt: number | null;
  /** Product milliseconds that were missed, and until when that is said. */
  readonly missedMs: number;
  readonly welcomeUntilMs: number;
}

export const NEVER_HEARD: Silence = { heardAtMs: null, heardProductAt: null, missedMs: 0, welcomeUntilMs: 0 };

/** A frame came. After a silence that had emptied the wall, its return is said for ten seconds. */
export function heard(silence: Silence, nowMs: number, productAt: number): Silence {
  const back = silence.heardAtMs !== null && nowMs - silence.heardAtMs >= STALE_AFTER_MS;
  return {
    heardAtMs: nowMs,
    heardProductAt: productAt,
    missedMs: back && silence.heardProductAt !== null ? productAt - silence.heardProductAt : silence.missedMs,
    welcomeUntilMs: back ? nowMs + WELCOME_MS : silence.welcomeUntilMs,
  };
}

/** Real milliseconds since the last frame; null before the first. */
export function silentFor(silence: Silence, nowMs: number): number | null {
  return silence.heardAtMs === null ? null : Math.max(0, nowMs - silence.heardAtMs);
}

/** Whether "Data is back" is to be said now. */
export function isWelcome(silence: Silence, nowMs: number): boolean {
  return nowMs < silence.welcomeUntilMs;
}
