import type { BoardView } from '../../server/domain/ports.ts';
import type { RedirectionDesk, Scorecards } from '../../server/domain/redirection/ports.ts';
import { RedirectionProblem } from '../../server/domain/redirection/problem-codes.ts';
import { scorecardOf } from '../../server/domain/redirection/scorecard.ts';

const unknown = async () =>
  Promise.reject(new RedirectionProblem('UNKNOWN_REDIRECTION', 'There is no such redirection'));

/** A system in which nothing is proposed. */
export function noRedirections(): RedirectionDesk {
  return {
    revision: 0,
    foundAt: null,
    list: () => ({
      ...{ at: '2026-01-12T08:00:00Z', revision: 0, simulated: true, solved: null, waiting: {}, placeable: {} },
      ...{
        free: null,
        keptBack: null,
        sentence: '',
        nothing: 'Nobody waits without a slot.',
        help: [],
        redirections: [],
      },
    }),
    preview: () => {
      throw new RedirectionProblem('BAD_SHARES', 'There is no such hub');
    },
    one: () => {
      throw new RedirectionProblem('UNKNOWN_REDIRECTION', 'There is no such redirection');
    },
    ...{ accept: unknown, refuse: unknown, release: unknown, keep: unknown, undo: unknown },
    ...{ acknowledge: unknown, fulfil: unknown, offer: unknown, whatIf: unknown },
  };
}

/** Weeks in which nothing was proposed. */
export const noScorecards = (board: Pick<BoardView, 'definition' | 'at'>): Scorecards => ({
  of: async (week, unit) => {
    const { units, minutesPer1000, simulated } = board.definition;
    return scorecardOf({ units, agreed: minutesPer1000, simulated }, [], { week, unit, at: board.at });
  },
});
