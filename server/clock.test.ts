import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Run } from '#shared/model/run.ts';
import { createClock, createRunClock } from './clock.ts';

const START = Date.UTC(2026, 0, 12, 7, 45);

function runFile(): { path: string; write(clock: Partial<Run['clock']>): void } {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-clock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'run.json');
  return {
    path,
    write(clock) {
      const whole = { start: START, realEpoch: Date.now(), speed: 10, ...clock };
      const run: Run = { run: 'r', system: 's', simulated: true, seed: 1, scenario: null, clock: whole, began: START };
      writeFileSync(path, JSON.stringify(run));
    },
  };
}

test('the run’s clock is affine to the real one', () => {
  const file = runFile();
  file.write({ realEpoch: Date.now() - 60_000 });
  const clock = createRunClock(file.path);
  const expected = START + 600_000;
  expect(clock.now()).toBeGreaterThanOrEqual(expected);
  expect(clock.now()).toBeLessThan(expected + 600_000);
  expect(clock).toMatchObject({ speed: 10, simulated: true });
});

test('real time until a product time is shorter by the speed, and never negative', () => {
  const file = runFile();
  file.write({});
  const clock = createRunClock(file.path);
  const left = clock.realMsUntil(START + 3_600_000);
  expect(left).toBeLessThanOrEqual(360_000);
  expect(left).toBeGreaterThan(300_000);
  expect(clock.realMsUntil(START - 1)).toBe(0);
});

test('a changed file is taken up, and a spoilt one leaves the last good one in force', async () => {
  const file = runFile();
  file.write({});
  const clock = createClock({ run: file.path });
  file.write({ speed: 60 });
  await expect.poll(() => clock.speed, { timeout: 5000 }).toBe(60);
  writeFileSync(file.path, '{"run":');
  // Longer than it takes to look again.
  await wait(700);
  expect(clock.speed).toBe(60);
  file.write({ speed: 2 });
  await expect.poll(() => clock.speed, { timeout: 5000 }).toBe(2);
});

test('without a run at the start there is no clock, and the error has its code', () => {
  expect(() => createRunClock('/nowhere/run.json')).toThrow(expect.objectContaining({ code: 'RUN_UNREADABLE' }));
  const file = runFile();
  writeFileSync(file.path, '{"run": "r"}');
  expect(() => createRunClock(file.path)).toThrow(expect.objectContaining({ code: 'RUN_UNREADABLE' }));
});

test('the real clock is the machine’s', () => {
  const clock = createClock('real');
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  expect(clock).toMatchObject({ speed: 1, simulated: false });
});
