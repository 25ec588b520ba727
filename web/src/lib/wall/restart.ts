/** Milliseconds until a wall that hit a fault loads itself again: soon the first time, slower if it keeps failing. */
export function restartDelay(failuresInARow: number): number {
  return Math.min(60_000, 5000 * 2 ** Math.min(failuresInARow, 6));
}

const KEY = 'headroom-wall-faults';
/** A wall that ran this long since its last fault starts counting anew. */
const FORGIVEN_AFTER_MS = 10 * 60_000;

/** Counts a fault across reloads and returns how many came in a row before it. */
export function countFault(store: Pick<Storage, 'getItem' | 'setItem'>, uptimeMs: number): number {
  const before = uptimeMs >= FORGIVEN_AFTER_MS ? 0 : Number(store.getItem(KEY) ?? 0) || 0;
  store.setItem(KEY, String(before + 1));
  return before;
}
