import type { EpochMs } from '#shared/model/time.ts';
import type { Line } from '../domain/replay/read.ts';
import type { Revision, Stretch } from '../domain/replay/recorded.ts';
import type { Loader } from './load.ts';
import type { After } from './answers.ts';

/** Rows of changes read ahead at once. */
const ROWS = 4;
/** Changes are read ahead until so much real time of them is at hand, and at least so much product time. */
const AHEAD_REAL_MS = 3000;
const AHEAD_MS = 30_000;
/** After a look that brought nothing, or failed, the next one is so much real time later. */
const AGAIN_MS = 1000;

/** The revisions of one stretch after one moment, read ahead of whoever plays them. */
export interface Reel {
  /** Revisions up to `until`, in order; each is given once. */
  take(until: EpochMs): readonly Line[];
  /** Up to this time every revision is at hand, or has been given. */
  readonly known: EpochMs;
  readonly after: After;
  /** Reads ahead of `at`, where that is due; resolves once there is something to go on with, or a look has found nothing. */
  wind(at: EpochMs, speed: number): Promise<void>;
  stop(): void;
}

export interface ReelDeps {
  readonly loader: Loader;
  readonly stretch: Stretch;
  /** The revision that is shown already. */
  readonly start: Revision;
  readonly monotonic: () => number;
}

export function createReel({ loader, stretch, start, monotonic }: ReelDeps): Reel {
  let read: Revision = { seq: start.seq, at: start.at };
  let lines: Line[] = [];
  let given = 0;
  let after: After = { type: 'more' };
  let looking: Promise<void> | null = null;
  let stopped = false;
  let notBefore = -Infinity;
  /** Up to where it is to be read ahead. */
  let wanted = -Infinity;

  async function look(): Promise<After> {
    const allShown = given === lines.length;
    const more = await loader.next(stretch.stretch, read, ROWS);
    const last = more.at(-1);
    if (stopped) return { type: 'more' };
    if (last !== undefined) {
      lines = [...lines.slice(given), ...more];
      given = 0;
      read = { seq: last.seq, at: last.at };
      return { type: 'more' };
    }
    const next = (await loader.stretches()).find((each) => each.stretch > stretch.stretch);
    return next === undefined ? { type: 'end', looked: allShown } : { type: 'gap', next };
  }
  async function lookOnce(): Promise<void> {
    try {
      after = await look();
    } catch {
      // Whoever plays says so, and looks again.
      after = { type: 'unreadable' };
    }
    if (after.type !== 'more') notBefore = monotonic() + AGAIN_MS;
    looking = null;
    if (after.type === 'more' && read.at <= wanted && !stopped) looking = lookOnce();
  }

  return {
    take(until) {
      const first = given;
      while (given < lines.length && (lines[given]?.at ?? Infinity) <= until) given += 1;
      return lines.slice(first, given);
    },
    get known() {
      return read.at;
    },
    get after() {
      return after;
    },
    async wind(at, speed) {
      wanted = at + Math.max(AHEAD_MS, speed * AHEAD_REAL_MS);
      const due = looking === null && after.type !== 'gap' && monotonic() >= notBefore && read.at <= wanted;
      if (due && !stopped) looking = lookOnce();
      if (read.at <= at) await looking;
    },
    stop() {
      stopped = true;
      lines = [];
      given = 0;
    },
  };
}
