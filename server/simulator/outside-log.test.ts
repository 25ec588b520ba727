import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openOutsideLog } from './outside-log.ts';
import type { OutsideEvent } from './world/outside.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outside-'));
  path = join(folder, 'outside.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const event = (slot: number): OutsideEvent => ({
  seed: 5,
  at: 1_768_209_600_000,
  date: '2026-01-12',
  site: 'SHUB1',
  changes: [{ slot, becomes: 'held', key: 'k1', until: 1_768_216_800_000, for: 'S10001' }],
});
const open = () => {
  const faults: string[] = [];
  return { log: openOutsideLog(path, (fault) => faults.push(fault)), faults };
};

describe('the log of what outsiders did', () => {
  test('what was appended is there at the next start', () => {
    const first = open();
    first.log.append(event(1));
    first.log.append(event(2));
    first.log.close();
    const { log, faults } = open();
    expect(log.events).toEqual([event(1), event(2)]);
    expect(faults).toEqual([]);
    log.close();
  });

  test('a torn last line is dropped aloud, and the next event stands on a line of its own', () => {
    writeFileSync(path, `${JSON.stringify(event(1))}\n${JSON.stringify(event(2)).slice(0, 40)}`);
    const torn = open();
    expect(torn.log.events).toEqual([event(1)]);
    expect(torn.faults).toEqual([expect.stringContaining('torn')]);
    torn.log.append(event(3));
    torn.log.close();
    const { log, faults } = open();
    expect([log.events, faults]).toEqual([[event(1), event(3)], []]);
    log.close();
  });

  test('a line that is no event is dropped aloud, and those around it count', () => {
    writeFileSync(path, `${JSON.stringify(event(1))}\n{"seed":5}\nnonsense\n${JSON.stringify(event(2))}\n`);
    const { log, faults } = open();
    expect(log.events).toEqual([event(1), event(2)]);
    expect(faults).toHaveLength(2);
    log.close();
  });

  test('an append that fails keeps nothing', () => {
    const { log } = open();
    log.append(event(1));
    log.close();
    expect(() => log.append(event(2))).toThrow();
    expect(log.events).toEqual([event(1)]);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
  });
});
