import type { RulesDesk } from '../domain/rules/ports.ts';
import { createRulesDesk } from './desk.ts';
import { createRulesKeeper, type KeeperDeps, type RulesKeeper } from './keeper.ts';

export interface RulesPart extends Pick<RulesKeeper, 'begin' | 'settle' | 'stop'> {
  readonly desk: RulesDesk;
}

/** The rules of a running server: which are in force, and what people can do with them. */
export function createRules(deps: KeeperDeps): RulesPart {
  const keeper = createRulesKeeper(deps);
  const { begin, settle, stop } = keeper;
  return { desk: createRulesDesk({ ...deps, keeper }), begin, settle, stop };
}
