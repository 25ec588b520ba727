import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { runBacktest } from '../domain/backtest/backtest.ts';
import { describe } from '../store/errors.ts';
import { connectThread } from '../store/thread-database.ts';
import type { Assignment, FromBacktest } from './messages.ts';
import { judgeElsewhere } from './part-thread.ts';
import { giveWay } from './priority.ts';
import { createSources } from './sources.ts';

/** Entry of the thread of one back-test; `startThread` begins it, and ends it where it is not wanted any more. */
const assignment = workerData as Assignment;
giveWay();
const database = connectThread(assignment.connectionString);
const say = (message: FromBacktest) => parentPort?.postMessage(message);

const others = assignment.threads === 2 ? judgeElsewhere(assignment) : null;

try {
  const watch = {
    progress: (done: number, days: number) => say({ type: 'progress', done, days }),
    now: () => performance.now(),
    breathe,
  };
  const result = await runBacktest(assignment, createSources(database, assignment), watch, others?.days);
  say({ type: 'done', result });
} catch (error) {
  say({ type: 'failed', reason: describe(error) });
} finally {
  await others?.stop();
  await database.end();
}
