import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { judgePart } from '../domain/backtest/part.ts';
import { describe } from '../store/errors.ts';
import { connectThread } from '../store/thread-database.ts';
import type { Assignment, FromPart } from './messages.ts';
import { giveWay } from './priority.ts';
import { createSources } from './sources.ts';

/** Days that may lie judged and not added up yet: some megabytes each. */
const MOST_WAITING = 2;

/** Entry of the second thread of a back-test; `judgeElsewhere` begins and ends it. */
const assignment = workerData as Assignment;
giveWay();
const database = connectThread(assignment.connectionString);
const say = (message: FromPart, transfer: readonly ArrayBufferLike[] = []) =>
  parentPort?.postMessage(message, transfer as ArrayBuffer[]);
let waiting = 0;
let wake = Promise.withResolvers<undefined>();
parentPort?.on('message', () => {
  waiting -= 1;
  wake.resolve(undefined);
  wake = Promise.withResolvers();
});

try {
  for await (const day of judgePart(assignment, { index: 1, parts: 2 }, createSources(database, assignment), breathe)) {
    while (waiting >= MOST_WAITING) await wake.promise;
    waiting += 1;
    const { states, scores, severity } = day.sheet;
    say({ type: 'day', day }, [states.buffer, scores.buffer, severity.buffer]);
  }
  say({ type: 'done' });
} catch (error) {
  say({ type: 'failed', reason: describe(error) });
} finally {
  parentPort?.close();
  await database.end();
}
