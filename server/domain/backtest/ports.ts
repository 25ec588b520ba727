import type { Backtest } from '#shared/protocol/backtest.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Actor } from '../ports.ts';
import { FaultyProblem } from '../rules/faulty.ts';

export interface BacktestAsk {
  /** Checked here. */
  readonly rules: unknown;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** `<version>/<hash>`; null: what is in force. */
  readonly against: string | null;
}

/**
 * Back-tests under way and done. They live in memory: the newest 20, until the server stops. `start` rejects with
 * `BacktestProblem`, or `StoreUnavailable` while there is no database to read from.
 */
export interface BacktestDesk {
  start(ask: BacktestAsk, actor: Actor): Promise<Backtest>;
  /** Newest first. */
  list(): readonly Backtest[];
  get(id: string): Backtest | null;
  /** Ends it at once if it is waiting or running; null for an unknown id. */
  cancel(id: string): Backtest | null;
}

export type BacktestProblemCode =
  | 'RULES_FAULTY'
  | 'UNKNOWN_RULES'
  | 'BAD_SPAN'
  /** As many wait as may. */
  | 'TOO_MANY_BACKTESTS';

/** Why no back-test was begun, in words for whoever asked. */
export class BacktestProblem extends FaultyProblem<BacktestProblemCode> {}
