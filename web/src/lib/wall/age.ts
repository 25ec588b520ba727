import { sayDuration } from '../format/time.ts';

export const BOLD_AFTER_MS = 30_000;
export const STALE_AFTER_MS = 120_000;
export const FORGET_AFTER_MS = 30 * 60_000;
export const RELOAD_AFTER_MS = 10 * 60_000;
export const WELCOME_MS = 10_000;

/** How a wall speaks of its data: in passing, in bold, as a scene of its own, or with the old truth taken down. */
export type WallAge = 'waiting' | 'quiet' | 'bold' | 'stale' | 'gone';

/** `silentMs`: real milliseconds since the server was last heard; null before it ever was. */
export function wallAge(silentMs: number | null): WallAge {
  if (silentMs === null) return 'waiting';
  if (silentMs >= FORGET_AFTER_MS) return 'gone';
  if (silentMs >= STALE_AFTER_MS) return 'stale';
  return silentMs >= BOLD_AFTER_MS ? 'bold' : 'quiet';
}

/** Line under the clock. `ageMs` is on the product's clock, `since` says its time in words. */
export function ageLine(age: WallAge, ageMs: number, since: string): string {
  if (age === 'waiting') return 'no data yet';
  return age === 'stale' || age === 'gone' ? `data from ${since}` : `data ${sayDuration(ageMs)} old`;
}

/**
 * Real milliseconds until the next try to reach the server, `silentMs` into the silence: anywhere up to 8 s in the
 * first 30 minutes, then up to 30 s, so that many walls do not return at once. `random` is in [0, 1).
 */
export function retryDelay(silentMs: number, random: number): number {
  const ceiling = silentMs < FORGET_AFTER_MS ? 8000 : 30_000;
  return Math.round(ceiling / 4 + random * ((ceiling * 3) / 4));
}

/** Whether a silent page should ask the server for a fresh copy of itself. `lastTryMs`: real time of the last reload or start. */
export function reloadDue(silentMs: number | null, sinceLastTryMs: number): boolean {
  return (silentMs ?? sinceLastTryMs) >= RELOAD_AFTER_MS && sinceLastTryMs >= RELOAD_AFTER_MS;
}
