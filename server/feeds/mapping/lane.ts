import { Worker } from 'node:worker_threads';
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

/** A thread takes this long at most to be there. */
const START_MS = 10_000;

/** `late`, `memory` and `broken`: the thread was ended for it. */
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

/** One thread and the questions that wait for it. A question that runs away ends its thread; the next gets a new one. */
export function createLane(limits: LaneLimits): Lane {
  const waiting: Job[] = [];
  let worker: Worker | null = null;
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
  /** Ends the thread for what `current` (or the start) did to it, and goes on with a new one. */
  const retire = (answer: LaneAnswer): void => {
    const old = worker;
    worker = null;
    if (!ready) current ??= waiting.shift() ?? null;
    ready = false;
    if (old) {
      const ended = old.terminate().finally(() => ending.delete(ended));
      ending.add(ended);
    }
    settle(answer);
    pump();
  };
  const begin = (): void => {
    const made = new Worker(new URL('./worker.ts', import.meta.url), {
      // Nothing of the process reaches it; what an engine might print stays with it.
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    worker = made;
    made.on('message', (message: MappingAnswer | 'ready') => {
      if (made !== worker) return;
      if (message === 'ready') ready = true;
      else if (current) settle(message);
      if (!current && timer) clearTimeout(timer);
      pump();
    });
    made.on('error', (error: NodeJS.ErrnoException) => {
      if (made === worker) retire({ kind: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'broken' });
    });
    made.on('exit', () => {
      if (made === worker) retire({ kind: 'broken' });
    });
    // Only a question under way keeps the process alive, by its time limit.
    made.unref();
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
        worker.postMessage(job.question);
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
      await Promise.all([old?.terminate(), ...ending]);
    },
  };
}
