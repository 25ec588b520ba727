import type { EpochMs } from '#shared/model/time.ts';
import type { PastBoards, PastView } from '../domain/replay/player.ts';
import type { RecordedSource } from '../domain/replay/recorded.ts';
import { sayList } from '../domain/replay/read.ts';
import type { Shadow } from '../domain/replay/shadow.ts';
import { createBreath, type Loader } from './load.ts';

/** Boards kept: the calls of one screen all ask for the same moment. */
const KEPT = 3;
/** Boards read at once; further callers wait their turn. */
const AT_ONCE = 2;
const MOST_WAITING = 50;

/** So many are waiting that one more would be answered too late to be of use. */
export class TooManyWaiting extends Error {
  readonly code = 'REPLAY_BUSY';
}

/** Boards of single moments, each read once for everybody who asks for it at the same time. */
export function createPast(loader: Loader, recorded: Pick<RecordedSource, 'feedStates'>): PastBoards {
  const kept = new Map<EpochMs, Promise<PastView>>();
  const waiting: (() => void)[] = [];
  let reading = 0;

  async function inTurn<T>(read: () => Promise<T>): Promise<T> {
    if (reading >= AT_ONCE) {
      if (waiting.length >= MOST_WAITING) throw new TooManyWaiting('too many moments of the past are being asked for');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else reading += 1;
    try {
      return await read();
    } finally {
      // Whoever waits takes this very place over.
      const next = waiting.shift();
      if (next === undefined) reading -= 1;
      else next();
    }
  }
  async function read(at: EpochMs): Promise<PastView> {
    const { shadow, stretch, ...revision } = await inTurn(() => loader.at(at));
    let said: ReturnType<PastView['said']> | null = null;
    return {
      ...revision,
      stretch: stretch.stretch,
      units: [...shadow.units.values()],
      feeds: [...shadow.feeds.values()],
      unit: (id) => shadow.units.get(id),
      said: () => (said ??= say(shadow)),
    };
  }

  return {
    stretches: () => loader.stretches(),
    feedStates: (from, to) => recorded.feedStates(from, to),
    at(at) {
      const known = kept.get(at);
      if (known !== undefined) return known;
      const view = read(at);
      kept.set(at, view);
      for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
      // What was not there may be there the next time.
      view.catch(() => kept.get(at) === view && kept.delete(at));
      return view;
    },
  };
}

async function say({ units, feeds }: Shadow): Promise<{ units: string; feeds: string }> {
  const breath = createBreath();
  return { units: await sayList(units.values(), breath), feeds: await sayList(feeds.values(), breath) };
}
