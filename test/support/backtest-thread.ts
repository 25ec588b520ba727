import { parentPort, workerData } from 'node:worker_threads';
import type { Assignment, FromBacktest } from '../../server/backtest/messages.ts';

/** Stands in for the thread of a back-test: the reason of the rules to be tried says what becomes of it. */
const { tried, from, to } = workerData as Assignment;
const say = (message: FromBacktest) => parentPort?.postMessage(message);
const minutes = { unknown: 0, levels: [0, 0, 0, 0] as [number, number, number, number] };
const side = { minutes, changes: 0, flaps: 0 };

say({ type: 'progress', done: 1, days: 4 });
if (tried.reason === 'breaks') throw new Error('out of paper');
if (tried.reason === 'fails') say({ type: 'failed', reason: 'The database does not answer' });
if (tried.reason === 'falls silent') process.exit(0);
if (tried.reason === 'runs on') setInterval(() => undefined, 1000);
if (tried.reason === 'never yields') for (;;);
if (tried.reason === 'is done') {
  say({
    type: 'done',
    result: {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      recordedMinutes: 0,
      sites: 0,
      judged: 0,
      tookMs: 1,
      triedTotals: side,
      againstTotals: side,
      agreement: null,
      units: [],
      leadTimes: [],
      notes: [],
    },
  });
}
