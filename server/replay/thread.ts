import { Worker } from 'node:worker_threads';
import type { EpochMs } from '#shared/model/time.ts';
import { NotRecorded } from '../domain/replay/player.ts';
import { describe } from '../store/errors.ts';
import type { BoardText } from './board-text.ts';
import type { Answer, Asked, FromStudio, Refusal, StudioSetting, ToStudio } from './messages.ts';
import type { Landing, Move, Shot } from './answers.ts';
import { PlayerLost, type Studio } from './studio.ts';

/** Heap of the thread: a board of Greater Manchester takes about 15 MB, and there are at most a dozen at once. */
const MEMORY = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 192 };
/** Real time for one answer; a thread that takes longer is taken for dead. */
const ANSWER_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 2000;
/** Answers waited for at once; whoever would be next is told so. */
const MOST_WAITING = 64;

/** So many are waiting that one more would be answered too late to be of use. */
export class TooManyWaiting extends Error {
  readonly code = 'REPLAY_BUSY';
}

export interface StudioThread extends Studio {
  /** Whatever is still waited for is refused. */
  stop(): Promise<void>;
}

export interface StudioThreadDeps extends StudioSetting {
  /** Null when the database can be asked; else why not, in plain words. */
  readonly unavailable: () => string | null;
  readonly onTrouble: (reason: string) => void;
  readonly answerLimitMs?: number;
  readonly mostWaiting?: number;
  readonly entry?: URL;
}

interface Waiting {
  readonly asked: Asked;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * The studio in a thread of its own with its own connection: neither a tick of the board nor a request waits while a moment
 * of the past is put together. A thread that breaks or hangs is said, refused to whoever waits, and replaced at the next
 * question.
 */
export function startStudio(deps: StudioThreadDeps): StudioThread {
  const { unavailable, onTrouble, answerLimitMs = ANSWER_LIMIT_MS, mostWaiting = MOST_WAITING } = deps;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let asks = 0;
  let stopped = false;

  function lose(lost: Worker, reason: string): void {
    if (worker !== lost) return;
    worker = null;
    if (!stopped) onTrouble(reason);
    for (const each of [...waiting.values()]) each.reject(new PlayerLost(reason));
  }
  function open(): Worker {
    const { connectionString, system, run } = deps;
    const workerData: StudioSetting = { connectionString, system, run };
    const opened = new Worker(deps.entry ?? new URL('./worker.ts', import.meta.url), {
      ...{ workerData, name: 'replay', env: {} },
      resourceLimits: MEMORY,
    });
    opened.on('message', hear);
    opened.on('messageerror', (error) => lose(opened, error.message));
    opened.on('error', (error) => lose(opened, describe(error)));
    opened.once('exit', () => lose(opened, 'the thread of replay has ended'));
    // Nobody should be kept from leaving by it.
    opened.unref();
    return opened;
  }
  function hear(message: FromStudio): void {
    const each = waiting.get(message.id);
    if (each === undefined) return;
    if (message.type === 'answer') each.resolve(message.answer);
    else each.reject(errorOf(message.refusal, each.asked));
  }

  function ask<T extends Answer>(asked: Asked, signal?: AbortSignal): Promise<T> {
    const why = stopped ? 'the server is stopping' : unavailable();
    if (why !== null) return Promise.reject(refused({ code: 'STORE_UNAVAILABLE', message: why }));
    if (waiting.size >= mostWaiting) {
      return Promise.reject(new TooManyWaiting('too many moments of the past are being asked for'));
    }
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const asking = (worker ??= open());
    const id = (asks += 1);
    const tell = (message: ToStudio) => asking.postMessage(message);
    const limit = setTimeout(() => {
      lose(asking, `the thread of replay has not answered for ${answerLimitMs / 1000} s`);
      void asking.terminate();
    }, answerLimitMs);
    const cancel = () => {
      tell({ type: 'cancel', id });
      waiting.get(id)?.reject(signal?.reason);
    };
    const done = () => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
      waiting.delete(id);
    };
    waiting.set(id, {
      asked,
      resolve(answer) {
        done();
        resolve(answer);
      },
      reject(error) {
        done();
        reject(error as Error);
      },
    });
    signal?.addEventListener('abort', cancel);
    tell({ type: 'ask', id, asked });
    return promise as Promise<T>;
  }

  return {
    board: (at: EpochMs, signal) => ask<BoardText>({ type: 'board', at }, signal),
    go: (player, at, signal) => ask<Landing>({ type: 'go', player, at }, signal),
    move: (player, step) => ask<Move>({ type: 'move', player, step }),
    shoot: (player, scope, view, partBytes) => ask<Shot | null>({ type: 'shoot', player, scope, view, partBytes }),
    end: (player) => worker?.postMessage({ type: 'end', player } satisfies ToStudio),
    async stop() {
      stopped = true;
      const stopping = worker;
      if (stopping === null) return;
      const ended = new Promise<void>((resolve) => stopping.once('exit', () => resolve()));
      stopping.postMessage({ type: 'stop' } satisfies ToStudio);
      const cut = setTimeout(() => void stopping.terminate(), STOP_LIMIT_MS);
      await ended;
      clearTimeout(cut);
    },
  };
}

const refused = ({ code, message }: Refusal): Error => Object.assign(new Error(message), { code });

function errorOf(refusal: Refusal, asked: Asked): Error {
  const { code, message, before = null, after = null } = refusal;
  if (code === 'NOT_RECORDED' && 'at' in asked) return new NotRecorded(asked.at, before, after);
  return code === 'REPLAY_LOST' ? new PlayerLost(message) : refused(refusal);
}
