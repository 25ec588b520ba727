import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { affineNow, type Run } from '#shared/model/run.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { readRun, RunUnreadable } from '../clock.ts';
import { writeWhole } from './atomic.ts';

/** A real winter Monday of the published telephone tables, a quarter of an hour before the phones open. */
const DEFAULT_BEGIN = '2026-01-12T07:45:00Z';
/** What that Monday is like when nothing is asked for: a day on which a control room has something to do. */
const DEFAULT_SCENARIO = 'winter-monday';
const DEFAULT_SPEED = 10;
/** Thousands of sites at ten times real speed are more than two cores can poll. */
const LARGE_SYSTEM = { units: 3000, speed: 1 };
/** After a sudden end up to this much real time may have been recorded that the progress file does not know of. */
const UNSEEN_MS = 2000;
/** Runs whose folders stay: this one and the one before. */
const RUNS_KEPT = 2;

const ProgressSchema = Type.Object({ run: Type.String(), now: Type.Number(), clean: Type.Boolean() });

export interface Wanted {
  readonly system: string;
  readonly units: number;
  readonly speed: number | null;
  readonly from: EpochMs | null;
  /** Id of the scenario and the day it plays on; null: not said. */
  readonly scenario: { readonly id: string; readonly begin: EpochMs | null } | null;
  readonly fresh: boolean;
}

export interface RunFile {
  readonly path: string;
  /** Folder of this run's journal. */
  readonly data: string;
  readonly run: Run;
  readonly resumed: boolean;
  /** Keeps product time as of now: the clock stands still while nothing runs. */
  keep(clean: boolean): void;
}

/**
 * Resumes the run in `folder` where it was stopped, or begins a new one: the first time, when asked to, or when another
 * beginning or scenario is asked for. The clock runs from the moment of this call.
 */
export function openRun(folder: string, wanted: Wanted, realNow: () => number): RunFile {
  const path = join(folder, 'run.json');
  const progressPath = join(folder, 'clock.json');
  const before = wanted.fresh ? null : readBefore(path);
  const resumed = before !== null && isSame(before, wanted);
  const start = resumed ? standingAt(before, progressPath) : null;
  const real = realNow();
  const run: Run =
    before !== null && start !== null
      ? { ...before, clock: { start, realEpoch: real, speed: wanted.speed ?? before.clock.speed } }
      : newRun(wanted, real);
  const data = join(folder, 'runs', run.run);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const keep = (clean: boolean) => {
    writeWhole(progressPath, JSON.stringify({ run: run.run, now: affineNow(run.clock, realNow()), clean }));
  };
  writeWhole(path, JSON.stringify(run, null, 2));
  keep(false);
  forgetOldRuns(join(folder, 'runs'), run.run);
  return { path, data, run, resumed: start !== null, keep };
}

function readBefore(path: string): Run | null {
  if (!existsSync(path)) return null;
  try {
    return readRun(path);
  } catch (error) {
    // Not worth refusing to start: a new run begins, and the old one's history stays in the database.
    if (error instanceof RunUnreadable) return null;
    throw error;
  }
}

function isSame(before: Run, wanted: Wanted): boolean {
  return (
    before.system === wanted.system &&
    (wanted.scenario === null || wanted.scenario.id === before.scenario) &&
    (wanted.from === null || wanted.from === before.began)
  );
}

function standingAt(run: Run, progressPath: string): EpochMs {
  let progress: unknown = null;
  try {
    progress = JSON.parse(readFileSync(progressPath, 'utf8'));
  } catch {
    // Gone or half-written: the beginning of the run's last stretch is the best that is known.
  }
  if (!Value.Check(ProgressSchema, progress) || progress.run !== run.run) return run.clock.start;
  return progress.clean ? progress.now : progress.now + UNSEEN_MS * run.clock.speed;
}

function newRun(wanted: Wanted, real: number): Run {
  const began = wanted.from ?? wanted.scenario?.begin ?? Temporal.Instant.from(DEFAULT_BEGIN).epochMilliseconds;
  const speed = wanted.speed ?? (wanted.units > LARGE_SYSTEM.units ? LARGE_SYSTEM.speed : DEFAULT_SPEED);
  return {
    run: `${toInstant(began).slice(0, 16).replace(':', '')}-${randomBytes(4).toString('hex')}`,
    system: wanted.system,
    simulated: true,
    seed: randomInt(2 ** 31),
    scenario: wanted.scenario?.id ?? (wanted.from === null ? DEFAULT_SCENARIO : null),
    clock: { start: began, realEpoch: real, speed },
    began,
  };
}

function forgetOldRuns(folder: string, current: string): void {
  const others = readdirSync(folder)
    .filter((name) => name !== current)
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of others.slice(RUNS_KEPT - 1)) rmSync(join(folder, name), { recursive: true, force: true });
}
