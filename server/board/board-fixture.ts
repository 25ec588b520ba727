import type { Definition } from '#shared/model/definition.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { Applied, Commit, PollOutcome } from '../domain/ports.ts';
import { createBoard, type Board } from './board.ts';
import { feedDef, handClock, memoryJournal, testDefinition, type HandClock } from './fixture.ts';

/** Boards for tests that hear what they are told and say what they made of it. */
export interface HeardBoard {
  readonly board: Board;
  readonly clock: HandClock;
  readonly journal: ReturnType<typeof memoryJournal>;
  /** Takes the outcomes into one tick. */
  hear(...outcomes: PollOutcome[]): Commit | null;
  unit(id: string): Unit;
  /** All that the history was told of one metric of one site. */
  told(unit: string, metric: string): Applied[];
  /** Another board from this one's journal, by way of the state if one is given. */
  again(state?: unknown): Board;
}

export function heardBoard(definition: Definition, start: string): HeardBoard {
  const clock = handClock(start);
  const journal = memoryJournal();
  const normal = { usual: () => null, label: 'none' };
  const make = (kept: ReturnType<typeof memoryJournal>) =>
    createBoard({ definition, clock, normal, epoch: 'epoch', journal: kept });
  const board = make(journal);
  board.tick();
  return {
    board,
    clock,
    journal,
    hear(...outcomes) {
      for (const outcome of outcomes) board.apply(outcome);
      return board.tick();
    },
    unit(id) {
      const unit = board.unit(id);
      if (!unit) throw new Error(id);
      return unit;
    },
    told: (unit, metric) =>
      journal.commits.flatMap((c) => c.applied).filter((a) => a.unit === unit && a.metric === metric),
    again(state = null) {
      const other = make(memoryJournal());
      if (!other.restore({ state, commits: journal.commits })) throw new Error('not restored');
      return other;
    },
  };
}

/** One neighbourhood of practices whose phones are told twice, whose days are told the morning after, and who declare. */
export function contestedDefinition(practices = 2): Definition {
  const base = testDefinition({ places: 1, neighbourhoods: 1, practices });
  const sites = base.units.filter((u) => u.siteKind === 'practice').map((u) => u.id);
  const calls = ['calls.waiting', 'calls.inbound', 'calls.answered', 'calls.missed'];
  return {
    ...base,
    feeds: [
      ...base.feeds,
      feedDef({ id: 'wallboard', adapter: 'mapped-json', sites, brings: calls, staleAfterMs: 600_000 }),
      feedDef({ id: 'yesterday', adapter: 'mapped-csv', sites, brings: ['calls.inbound'], staleAfterMs: 93_600_000 }),
      feedDef({
        id: 'ahead',
        adapter: 'gp-connect-slots',
        sites,
        url: 'http://127.0.0.1/{ods}/ahead',
        staleAfterMs: 2_700_000,
      }),
      feedDef({ id: 'declared', adapter: 'declared-states', sites, staleAfterMs: 600_000 }),
    ],
  };
}
