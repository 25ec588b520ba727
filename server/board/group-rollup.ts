import type { Level } from '#shared/model/level.ts';
import type { Rollup } from '#shared/model/unit.ts';
import { coverageByDeprivation, type GroupScore } from '../domain/pressure/rollup.ts';
import { round } from '../domain/pressure/score.ts';
import { HEAD } from './lanes.ts';
import type { World } from './world.ts';

/** What a group's score and level are made of, from its lanes and its worst practices. */
export function groupRollup(world: World, lanes: Float64Array, score: GroupScore, notable: readonly number[]): Rollup {
  const lane = (i: number) => lanes[i] ?? 0;
  const at = (level: Level) => lane(HEAD.atLevel + level - 1);
  const open = lane(HEAD.open);
  const patients = lane(HEAD.openPopulation);
  const deprivation = {
    most: lane(HEAD.most),
    mostKnown: lane(HEAD.mostKnown),
    others: lane(HEAD.others),
    othersKnown: lane(HEAD.othersKnown),
  };
  return {
    open,
    levels: [at(1), at(2), at(3), at(4)],
    unknown: open - at(1) - at(2) - at(3) - at(4),
    mean: score.mean,
    uplift: score.uplift,
    floor: score.floor,
    notable: notable.flatMap((index) => {
      const level = world.sites[index]?.standing.level ?? null;
      const site = world.layout.sites[index];
      if (level === null || !site) return [];
      return [{ id: site.def.id, level, share: patients > 0 ? round(site.population / patients, 3) : 0 }];
    }),
    deprived: coverageByDeprivation(deprivation, world.layout.definition.rules),
  };
}
