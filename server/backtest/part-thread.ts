import { Worker } from 'node:worker_threads';
import type { PartDay } from '../domain/backtest/part.ts';
import type { Assignment, FromPart, ToPart } from './messages.ts';
import { MEMORY_MB, sayBroken, SILENT_END } from './thread.ts';

export interface Elsewhere {
  /** Days of the part in their order, once; rejects where the thread breaks. */
  readonly days: AsyncIterable<PartDay>;
  /** Ends the thread wherever it is. It ends with the thread that began it as well. */
  stop(): Promise<unknown>;
}

/** Judges the second part of the sites in a thread of its own. */
export function judgeElsewhere(
  assignment: Assignment,
  entry: URL = new URL('./part-worker.ts', import.meta.url),
): Elsewhere {
  const worker = new Worker(entry, {
    workerData: assignment,
    name: 'backtest-part',
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const waiting: PartDay[] = [];
  let [over, fault] = [false, ''];
  let wake = Promise.withResolvers<undefined>();
  const stir = () => {
    wake.resolve(undefined);
    wake = Promise.withResolvers<undefined>();
  };
  const fail = (reason: string) => {
    fault ||= reason;
    stir();
  };
  worker.on('message', (message: FromPart) => {
    if (message.type === 'failed') return fail(message.reason);
    if (message.type === 'day') waiting.push(message.day);
    else over = true;
    stir();
  });
  worker.on('messageerror', (error) => fail(error.message));
  worker.on('error', (error) => fail(sayBroken(error)));
  worker.once('exit', () => (over ? stir() : fail(SILENT_END)));
  async function* days(): AsyncGenerator<PartDay> {
    for (;;) {
      const day = waiting.shift();
      if (day) {
        worker.postMessage({ type: 'more' } satisfies ToPart);
        yield day;
      } else if (fault) throw new Error(fault);
      else if (over) return;
      else await wake.promise;
    }
  }
  return { days: days(), stop: () => worker.terminate() };
}
