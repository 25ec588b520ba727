import type { Definition, National } from '#shared/model/definition.ts';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { BacktestJob } from '../domain/backtest/backtest.ts';

/** All that the thread of one back-test is told. */
export interface Assignment extends Omit<BacktestJob, 'definition'> {
  readonly definition: Definition;
  readonly national: National;
  readonly connectionString: string;
  /** Code of the run whose history is read. */
  readonly run: string;
}

export type FromBacktest =
  | { readonly type: 'progress'; readonly done: number; readonly days: number }
  | { readonly type: 'done'; readonly result: BacktestResult }
  | { readonly type: 'failed'; readonly reason: string };
