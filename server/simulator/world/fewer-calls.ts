import { trait } from '../random.ts';
import type { PracticeCalls } from './calls.ts';
import type { Placement } from './redirected.ts';

/** Chance that a patient who was given a slot would have rung again, and the soonest that it would have been. */
const RINGS_AGAIN = 0.5;
const SOONEST = 1200;

/**
 * The day's calls without those that placed patients no longer make. The calls are calibrated with such repeats in them,
 * so that they are taken away here and added nowhere. Calls before stay exactly as they were.
 */
export function withoutRepeats(
  calls: PracticeCalls,
  placements: readonly Placement[],
  parts: readonly (string | number)[],
): PracticeCalls {
  const gone = new Set<number>();
  for (const { at, patient } of placements) {
    if (trait(...parts, 'rings-again', patient) >= RINGS_AGAIN) continue;
    const next = calls.arrive.findIndex((arrive, i) => arrive >= at + SOONEST && !gone.has(i));
    if (next >= 0) gone.add(next);
  }
  if (gone.size === 0) return calls;
  const stays = (_: number, i: number) => !gone.has(i);
  return {
    count: calls.count - gone.size,
    arrive: calls.arrive.filter(stays),
    outcome: calls.outcome.filter(stays),
    join: calls.join.filter(stays),
    leave: calls.leave.filter(stays),
    done: calls.done.filter(stays),
    made: calls.made.filter(stays),
    staffed: calls.staffed,
  };
}
