import type { EpochMs } from '#shared/model/time.ts';
import type { Revision, Stretch } from '../domain/replay/recorded.ts';
import type { Change } from '../domain/replay/shadow.ts';
import type { Loader } from './load.ts';

/** Rows of changes read ahead at once. */
const ROWS = 4;
/** Changes are read ahead until so much real time of them is at hand, and at least so much product time. */
const AHEAD_REAL_MS = 3000;
const AHEAD_MS = 30_000;
/** After a look that brought nothing, or failed, the next one is so much real time later. */
const AGAIN_MS = 1000;

/** What comes after the changes at hand. */
export type After =
  | { readonly type: 'more' }
  /** Nothing newer has been recorded as yet. `looked`: real time of the last look, after everything had been read. */
  | { readonly type: 'end'; readonly looked: number }
  | { readonly type: 'gap'; readonly next: Stretch }
  | { readonly type: 'unreadable'; readonly error: unknown };

/** The changes of one stretch after one moment, read ahead of whoever plays them. */
export interface Reel {
  /** Changes up to `until`, in order; each is given once. */
  take(until: EpochMs): Change[];
  /** Up to this time every change is at hand, or has been given. */
  readonly known: EpochMs;
  readonly after: After;
  /** Reads ahead of `at`, where that is due. */
  wind(at: EpochMs, speed: number): void;
  stop(): void;
}

export interface ReelDeps {
  readonly loader: Loader;
  readonly stretch: Stretch;
  /** The revision that is shown already. */
  readonly start: Revision;
  readonly monotonic: () => number;
  /** More is known than before. */
  readonly onRead: () => void;
}

export function createReel({ loader, stretch, start, monotonic, onRead }: ReelDeps): Reel {
  let read: Revision = start;
  let changes: Change[] = [];
  let given = 0;
  let after: After = { type: 'more' };
  let busy = false;
  let stopped = false;
  let notBefore = -Infinity;
  /** Up to where it is to be read ahead. */
  let wanted = -Infinity;

  async function look(): Promise<After> {
    const more = await loader.next(stretch.stretch, read, ROWS);
    const last = more.at(-1);
    if (last !== undefined) {
      changes = [...changes.slice(given), ...more];
      given = 0;
      read = { seq: last.seq, at: last.at };
      if (!stopped) onRead();
      return { type: 'more' };
    }
    const next = (await loader.stretches()).find((each) => each.stretch > stretch.stretch);
    return next === undefined ? { type: 'end', looked: monotonic() } : { type: 'gap', next };
  }
  async function work(): Promise<void> {
    try {
      do after = await look();
      while (after.type === 'more' && read.at <= wanted && !stopped);
    } catch (error) {
      after = { type: 'unreadable', error };
    }
    if (after.type !== 'more') notBefore = monotonic() + AGAIN_MS;
    busy = false;
  }

  return {
    take(until) {
      const first = given;
      while (given < changes.length && (changes[given]?.at ?? Infinity) <= until) given += 1;
      return changes.slice(first, given);
    },
    get known() {
      return read.at;
    },
    get after() {
      return after;
    },
    wind(at, speed) {
      wanted = at + Math.max(AHEAD_MS, speed * AHEAD_REAL_MS);
      if (busy || stopped || after.type === 'gap' || monotonic() < notBefore || read.at > wanted) return;
      busy = true;
      void work();
    },
    stop() {
      stopped = true;
      changes = [];
      given = 0;
    },
  };
}
