import { Worker } from 'node:worker_threads';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { Assignment, FromBacktest } from './messages.ts';

export type Ending =
  | { readonly kind: 'done'; readonly result: BacktestResult }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'ended' };

export interface BacktestThread {
  /** Never rejects: a thread that breaks is a back-test that failed. */
  readonly ending: Promise<Ending>;
  /** Ends it wherever it is; `ending` follows. */
  end(): Promise<void>;
}

/** Heap of each thread. A day of samples lies outside it, in arrays of numbers. */
export const MEMORY_MB = 1536;

/** Why a thread broke, in words for whoever asked for the back-test. */
export function sayBroken(error: unknown): string {
  if (!(error instanceof Error)) return `The thread of the back-test broke off: ${String(error)}`;
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `The back-test needs more than ${MEMORY_MB} MB: try a shorter stretch`
    : `The thread of the back-test broke off: ${error.message}`;
}
export const SILENT_END = 'The thread of the back-test ended without an answer';

/** Runs one back-test in a thread of its own (which may begin a second one, and ends with it), so that no tick of the board and no request waits for it. */
export function startThread(
  assignment: Assignment,
  onProgress: (done: number, days: number) => void,
  entry: URL = new URL('./worker.ts', import.meta.url),
): BacktestThread {
  const { promise: ending, resolve } = Promise.withResolvers<Ending>();
  const worker = new Worker(entry, {
    workerData: assignment,
    name: 'backtest',
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  let answer: Ending | null = null;
  let broke = SILENT_END;
  worker.on('message', (message: FromBacktest) => {
    if (message.type === 'progress') onProgress(message.done, message.days);
    else if (message.type === 'done') answer = { kind: 'done', result: message.result };
    else answer = { kind: 'failed', reason: message.reason };
  });
  worker.on('messageerror', (error) => (broke = error.message));
  worker.on('error', (error) => (broke = sayBroken(error)));
  let ended = false;
  worker.once('exit', () => resolve(answer ?? (ended ? { kind: 'ended' } : { kind: 'failed', reason: broke })));
  return {
    ending,
    async end() {
      ended = true;
      await worker.terminate();
    },
  };
}
