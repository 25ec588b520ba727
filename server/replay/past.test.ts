import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MONDAY_8AM } from '../../test/support/memory-board.ts';
import { countingBoard } from '../../test/support/recorded-memory.ts';
import type { BoardText } from './board-text.ts';
import { createPast } from './past.ts';
import { createStudio, type Studio } from './studio.ts';

const none = { stretches: async () => [], feedStates: async () => [] };
const list = { bytes: new Uint8Array(), ids: [], ends: new Uint32Array() };
const board: BoardText = { seq: 1, at: 0, stretch: 1, rules: '1/hash', units: list, feeds: list };

/** A studio whose answers the test gives itself. */
function held() {
  const asked: { at: number; signal: AbortSignal | undefined; answer: () => void }[] = [];
  const studio: Pick<Studio, 'board'> = {
    board(at, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<BoardText>();
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      asked.push({ at, signal, answer: () => resolve(board) });
      return promise;
    },
  };
  return { past: createPast(studio, none), asked };
}

it('reads a moment once for all who ask for it, and two moments at once', async () => {
  const { past, asked } = held();
  const views = [1, 1, 2, 3].map((at) => past.at(at));
  await turn();
  expect(asked.map(({ at }) => at)).toEqual([1, 2]);
  asked[0]?.answer();
  await turn();
  expect(asked.map(({ at }) => at)).toEqual([1, 2, 3]);
  asked.forEach(({ answer }) => answer());
  expect((await Promise.all(views)).map(({ seq }) => seq)).toEqual([1, 1, 1, 1]);
});

it('breaks off what nobody waits for any more, and never begins it where it had to wait', async () => {
  const { past, asked } = held();
  const [one, other] = [new AbortController(), new AbortController()];
  const first = [past.at(1, one.signal), past.at(1, other.signal)].map((view) => view.catch(() => 'gone'));
  const second = past.at(2);
  const third = past.at(3, one.signal).catch(() => 'gone');
  await turn();
  one.abort();
  await turn();
  // Somebody still waits for the first.
  expect(asked.map(({ at, signal }) => [at, signal?.aborted])).toEqual([
    [1, false],
    [2, false],
  ]);
  expect(await third).toBe('gone');
  other.abort();
  expect(await Promise.all(first)).toEqual(['gone', 'gone']);
  expect(asked[0]?.signal?.aborted).toBe(true);
  const again = past.at(1);
  await turn();
  asked.forEach(({ answer }) => answer());
  expect((await again).seq).toBe(1);
  expect((await second).seq).toBe(1);
  expect(asked.map(({ at }) => at)).toEqual([1, 2, 1]);
});

it('refuses more than can wait', async () => {
  const { past, asked } = held();
  const views = Array.from({ length: 52 }, (_, at) => past.at(at));
  await expect(past.at(99)).rejects.toMatchObject({ code: 'REPLAY_BUSY' });
  const all = Promise.all(views);
  let under = 52;
  all.finally(() => (under = 0)).catch(() => undefined);
  while (under > 0) {
    asked.forEach(({ answer }) => answer());
    await turn();
  }
  expect(await all).toHaveLength(52);
});

it('reads no further once it is told that nobody wants it', async () => {
  const { recording } = countingBoard(200);
  let reads = 0;
  const gone = new AbortController();
  const source = {
    ...recording,
    upTo: async (...of: Parameters<typeof recording.upTo>) => {
      reads += 1;
      gone.abort();
      return recording.upTo(...of);
    },
    changes: async (...of: Parameters<typeof recording.changes>) => {
      reads += 1;
      return recording.changes(...of);
    },
  };
  await expect(createStudio(source).board(MONDAY_8AM + 5000, gone.signal)).rejects.toThrow('aborted');
  expect(reads).toBe(1);
});
