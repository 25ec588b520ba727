import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, looking every 10 ms; throws with `what` when it has not come within `limitMs` of real time. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`did not happen within ${limitMs} ms: ${what}`);
    await delay(10);
  }
}
