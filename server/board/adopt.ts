import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { loadWorld, saveWorld } from './checkpoint.ts';
import { createCore, type Core } from './core.ts';
import { createWorld } from './initial.ts';
import { createLayout } from './layout.ts';
import { rulesId } from './rules-hash.ts';
import type { World } from './world.ts';

/** The same system under other rules, before it has heard anything. */
export function beginWith(world: World, rules: Rules, at: EpochMs): { world: World; core: Core } {
  const definition = Object.freeze({ ...world.layout.definition, rules });
  const next = createWorld(createLayout(definition), world.normal, rulesId(rules), at);
  return { world: next, core: createCore(next) };
}

/**
 * Goes over to other rules as a restart would: everything known is saved and taken up again by the new layout. What is
 * remembered of an indicator goes by its id; of ids that are gone nothing stays, new ones begin with nothing.
 */
export function goOver(world: World, core: Core, rules: Rules, at: EpochMs): { world: World; core: Core } {
  const saved = saveWorld(world, core.clock, { epoch: '', seq: 0, at, changes: [] });
  const next = beginWith(world, rules, at);
  loadWorld(next.world, next.core.clock, saved);
  return next;
}
