import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { EpochMs } from '#shared/model/time.ts';
import { describe } from './errors.ts';
import type { FromUpkeep, ToUpkeep, UpkeepSetting } from './upkeep-messages.ts';

/** Real time for the unit that is under way; what is cut off is rolled back and done again at the next start. */
const STOP_LIMIT_MS = 3000;

export interface UpkeepThread {
  /** Looks from now on, in its own time, at what is due. */
  start(): void;
  stop(): Promise<void>;
  /** Why the history is not kept as it should be, in plain words; empty while it is. */
  trouble(): string;
}

export interface UpkeepThreadDeps extends UpkeepSetting {
  /** The product's clock. */
  readonly now: () => EpochMs;
  /** Whether the database can be asked. */
  readonly ready: () => boolean;
  /** Real ms between looks. */
  readonly everyMs: number;
  readonly logger: Logger;
}

/** Keeps the history in a thread of its own with its own connection: packing a day must not hold up a tick or a reader. */
export function startableUpkeep(deps: UpkeepThreadDeps): UpkeepThread {
  const { logger } = deps;
  let timer: NodeJS.Timeout | undefined;
  let worker: Worker | null = null;
  let trouble = '';
  let ended: Promise<void> = Promise.resolve();

  function fail(reason: string): void {
    if (trouble !== reason) logger.warn({ type: 'store.upkeep-trouble', reason }, 'The history is not being kept up.');
    trouble = reason;
  }

  function hear(message: FromUpkeep): void {
    if (message.type === 'trouble') return fail(message.reason);
    trouble = '';
    const { packed, dropped, inUse, ms } = message;
    if (packed > 0) logger.info({ type: 'store.packed', packed, ms }, 'Days that are over were packed and rolled up.');
    if (dropped.length > 0) logger.info({ type: 'store.retention', names: dropped }, 'Old history was dropped.');
    if (inUse !== null)
      logger.info({ type: 'store.in-use', name: inUse }, 'Packed history is in use; its room is given back later.');
  }

  function open(): Worker {
    const { connectionString, system, run, retentionMs } = deps;
    const workerData: UpkeepSetting = { connectionString, system, run, retentionMs };
    const opened = new Worker(new URL('./upkeep-worker.ts', import.meta.url), { workerData, name: 'upkeep' });
    opened.on('message', hear);
    opened.on('error', (error) => fail(describe(error)));
    ended = new Promise((resolve) => opened.once('exit', () => resolve()));
    // Ended by a fault: the next look begins a new one.
    void ended.then(() => (worker = null));
    return opened;
  }

  return {
    start() {
      timer ??= setInterval(() => {
        if (!deps.ready()) return;
        worker ??= open();
        worker.postMessage({ type: 'look', now: deps.now() } satisfies ToUpkeep);
      }, deps.everyMs).unref();
    },
    async stop() {
      clearInterval(timer);
      if (worker === null) return;
      const stopping = worker;
      stopping.postMessage({ type: 'stop' } satisfies ToUpkeep);
      const cut = setTimeout(() => void stopping.terminate(), STOP_LIMIT_MS);
      await ended;
      clearTimeout(cut);
    },
    trouble: () => (trouble === '' ? '' : `History is not being packed and rolled up: ${trouble}`),
  };
}
