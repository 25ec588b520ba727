import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pause } from '../domain/ports.ts';
import { openPauses } from './pauses.ts';

const pause: Pause = { by: 'local', reason: 'works at the exchange', at: 1000, until: null };
const lines: string[] = [];
const log = (_: object, message: string): void => void lines.push(message);
const logger = { debug: log, info: log, warn: log, error: log };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pauses-'));
  path = join(folder, 'pauses.json');
  lines.length = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('pauses', () => {
  it('are there again after a restart, until they are ended', () => {
    const pauses = openPauses(path, logger);
    pauses.set(['a', 'b'], pause);
    expect(openPauses(path, logger).all()).toEqual(
      new Map([
        ['a', pause],
        ['b', pause],
      ]),
    );
    pauses.clear(['a']);
    expect([...openPauses(path, logger).all().keys()]).toEqual(['b']);
  });

  it.each(['', '{', '[]', '{"version":2,"pauses":{}}', '{"version":1,"pauses":{"a":{"by":1}}}'])(
    'that cannot be read (%s) are set aside and said to be lost, and new ones are kept',
    (text) => {
      writeFileSync(path, text);
      const pauses = openPauses(path, logger);
      expect(pauses.lost()).toBe(true);
      expect(pauses.all().size).toBe(0);
      expect(lines).toHaveLength(1);
      expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe(text);
      pauses.set(['a'], pause);
      expect(pauses.lost()).toBe(false);
      expect(openPauses(path, logger).of('a')).toEqual(pause);
    },
  );

  it('that cannot be written are refused with a code, and nothing has changed', () => {
    const pauses = openPauses(join(folder, 'gone', 'pauses.json'), logger);
    expect(() => pauses.set(['a'], pause)).toThrow(expect.objectContaining({ code: 'PAUSES_NOT_KEPT' }) as Error);
    expect(pauses.of('a')).toBeNull();
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });

  it('without a file are kept in memory', () => {
    const pauses = openPauses(null, logger);
    pauses.set(['a'], pause);
    expect(pauses.of('a')).toEqual(pause);
  });
});
