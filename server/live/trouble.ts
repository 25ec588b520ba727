import type { Condition } from '../domain/ports.ts';

/** Frames go out several times a second; conditions are asked this often. */
const LOOK_EVERY_MS = 1000;
/** What mends itself at once (a start, a restart) is not worth a bar on every screen. */
const STANDS_AFTER_MS = 5000;

/**
 * What every screen is told of the product's own parts: the reason of each one that is not well and has not been for
 * some seconds of real time (`monotonic`, milliseconds).
 */
export function createTrouble(
  conditions: () => readonly Condition[],
  monotonic: () => number,
): () => readonly string[] {
  const since = new Map<string, number>();
  let lookedAt = -Infinity;
  let said: readonly string[] = [];
  return () => {
    const now = monotonic();
    if (now - lookedAt < LOOK_EVERY_MS) return said;
    lookedAt = now;
    const wrong = conditions().filter(({ status }) => status !== 'ok');
    for (const part of since.keys()) if (!wrong.some((c) => c.part === part)) since.delete(part);
    for (const { part } of wrong) if (!since.has(part)) since.set(part, now);
    said = wrong.filter(({ part }) => now - (since.get(part) ?? now) >= STANDS_AFTER_MS).map(({ reason }) => reason);
    return said;
  };
}
