import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MappingAnswer, MappingQuestion } from './messages.ts';

export interface LaneLimits {
  /** Real time that one evaluation may take. */
  readonly limitMs: number;
  /** Real time that a question may wait for its turn. */
  readonly patienceMs: number;
  /** Questions that may wait. */
  readonly longest: number;
  readonly memoryMb: number;
}

/** A process takes this long at most to be there. */
const START_MS = 10_000;

/** `late`, `memory` and `broken`: the process was ended for it, or ended by itself. */
export type LaneAnswer =
  MappingAnswer | { readonly kind: 'late' | 'memory' | 'broken' | 'crowded' | 'deep' | 'closed' };

export interface Lane {
  ask(question: MappingQuestion): Promise<LaneAnswer>;
  close(): Promise<void>;
}

interface Job {
  readonly question: MappingQuestion;
  readonly since: number;
  readonly answer: (answer: LaneAnswer) => void;
}

/**
 * One process and the questions that wait for it. A question that runs away ends its process; the next gets a new one. No
 * thread of ours would do: where a single call of the engine wants more memory than there may be, all of a process ends.
 */
export function createLane(limits: LaneLimits): Lane {
  const waiting: Job[] = [];
  let worker: ChildProcess | null = null;
  let ready = false;
  let current: Job | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  const ending = new Set<Promise<unknown>>();

  const watch = (ms: number, then: () => void): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const settle = (answer: LaneAnswer): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const job = current;
    current = null;
    job?.answer(answer);
  };
  /** Ends the process for what `current` (or the start) did to it, and goes on with a new one. */
  const retire = (answer: LaneAnswer): void => {
    const old = worker;
    worker = null;
    if (!ready) current ??= waiting.shift() ?? null;
    ready = false;
    if (old) {
      const ended = end(old).finally(() => ending.delete(ended));
      ending.add(ended);
    }
    settle(answer);
    pump();
  };
  const begin = (): void => {
    const made = fork(WORKER, {
      // Nothing of the process reaches it; what an engine might print stays with it.
      env: {},
      execArgv: [`--max-old-space-size=${limits.memoryMb}`, '--max-semi-space-size=8', '--stack-size=3500'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    worker = made;
    made.on('message', (message) => {
      if (made !== worker) return;
      if (message === 'ready') ready = true;
      else if (current) settle(message as MappingAnswer);
      if (!current && timer) clearTimeout(timer);
      pump();
    });
    made.on('error', () => {
      if (made === worker) retire({ kind: 'broken' });
    });
    made.on('exit', (_, signal) => {
      // The engine's own way to end where there is no more memory.
      if (made === worker) retire({ kind: signal === 'SIGABRT' ? 'memory' : 'broken' });
    });
    // Only a question under way keeps the process alive, by its time limit.
    made.unref();
    made.channel?.unref();
    watch(START_MS, () => {
      retire({ kind: 'broken' });
    });
  };
  const pump = (): void => {
    while (!closed && !current && waiting.length > 0) {
      if (!worker) return begin();
      if (!ready) return;
      const job = waiting.shift();
      if (!job) return;
      if (performance.now() - job.since > limits.patienceMs) {
        job.answer({ kind: 'crowded' });
        continue;
      }
      current = job;
      try {
        // That it ended before it heard this is said by its exit.
        worker.send(job.question, () => undefined);
      } catch {
        // The one thing that cannot be handed over is a payload nested deeper than the engine copies.
        settle({ kind: 'deep' });
        continue;
      }
      watch(limits.limitMs, () => {
        retire({ kind: 'late' });
      });
    }
  };

  return {
    ask: (question) =>
      new Promise((answer) => {
        if (closed) return answer({ kind: 'closed' });
        if (waiting.length >= limits.longest) return answer({ kind: 'crowded' });
        waiting.push({ question, since: performance.now(), answer });
        pump();
      }),
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.answer({ kind: 'closed' });
      const old = worker;
      worker = null;
      settle({ kind: 'closed' });
      await Promise.all([old && end(old), ...ending]);
    },
  };
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Resolves once it has ended. */
function end(child: ChildProcess): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const isOver = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  if (isOver) resolve(undefined);
  else {
    child.once('exit', () => resolve(undefined));
    child.ref();
    child.kill('SIGKILL');
  }
  return promise;
}
