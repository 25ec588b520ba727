import { expect, it, onTestFinished } from 'vitest';
import { ANSWERS, ENDS, HANGS } from '../../test/support/studio-thread.ts';
import { startStudio } from './thread.ts';

function begin(given: { answerLimitMs?: number; mostWaiting?: number; unavailable?: string } = {}) {
  const said: string[] = [];
  const studio = startStudio({
    ...{ connectionString: '', system: 'small', run: 'live', ...given },
    unavailable: () => given.unavailable ?? null,
    onTrouble: (reason) => said.push(reason),
    entry: new URL('../../test/support/studio-thread.ts', import.meta.url),
  });
  onTestFinished(() => studio.stop());
  return { studio, said };
}

it('a thread that ends is said, refused to whoever waits, and replaced at the next question', async () => {
  const { studio, said } = begin();
  const waits = studio.go(1, HANGS);
  const ends = studio.go(2, ENDS);
  await expect(waits).rejects.toMatchObject({ code: 'REPLAY_LOST' });
  await expect(ends).rejects.toMatchObject({ code: 'REPLAY_LOST' });
  expect(said).toEqual(['the thread of replay has ended']);
  expect(await studio.go(3, ANSWERS)).toMatchObject({ seq: 1 });
});

it('a thread that does not answer in time is given up and replaced', async () => {
  const { studio, said } = begin({ answerLimitMs: 30 });
  await expect(studio.go(1, HANGS)).rejects.toMatchObject({ code: 'REPLAY_LOST' });
  expect(said).toEqual(['the thread of replay has not answered for 0.03 s']);
});

it('says that it is busy when too many wait, and has room again once they have gone', async () => {
  const { studio } = begin({ mostWaiting: 2 });
  const gone = new AbortController();
  const waiting = [studio.go(1, HANGS, gone.signal), studio.go(2, HANGS, gone.signal)];
  await expect(studio.go(3, ANSWERS)).rejects.toMatchObject({ code: 'REPLAY_BUSY' });
  gone.abort();
  for (const each of waiting) await expect(each).rejects.toThrow('aborted');
  // Both were told to the thread as cancelled.
  expect(await studio.go(3, ANSWERS)).toMatchObject({ version: 2 });
});

it('asks nothing while the database is away, nor once it is stopped', async () => {
  const { studio } = begin({ unavailable: 'it is restarting' });
  await expect(studio.go(1, ANSWERS)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: 'it is restarting' });
  const other = begin();
  const waits = other.studio.go(1, HANGS);
  const refused = expect(waits).rejects.toMatchObject({ code: 'REPLAY_LOST' });
  await other.studio.stop();
  await refused;
  await expect(other.studio.go(1, ANSWERS)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(other.said).toEqual([]);
});
