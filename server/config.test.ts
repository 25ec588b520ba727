import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, createSecret, isLoopback, readConfig } from './config.ts';

const GIVEN = { DATABASE_URL: 'postgres://db/x', HEADROOM_DATA: '/data', HEADROOM_SYSTEM: '/system' };

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
}

describe('readConfig', () => {
  it('needs three variables and gives the rest their defaults, frozen', () => {
    const config = readConfig(GIVEN);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      runFile: null,
      open: null,
      logLevel: 'info',
      hosts: [],
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every fault with its variable, all at once', () => {
    const faults = faultsOf({ PORT: 'http', HEADROOM_OPEN: 'yes', HEADROOM_LOG: 'loud', DATABASE_URL: 'mysql://db' });
    const names = faults.map((f) => f.split(' ')[0]).toSorted();
    expect(names).toEqual([
      'DATABASE_URL',
      'HEADROOM_DATA',
      'HEADROOM_LOG',
      'HEADROOM_OPEN',
      'HEADROOM_SYSTEM',
      'PORT',
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(faultsOf({ ...GIVEN, HEADROOM_DATA: '' })).toEqual([
      'HEADROOM_DATA is not set: the folder for the journal is needed',
    ]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', 'board.example', '128.0.0.1', '::ffff:10.0.0.1'])(
    'refuses to be reached by others at %s unless the operator says so in words',
    (HOST) => {
      expect(faultsOf({ ...GIVEN, HOST })[0]).toContain('HEADROOM_OPEN=demonstration');
      const config = readConfig({ ...GIVEN, HOST, HEADROOM_OPEN: 'demonstration' });
      expect(config.open).toContain('without signing in');
    },
  );

  it.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1'])('serves %s without saying that it is open', (HOST) => {
    expect(isLoopback(HOST)).toBe(true);
    expect(readConfig({ ...GIVEN, HOST, HEADROOM_OPEN: 'demonstration' }).open).toBeNull();
  });

  it('reads further host names without regard to case and space', () => {
    expect(readConfig({ ...GIVEN, HEADROOM_HOSTS: 'Board.example.nhs.uk, other:8443,' }).hosts).toEqual([
      'board.example.nhs.uk',
      'other:8443',
    ]);
  });
});

describe('createSecret', () => {
  function file(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-secret-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'token');
    writeFileSync(path, text);
    return path;
  }

  it('gives the variable before the file, and nothing for neither', () => {
    const secret = createSecret({ TOKEN: 'direct', TOKEN_FILE: file('kept'), OTHER_FILE: '/nowhere/at/all' });
    expect([secret('TOKEN'), secret('OTHER'), secret('MISSING')]).toEqual(['direct', undefined, undefined]);
  });

  it('reads the file again when it changes, within a second', () => {
    const path = file('first\n');
    let now = 5;
    const secret = createSecret({ TOKEN_FILE: path }, () => now);
    const after = (ms: number) => {
      now += ms;
      return secret('TOKEN');
    };
    expect(after(0)).toBe('first');
    writeFileSync(path, 'the second one\n');
    expect(after(1000)).toBe('the second one');
    rmSync(path);
    expect(after(1000)).toBeUndefined();
    writeFileSync(path, 'back again\n');
    expect(after(1000)).toBe('back again');
  });

  it('looks at the file no more than once a second', () => {
    const path = file('first');
    let now = 5;
    const secret = createSecret({ TOKEN_FILE: path }, () => now);
    expect(secret('TOKEN')).toBe('first');
    writeFileSync(path, 'second');
    now += 999;
    expect(secret('TOKEN')).toBe('first');
    now += 1;
    expect(secret('TOKEN')).toBe('second');
  });
});
