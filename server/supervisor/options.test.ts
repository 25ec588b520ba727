import { expect, test } from 'vitest';
import { localTime, readOptions } from './options.ts';

test('nothing said: Greater Manchester on port 8080 of this machine', () => {
  const options = readOptions([], {});
  expect(options).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    portGiven: false,
    speed: null,
    from: null,
    fresh: false,
  });
  expect(options?.systemFolder).toMatch(/greater-manchester$/);
});

test('times are London’s, in summer too, unless they carry their offset', () => {
  expect(localTime('2026-07-06T07:45')).toBe(Date.UTC(2026, 6, 6, 6, 45));
  expect(localTime('2026-01-12T07:45')).toBe(Date.UTC(2026, 0, 12, 7, 45));
  expect(localTime('2026-07-06T07:45Z')).toBe(Date.UTC(2026, 6, 6, 7, 45));
});

test.for([
  { args: ['--speed', '0'], words: '--speed 0' },
  { args: ['--speed', 'fast'], words: '--speed fast' },
  { args: ['--from', 'monday'], words: '--from monday' },
  { args: ['--system', 'atlantis'], words: 'There is no system "atlantis"' },
  { args: ['--sytem', 'sefton'], words: '--sytem' },
])('wrong words are told: $words', ({ args, words }) => {
  expect(() => readOptions(args, {})).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(words) }),
  );
});

test('a port that is none is told', () => {
  expect(() => readOptions([], { PORT: '99999' })).toThrow('PORT=99999');
  expect(readOptions([], { PORT: '0' })).toMatchObject({ port: 0, portGiven: true });
});
