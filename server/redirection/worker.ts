import { parentPort, workerData } from 'node:worker_threads';
import { createGround } from '../domain/redirection/ground.ts';
import { answerOf } from './answer.ts';
import { createSolver } from './highs-solver.ts';
import type { FromSolver, Question, SolverGround } from './messages.ts';

/** Entry of the solver's thread; `startSolver` begins and ends it. */
const given = workerData as SolverGround;
const ground = createGround(given, given.policy);
const solver = await createSolver();
const say = (message: FromSolver) => parentPort?.postMessage(message);

parentPort?.on('message', (question: Question) => {
  try {
    say(answerOf(ground, solver, question, () => performance.now()));
  } catch (error) {
    say({ type: 'failed', id: question.id, reason: error instanceof Error ? error.message : String(error) });
  }
});
