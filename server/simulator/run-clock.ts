import { readFileSync, statSync } from 'node:fs';
import { Value } from 'typebox/value';
import { affineNow, RunSchema, type Run } from '#shared/model/run.ts';
import type { EpochMs } from '#shared/model/time.ts';

/** The simulator's own clock: affine, from the run file that the supervisor keeps; a changed file counts at once. */
export interface RunClock {
  now(): EpochMs;
  readonly run: Run;
}

/** How often, in real time, the file's modification time is looked at. */
const LOOK_EVERY_MS = 250;

/** Throws when the file cannot be read at the start; later a bad file leaves the last good one in force. */
export function createRunClock(path: string, onFault: (message: string) => void): RunClock {
  let run = readRun(path);
  let modified = statSync(path).mtimeMs;
  let looked = performance.now();
  const refresh = () => {
    if (performance.now() - looked < LOOK_EVERY_MS) return;
    looked = performance.now();
    try {
      const stamp = statSync(path).mtimeMs;
      if (stamp === modified) return;
      run = readRun(path);
      modified = stamp;
    } catch (error) {
      onFault(`the run file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    now: () => {
      refresh();
      return affineNow(run.clock, Date.now());
    },
    get run() {
      refresh();
      return run;
    },
  };
}

function readRun(path: string): Run {
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return Value.Parse(RunSchema, content);
}
