import type { Level } from '#shared/model/level.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Driver, Unit } from '#shared/model/unit.ts';
import { levelOf } from '../domain/pressure/levels.ts';
import type { World } from './world.ts';

/** What asks for a level that the score alone would not give; null where the score gives it. */
function floorReason(unit: Unit, level: Level, rules: Rules): string | null {
  if (unit.score === null || levelOf(unit.score, rules.levels) >= level) return null;
  for (const { indicator, points, level: least, reason } of rules.escalators) {
    const given = unit.indicators.find((row) => row.indicator === indicator)?.points ?? 0;
    if (given >= points && least >= level) return reason;
  }
  if (unit.rollup === null || unit.rollup.floor < level) return null;
  const [, , severe, extreme] = unit.rollup.levels;
  const [count, at] = extreme > 0 ? [extreme, 4] : [severe, 3];
  return `${count} of ${unit.rollup.open} ${unit.rollup.open === 1 ? 'practice' : 'practices'} at level ${at}`;
}

/** Notes a change of level, with what asks for it and the drivers that say why. */
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
  const { level } = unit;
  const risen = level !== null && level > (from ?? 1);
  const floor = risen ? floorReason(unit, level, world.layout.definition.rules) : null;
  const why = [...(floor === null ? [] : [floor]), ...drivers.map((d) => d.text)]
    .filter((text) => text !== '')
    .slice(0, 2);
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
