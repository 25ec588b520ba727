import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Driver } from '#shared/model/unit.ts';
import type { World } from './world.ts';

/** Notes a change of level, with the drivers that say why. */
export function recordLevel(
  world: World,
  index: number,
  from: Level | null,
  at: EpochMs,
  drivers: readonly Driver[],
  open: boolean,
): void {
  const unit = world.published.units[index];
  if (!unit || unit.level === from) return;
  const why = drivers
    .slice(0, 2)
    .map((d) => d.text)
    .filter((text) => text !== '');
  const calm = unit.level === 1 ? 'nothing presses' : 'as its parts stand';
  const unknown = open ? 'too little is known' : 'closed';
  world.levels.push({
    at,
    unit: unit.id,
    from,
    to: unit.level,
    score: unit.score,
    text: unit.level === null ? unknown : why.length > 0 ? why.join('; ') : calm,
    rules: world.rulesVersion,
  });
}
