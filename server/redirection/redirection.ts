import { randomUUID } from 'node:crypto';
import type { BoardView, Clock, Condition, Normal, PlacedPort, SlotsView } from '../domain/ports.ts';
import { OWN_POLICY } from '../domain/redirection/policy.ts';
import type { RedirectionDesk, SlotWriter } from '../domain/redirection/ports.ts';
import { createDesk } from './desk.ts';
import type { RedirectionRecord } from '../domain/redirection/record.ts';
import { createHolder, type Holder } from './holder.ts';
import { openLedger } from './ledger.ts';
import { createPlanner, type Planner } from './planner.ts';
import { startSolver } from './thread.ts';

export interface RedirectionDeps {
  readonly board: BoardView & SlotsView & PlacedPort;
  readonly writer: SlotWriter;
  /** By which need is expected. */
  readonly normal: Pick<Normal, 'usual'>;
  readonly clock: Clock;
  /** Where every step is kept. */
  readonly path: string;
  readonly logger: {
    warn(about: object, text: string): void;
    error(about: object, text: string): void;
  };
}

export interface RedirectionPart {
  readonly desk: RedirectionDesk;
  readonly planner: Planner;
  readonly holder: Pick<Holder, 'attend'>;
  records(): ReadonlyMap<string, RedirectionRecord>;
  conditions(): Condition[];
  start(): void;
  stop(): Promise<void>;
}

/** Redirections of a running server: worked out, decided, held at the hubs and followed to the end. */
export function createRedirection({ board, writer, normal, clock, path, logger }: RedirectionDeps): RedirectionPart {
  const policy = board.definition.redirection ?? OWN_POLICY;
  const ledger = openLedger(path, logger);
  const thread = startSolver({ units: board.definition.units, policy });
  const newId = () => randomUUID().slice(0, 13);
  const planner = createPlanner({ board, policy, normal, ledger, thread, clock, newId, logger });
  const holder = createHolder({ ledger, writer, policy, clock, monotonic: () => performance.now(), logger });
  const desk = createDesk({ board, policy, ledger, planner, holder, writer, clock, newId });
  return {
    desk,
    planner,
    holder,
    records: ledger.records,
    conditions: () => planner.conditions(),
    start() {
      planner.start();
      holder.start();
    },
    async stop() {
      await planner.stop();
      await holder.stop();
      ledger.close();
    },
  };
}
