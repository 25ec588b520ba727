import { readFileSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Value } from 'typebox/value';
import type { Clock } from './domain/ports.ts';
import { affineNow, RunSchema, type Run } from '#shared/model/run.ts';

/** How often (real ms) `run.json` is looked at again; asking the clock itself stays free of system calls in between. */
const LOOK_AGAIN_MS = 500;

export class RunUnreadable extends Error {
  readonly code = 'RUN_UNREADABLE';
}

/** Reads and checks `run.json`. Throws `RunUnreadable` when it is missing or not a run. */
export function readRun(path: string): Run {
  let body: unknown;
  try {
    body = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new RunUnreadable(`The run file ${path} cannot be read.`, { cause });
  }
  if (!Value.Check(RunSchema, body)) throw new RunUnreadable(`The run file ${path} does not hold a run.`);
  return body;
}

const realClock: Clock = {
  now: () => Date.now(),
  speed: 1,
  simulated: false,
  realMsUntil: (at) => Math.max(0, at - Date.now()),
};

/**
 * The product's clock of a demonstration: affine to the real one by the run in `path`. A changed file (another speed, a
 * resumed run) is taken up within half a second; while it cannot be read, the last good one stands.
 */
export function createRunClock(path: string): Clock {
  let run = readRun(path);
  let seen = stamp(path);
  let lookedAt = performance.now();

  const current = (): Run => {
    if (performance.now() - lookedAt < LOOK_AGAIN_MS) return run;
    lookedAt = performance.now();
    const now = stamp(path);
    if (now === null || now === seen) return run;
    try {
      run = readRun(path);
      seen = now;
    } catch (error) {
      // Half-written or taken away: the last good run is better than none. `seen` stays, so it is tried again.
      if (!(error instanceof RunUnreadable)) throw error;
    }
    return run;
  };

  return {
    now: () => affineNow(current().clock, Date.now()),
    get speed() {
      return current().clock.speed;
    },
    get simulated() {
      return current().simulated;
    },
    realMsUntil(at) {
      const { clock } = current();
      return Math.max(0, (at - affineNow(clock, Date.now())) / clock.speed);
    },
  };
}

/** The real clock, or that of the run whose file is named. */
export function createClock(source: 'real' | { readonly run: string }): Clock {
  return source === 'real' ? realClock : createRunClock(source.run);
}

function stamp(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? null : `${stat.ino}/${stat.mtimeNs}/${stat.size}`;
}
