import { expect, test } from 'vitest';
import { createKeeper, type Running } from './keeper.ts';

/** Something that runs until told, and counts how often it was started. */
function thing() {
  const nobody: (how: string) => void = () => undefined;
  const state = { launches: 0, end: nobody, failNext: 0, stopped: 0 };
  const launch = async (): Promise<Running> => {
    state.launches += 1;
    if (state.failNext > 0) {
      state.failNext -= 1;
      throw new Error('no room.');
    }
    const { promise, resolve } = Promise.withResolvers<string>();
    state.end = resolve;
    return {
      ended: promise,
      stop: async () => {
        state.stopped += 1;
        resolve('stopped');
      },
      kill: () => resolve('killed'),
    };
  };
  return { state, launch };
}

test('what ends is started again, and that is said with the reason', async () => {
  const { state, launch } = thing();
  const said: string[] = [];
  const keeper = createKeeper({ name: 'The server', launch, say: (line) => said.push(line) });
  await keeper.start();
  state.end('SIGKILL');
  await expect.poll(() => state.launches, { timeout: 5000 }).toBe(2);
  await expect.poll(() => said).toEqual(['The server ended (SIGKILL). It is started again.', 'The server is back.']);
  await keeper.stop();
});

test('what cannot be started is tried again, and again', async () => {
  const { state, launch } = thing();
  const said: string[] = [];
  const keeper = createKeeper({ name: 'The database', launch, say: (line) => said.push(line) });
  await keeper.start();
  state.failNext = 2;
  state.end('code 1');
  await expect.poll(() => state.launches, { timeout: 10_000 }).toBe(4);
  expect(said.join('\n')).toMatch(/could not be started: no room\. Next try in about 1 s/);
  await keeper.stop();
});

test('a first start that fails is the caller’s to tell', async () => {
  const { state, launch } = thing();
  state.failNext = 1;
  const keeper = createKeeper({ name: 'The server', launch, say: () => {} });
  await expect(keeper.start()).rejects.toThrow('no room.');
});

test('what is stopped stays stopped', async () => {
  const { state, launch } = thing();
  const said: string[] = [];
  const keeper = createKeeper({ name: 'The server', launch, say: (line) => said.push(line) });
  await keeper.start();
  await keeper.stop();
  expect(state).toMatchObject({ launches: 1, stopped: 1 });
  expect(said).toEqual([]);
});

test('asked for anew it restarts at once and without a word of failure', async () => {
  const { state, launch } = thing();
  const said: string[] = [];
  const keeper = createKeeper({ name: 'The server', launch, say: (line) => said.push(line) });
  await keeper.start();
  keeper.renew();
  await expect.poll(() => state.launches, { timeout: 5000 }).toBe(2);
  await expect.poll(() => said).toEqual(['The server is back.']);
  await keeper.stop();
});
