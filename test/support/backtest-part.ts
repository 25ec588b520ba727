import { parentPort, workerData } from 'node:worker_threads';
import type { Assignment, FromPart } from '../../server/backtest/messages.ts';
import { createSheet } from '../../server/domain/backtest/track.ts';

/** Stands in for the second thread of a back-test: the reason of the rules to be tried says what becomes of it. */
const { tried } = workerData as Assignment;
const say = (message: FromPart) => parentPort?.postMessage(message);

say({ type: 'day', day: { sheet: createSheet(1, 1440), declared: [], heard: ['calls.wait'] } });
if (tried.reason === 'breaks') throw new Error('out of paper');
if (tried.reason === 'fails') say({ type: 'failed', reason: 'The database does not answer' });
if (tried.reason === 'falls silent') process.exit(0);
if (tried.reason === 'never yields') for (;;);
if (tried.reason === 'is done') say({ type: 'done' });
