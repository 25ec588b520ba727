import type { BoardView, Clock } from '../domain/ports.ts';
import { factsOf } from '../domain/redirection/facts.ts';
import type { RedirectionHistory, Scorecards } from '../domain/redirection/ports.ts';
import { scorecardOf } from '../domain/redirection/scorecard.ts';
import type { Ledger } from './ledger.ts';

/** The current week needs no database; of older ones the ledger may still know better than it. */
export function createScorecards(deps: {
  readonly board: Pick<BoardView, 'definition'>;
  readonly ledger: Pick<Ledger, 'records'>;
  readonly history: RedirectionHistory;
  readonly clock: Clock;
}): Scorecards {
  const { board, ledger, history, clock } = deps;
  return {
    async of(week, unit) {
      const at = clock.now();
      const { units, minutesPer1000, simulated } = board.definition;
      const facts = new Map<string, ReturnType<typeof factsOf>>();
      if (week.to <= at) for (const each of await history.proposed(week.from, week.to)) facts.set(each.id, each);
      for (const record of ledger.records().values())
        if (record.proposedAt >= week.from && record.proposedAt < week.to) facts.set(record.id, factsOf(record));
      const system = { units, agreed: minutesPer1000, simulated: simulated || clock.simulated };
      return scorecardOf(system, [...facts.values()], { week, unit, at });
    },
  };
}
