import { expect, it } from 'vitest';
import type { SampleBlock } from '../ports.ts';
import { readAhead } from './read-ahead.ts';

const block = (unit: string, size = 1): SampleBlock => ({
  unit,
  metric: 'calls.waiting',
  at: new Float64Array(size),
  value: new Float64Array(size),
  absence: new Uint8Array(size),
  level: null,
});

async function* source(log: string[], names: readonly string[], size: number, fault?: Error) {
  try {
    for (const name of names) {
      await Promise.resolve();
      log.push(name);
      yield block(name, size);
    }
    if (fault) throw fault;
  } finally {
    log.push('closed');
  }
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

it('gives what the source gives, in its order', async () => {
  const found = await Array.fromAsync(readAhead(source([], NAMES, 1)), ({ unit }) => unit);
  expect(found).toEqual(NAMES);
  expect(await Array.fromAsync(readAhead(source([], [], 1)))).toEqual([]);
});

it('reads on only so far', async () => {
  const log: string[] = [];
  const reading = readAhead(source(log, NAMES, 3_000_000));
  await reading.next();
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
  expect(log.length).toBeLessThanOrEqual(3);
  await reading.return(undefined);
});

it('a fault of the source comes after what it gave before', async () => {
  const found: string[] = [];
  const reading = async () => {
    for await (const { unit } of readAhead(source([], NAMES, 1, new Error('gone')))) found.push(unit);
  };
  await expect(reading()).rejects.toThrow('gone');
  expect(found).toEqual(NAMES);
});

it('leaves the source where nobody reads on', async () => {
  const log: string[] = [];
  for await (const { unit } of readAhead(source(log, NAMES, 3_000_000))) if (unit === 'b') break;
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
  expect(log.at(-1)).toBe('closed');
});
