import type { Definition, National } from '#shared/model/definition.ts';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { BacktestJob } from '../domain/backtest/job.ts';
import type { PartDay } from '../domain/backtest/part.ts';

/** All that the thread of one back-test is told. */
export interface Assignment extends Omit<BacktestJob, 'definition'> {
  readonly definition: Definition;
  readonly national: National;
  readonly connectionString: string;
  /** Code of the run whose history is read. */
  readonly run: string;
  /** 2: a second thread judges a part of the sites. */
  readonly threads: 1 | 2;
}

/** What the first thread tells the second one. */
export type ToPart = { readonly type: 'more' };

/** What the second thread, which judges a part of the sites, tells the first. */
export type FromPart =
  | { readonly type: 'day'; readonly day: PartDay }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: string };

export type FromBacktest =
  | { readonly type: 'progress'; readonly done: number; readonly days: number }
  | { readonly type: 'done'; readonly result: BacktestResult }
  | { readonly type: 'failed'; readonly reason: string };
