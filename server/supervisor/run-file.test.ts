import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRun } from '../clock.ts';
import { openRun, type Wanted } from './run-file.ts';

const WANTED: Wanted = { system: 'small', units: 10, speed: null, from: null, scenario: null, fresh: false };
const MONDAY = Temporal.Instant.from('2026-01-12T07:45:00Z').epochMilliseconds;

/** A folder, and a real clock that the test moves. */
function given() {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const real = { now: 1_000_000 };
  const open = (wanted: Partial<Wanted> = {}) => openRun(folder, { ...WANTED, ...wanted }, () => real.now);
  return { folder, real, open };
}

test('the first run begins on a published Monday at 7:45am, at ten times real speed', () => {
  const { open, real } = given();
  const first = open();
  expect(first.resumed).toBe(false);
  expect(first.run).toMatchObject({ system: 'small', simulated: true, began: MONDAY, scenario: 'winter-monday' });
  expect(first.run.clock).toEqual({ start: MONDAY, realEpoch: real.now, speed: 10 });
  expect(readRun(first.path)).toEqual(first.run);
});

test('a system of thousands of sites runs at real speed unless told otherwise', () => {
  expect(given().open({ units: 8000 }).run.clock.speed).toBe(1);
  expect(given().open({ units: 8000, speed: 5 }).run.clock.speed).toBe(5);
});

test('the clock stands still while nothing runs, and goes on from where it stopped', () => {
  const { open, real } = given();
  const first = open();
  real.now += 60_000;
  first.keep(true);
  real.now += 3_600_000;
  const second = open();
  expect(second.resumed).toBe(true);
  expect(second.run.run).toBe(first.run.run);
  expect(second.run.clock).toEqual({ start: MONDAY + 600_000, realEpoch: real.now, speed: 10 });
  expect(second.data).toBe(first.data);
});

test('after a sudden end the clock goes on no earlier than what may have been recorded', () => {
  const { open, real } = given();
  open().keep(false);
  real.now += 900;
  expect(open().run.clock.start).toBeGreaterThanOrEqual(MONDAY + 9_000);
});

test('another speed does not begin another run', () => {
  const { open } = given();
  const first = open();
  const second = open({ speed: 2 });
  expect(second.run.run).toBe(first.run.run);
  expect(second.run.clock.speed).toBe(2);
  expect(open().run.clock.speed).toBe(2);
});

test.for<{ what: string; wanted: Partial<Wanted> }>([
  { what: 'when asked to', wanted: { fresh: true } },
  { what: 'for another beginning', wanted: { from: MONDAY + 86_400_000 } },
  { what: 'for another scenario', wanted: { scenario: { id: 'phones-down', begin: null } } },
])('a new run begins $what, in a folder and with a name of its own', ({ wanted }) => {
  const { open } = given();
  const first = open();
  const second = open(wanted);
  expect(second.resumed).toBe(false);
  expect(second.run.run).not.toBe(first.run.run);
  expect(second.data).not.toBe(first.data);
  expect(second.run.began).toBe(wanted.from ?? MONDAY);
});

test('the same beginning or scenario asked for again resumes', () => {
  const { open } = given();
  const scenario = { id: 'winter-monday', begin: MONDAY - 7 * 86_400_000 };
  const first = open({ scenario });
  expect(first.run.began).toBe(scenario.begin);
  expect(open({ scenario, from: first.run.began }).run.run).toBe(first.run.run);
});

test('a spoilt run file begins a new run instead of ending the start', () => {
  const { open, folder } = given();
  open();
  writeFileSync(join(folder, 'run.json'), 'not json');
  expect(open().resumed).toBe(false);
});

test('the folders of this run and the one before stay, older ones go', () => {
  const { open, folder } = given();
  const names = [1, 2, 3, 4].map(() => open({ fresh: true }).run.run);
  const kept = readdirSync(join(folder, 'runs'));
  expect(kept).toHaveLength(2);
  expect(kept).toContain(names.at(-1));
});
