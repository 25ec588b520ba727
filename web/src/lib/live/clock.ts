import type { FrameClock } from '$shared/protocol/live';

/** A frame's clock and the browser's monotonic time when it came. */
export interface Anchor {
  readonly clock: FrameClock;
  readonly monotonicMs: number;
}

/** Product time now: the last frame's time plus what has gone by since, at the product's speed. Never the browser's own date. */
export function readClock(anchor: Anchor, monotonicMs: number): number {
  return anchor.clock.now + Math.max(0, monotonicMs - anchor.monotonicMs) * anchor.clock.speed;
}

export const QUIET_AFTER_MS = 20_000;
export const LOST_AFTER_MS = 60_000;

/** How the line stands by real monotonic time: `quiet` is said in the clock, `lost` across the screen. */
export type LineState = 'connecting' | 'live' | 'quiet' | 'lost';

/** `lastFrameMs` null: nothing has come since `sinceMs`. */
export function lineState(monotonicMs: number, lastFrameMs: number | null, sinceMs: number): LineState {
  const silence = monotonicMs - (lastFrameMs ?? sinceMs);
  if (silence >= LOST_AFTER_MS) return 'lost';
  if (silence >= QUIET_AFTER_MS) return 'quiet';
  return lastFrameMs === null ? 'connecting' : 'live';
}
