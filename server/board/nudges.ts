import type { Level } from '#shared/model/level.ts';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import type { LevelChange } from '../domain/ports.ts';
import { wantedLevel } from '../domain/rules/wanted.ts';
import type { Nudge, World } from './world.ts';

/** Hysteresis lets a level follow its score in steps; what moves later than this has another reason. */
const LASTS = HOUR;

/** What each unit's readings amount to by the rules in force, in the definition's order. */
export const wantedNow = (world: World): (Level | null)[] =>
  world.published.units.map((unit) => wantedLevel(unit, world.layout.definition.rules));

/** Marks the units that new rules see otherwise: the same readings, judged before and now. */
export function markNudged(world: World, before: readonly (Level | null)[], at: EpochMs): void {
  world.nudged.clear();
  wantedNow(world).forEach((wanted, index) => {
    const was = before[index] ?? null;
    if (was !== wanted) world.nudged.set(index, { was, wanted, until: at + LASTS });
  });
}

/** Says of a change that it comes from new rules, where it does. */
export function nameNudged(world: World, change: LevelChange): LevelChange {
  const index = world.layout.indexOf.get(change.unit) ?? -1;
  const nudge = world.nudged.get(index);
  if (!nudge) return change;
  const follows = change.at <= nudge.until && isTowards(change, nudge);
  if (!follows || change.to === nudge.wanted) world.nudged.delete(index);
  return follows ? { ...change, text: `rules ${world.layout.definition.rules.version}: ${change.text}` } : change;
}

/** Forgets units whose level has followed, or has had its time. */
export function forgetNudges(world: World, at: EpochMs): void {
  for (const [index, { wanted, until }] of world.nudged) {
    if (at > until || world.published.units[index]?.level === wanted) world.nudged.delete(index);
  }
}

function isTowards({ from, to }: LevelChange, { was, wanted }: Nudge): boolean {
  if (wanted === null) return to === null;
  if (was === null) return from === null;
  if (from === null || to === null) return false;
  return Math.sign(to - from) === Math.sign(wanted - was);
}
