import { randomUUID } from 'node:crypto';
import type { BoardView, Clock, Condition, Normal, PlacedPort, SlotsView } from '../domain/ports.ts';
import { createGround } from '../domain/redirection/ground.ts';
import { OWN_POLICY } from '../domain/redirection/policy.ts';
import type { RedirectionDesk, RedirectionHistory, Scorecards, SlotWriter } from '../domain/redirection/ports.ts';
import { createDesk } from './desk.ts';
import type { RedirectionRecord } from '../domain/redirection/record.ts';
import { createHolder, type Holder } from './holder.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { createLastTimes } from './last-times.ts';
import { openLedger } from './ledger.ts';
import type { LedgerLogger } from './ledger-file.ts';
import { createPlanner, type Planner } from './planner.ts';
import { createScorecards } from './scorecards.ts';
import { startSolver } from './thread.ts';
import { createWhatIf } from './what-if.ts';
import { createWatcher, type Watcher } from './watcher.ts';

export interface RedirectionDeps {
  readonly board: BoardView & SlotsView & PlacedPort;
  readonly writer: SlotWriter;
  /** By which need is expected. */
  readonly normal: Pick<Normal, 'usual'>;
  readonly clock: Clock;
  /** Where every step is kept. */
  readonly path: string;
  /** Where it is kept for good, afterwards. */
  readonly history: RedirectionHistory;
  /** Real: how often what has happened is taken there. */
  readonly keepEveryMs?: number;
  readonly logger: LedgerLogger;
}

export interface RedirectionPart {
  readonly desk: RedirectionDesk;
  readonly planner: Planner;
  readonly holder: Pick<Holder, 'attend'>;
  readonly watcher: Pick<Watcher, 'look'>;
  readonly keeper: Keeper;
  readonly scorecards: Scorecards;
  records(): ReadonlyMap<string, RedirectionRecord>;
  conditions(): Condition[];
  start(): void;
  stop(): Promise<void>;
}

/** Redirections of a running server: worked out, decided, held at the hubs and followed to the end. */
export function createRedirection(deps: RedirectionDeps): RedirectionPart {
  const { board, writer, normal, clock, path, history, logger } = deps;
  const policy = board.definition.redirection ?? OWN_POLICY;
  const ledger = openLedger(path, logger, clock.now());
  const ground = createGround(board.definition, policy);
  const thread = startSolver({ units: board.definition.units, policy });
  const newId = () => randomUUID().slice(0, 13);
  const planner = createPlanner({ board, policy, ground, normal, ledger, thread, clock, newId, logger });
  const holder = createHolder({ ledger, writer, policy, clock, monotonic: () => performance.now(), logger });
  const whatIf = createWhatIf({ board, ground, planner, thread });
  const lastTimes = createLastTimes(ledger);
  const desk = createDesk({ board, policy, ground, ledger, planner, holder, writer, whatIf, lastTimes, clock, newId });
  const watcher = createWatcher({ board, ledger, clock, logger });
  const everyMs = deps.keepEveryMs === undefined ? {} : { everyMs: deps.keepEveryMs };
  const keeper = createKeeper({ ledger, history, clock, logger, ...everyMs });
  return {
    desk,
    planner,
    holder,
    watcher,
    keeper,
    scorecards: createScorecards({ board, ledger, history, clock }),
    records: ledger.records,
    conditions: () => [worstOf([...planner.conditions(), ledger.condition(), keeper.condition()])],
    start() {
      planner.start();
      holder.start();
      watcher.start();
      keeper.start();
    },
    async stop() {
      watcher.stop();
      await planner.stop();
      await holder.stop();
      await keeper.stop();
      lastTimes.stop();
      ledger.close();
    },
  };
}

/** One part has one condition: everything that is wrong with it. */
function worstOf(conditions: readonly Condition[]): Condition {
  const unwell = conditions.filter(({ status }) => status !== 'ok');
  const status = unwell.some((each) => each.status === 'down') ? 'down' : unwell.length > 0 ? 'degraded' : 'ok';
  return { part: 'redirections', status, reason: unwell.map(({ reason }) => reason).join('. ') };
}
