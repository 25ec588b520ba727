import { Worker } from 'node:worker_threads';
import type { FromSolver, Question, Solved, SolverGround } from './messages.ts';

const MEMORY_MB = 512;
/** Real: a thread that says nothing for so long beyond its own limit is ended and begun anew. */
const SILENT_MS = 10_000;

export interface SolverThread {
  /** One question after the other; rejects where the thread broke, failed or said nothing in time. */
  ask(question: Omit<Question, 'id'>): Promise<Solved>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly id: number;
  readonly resolve: (solved: Solved) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** HiGHS in a thread of its own, begun when first asked and begun anew when it broke. */
export function startSolver(ground: SolverGround, entry: URL = new URL('./worker.ts', import.meta.url)): SolverThread {
  let worker: Worker | null = null;
  let waiting: Waiting | null = null;
  let last = 0;
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();

  const settle = (of: Waiting, end: () => void) => {
    if (waiting !== of) return;
    clearTimeout(of.timer);
    waiting = null;
    end();
  };
  const broke = (from: Worker, reason: string) => {
    if (worker === from) worker = null;
    const of = waiting;
    if (of) settle(of, () => of.reject(new Error(reason)));
  };
  const begin = (): Worker => {
    const begun = new Worker(entry, {
      workerData: ground,
      name: 'redirection',
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    begun.on('message', (message: FromSolver) => {
      const of = waiting;
      if (of?.id !== message.id) return;
      settle(of, () => (message.type === 'solved' ? of.resolve(message) : of.reject(new Error(message.reason))));
    });
    begun.on('error', (error) =>
      broke(begun, `the solver's thread broke off: ${error instanceof Error ? error.message : String(error)}`),
    );
    begun.on('exit', () => broke(begun, "the solver's thread ended"));
    return begun;
  };

  const askNow = (question: Omit<Question, 'id'>): Promise<Solved> => {
    if (stopped) return Promise.reject(new Error('the solver has been stopped'));
    const thread = (worker ??= begin());
    const id = ++last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        broke(thread, 'the solver did not answer in time');
        void thread.terminate();
      }, question.limitMs + SILENT_MS);
      waiting = { id, resolve, reject, timer };
      thread.postMessage({ ...question, id } satisfies Question);
    });
  };

  return {
    ask(question) {
      const answer = turn.then(() => askNow(question));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async stop() {
      stopped = true;
      const thread = worker;
      if (thread) {
        broke(thread, 'the solver has been stopped');
        await thread.terminate();
      }
    },
  };
}
