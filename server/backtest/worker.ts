import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { runBacktest } from '../domain/backtest/backtest.ts';
import { describe } from '../store/errors.ts';
import { connectThread } from '../store/thread-database.ts';
import type { Assignment, FromBacktest } from './messages.ts';
import { createSources } from './sources.ts';

/** Entry of the thread of one back-test; `startThread` begins it, and ends it where it is not wanted any more. */
const assignment = workerData as Assignment;
const database = connectThread(assignment.connectionString);
const say = (message: FromBacktest) => parentPort?.postMessage(message);

try {
  const result = await runBacktest(assignment, createSources(database, assignment), {
    progress: (done, days) => say({ type: 'progress', done, days }),
    now: () => performance.now(),
    breathe,
  });
  say({ type: 'done', result });
} catch (error) {
  say({ type: 'failed', reason: describe(error) });
} finally {
  await database.end();
}
