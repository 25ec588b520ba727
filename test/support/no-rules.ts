import type { BoardView, Clock } from '../../server/domain/ports.ts';
import type { RulesDesk } from '../../server/domain/rules/ports.ts';
import { createRulesDesk } from '../../server/rules/desk.ts';
import { createRulesKeeper } from '../../server/rules/keeper.ts';
import { guardedRules } from '../../server/store/rules.ts';

const idOf = ({ version }: { version: number }) => `${version}/abc`;

/** The rules of a board whose database is away for good. */
export function noRules(view: BoardView, clock: Clock): RulesDesk {
  const board = { definition: view.definition, onCommit: () => () => undefined, adoptRules: () => undefined };
  const store = guardedRules(null, () => 'away');
  const logger = { info: () => undefined, error: () => undefined };
  const keeper = createRulesKeeper({ board, store, file: board.definition.rules, idOf, clock, logger });
  return createRulesDesk({ board, keeper, store, idOf, clock });
}
