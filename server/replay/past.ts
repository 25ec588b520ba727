import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { PastBoards, PastView } from '../domain/replay/player.ts';
import type { RecordedSource } from '../domain/replay/recorded.ts';
import { textOf, type BoardText, type ListText } from './board-text.ts';
import type { Studio } from './studio.ts';
import { TooManyWaiting } from './thread.ts';

/** Boards kept: the calls of one screen all ask for the same moment. */
const KEPT = 3;
/** Boards read at once; further callers wait their turn. */
const AT_ONCE = 2;
const MOST_WAITING = 50;

/** All who asked have gone. */
class NobodyWaits extends Error {
  readonly code = 'REPLAY_LEFT';
}

/** A board that is there or on its way, and how many wait for it. */
interface Held {
  readonly view: Promise<PastView>;
  readonly gone: AbortController;
  wanted: number;
  there: boolean;
}

/** Boards of single moments, each read once for everybody who asks for it at the same time. */
export function createPast(
  studio: Pick<Studio, 'board'>,
  recorded: Pick<RecordedSource, 'feedStates' | 'stretches'>,
): PastBoards {
  const kept = new Map<EpochMs, Held>();
  const turns = createTurns();

  function begin(at: EpochMs): Held {
    const gone = new AbortController();
    const view = turns(() => studio.board(at, gone.signal), gone.signal).then(viewOf);
    const held: Held = { view, gone, wanted: 0, there: false };
    kept.set(at, held);
    const forget = () => {
      if (kept.get(at) === held) kept.delete(at);
    };
    gone.signal.addEventListener('abort', forget);
    // What was not there may be there the next time.
    view.then(() => (held.there = true), forget);
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
    return held;
  }

  return {
    stretches: () => recorded.stretches(),
    feedStates: (from, to) => recorded.feedStates(from, to),
    async at(at, signal) {
      if (signal?.aborted === true) throw new NobodyWaits();
      const held = kept.get(at) ?? begin(at);
      held.wanted += 1;
      const leave = () => {
        held.wanted -= 1;
        if (held.wanted === 0 && !held.there) held.gone.abort(new NobodyWaits());
      };
      signal?.addEventListener('abort', leave, { once: true });
      try {
        return await held.view;
      } finally {
        signal?.removeEventListener('abort', leave);
      }
    },
  };
}

/** Some at once, the others in their order; whoever has gone meanwhile loses the place. */
function createTurns(): <T>(work: () => Promise<T>, gone: AbortSignal) => Promise<T> {
  const waiting: (() => void)[] = [];
  let working = 0;
  return async (work, gone) => {
    if (working >= AT_ONCE) {
      if (waiting.length >= MOST_WAITING) throw new TooManyWaiting('too many moments of the past are being asked for');
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const turn = () => resolve(undefined);
      waiting.push(turn);
      const leave = () => {
        const place = waiting.indexOf(turn);
        if (place === -1) return;
        waiting.splice(place, 1);
        working += 1;
        turn();
      };
      gone.addEventListener('abort', leave, { once: true });
      await promise;
      gone.removeEventListener('abort', leave);
    } else working += 1;
    try {
      gone.throwIfAborted();
      return await work();
    } finally {
      // Whoever waits takes this very place over.
      const next = waiting.shift();
      if (next === undefined) working -= 1;
      else next();
    }
  };
}

function viewOf({ units, feeds, ...revision }: BoardText): PastView {
  const read = createList<Unit>(units);
  const readFeed = createList<FeedStatus>(feeds);
  return {
    ...{ seq: revision.seq, at: revision.at, stretch: revision.stretch, rules: revision.rules },
    get feeds() {
      return feeds.ids.flatMap((id) => readFeed(id) ?? []);
    },
    unit: read,
    said: { units: units.bytes, feeds: feeds.bytes },
  };
}

/** Values of a list by id, each read when it is asked for. */
function createList<T>({ bytes, ids, ends }: ListText): (id: string) => T | undefined {
  const places = new Map(ids.map((id, place) => [id, place]));
  return (id) => {
    const place = places.get(id);
    if (place === undefined) return undefined;
    const begin = place === 0 ? 0 : (ends[place - 1] ?? 0) + 1;
    return JSON.parse(textOf(bytes.subarray(begin, ends[place]))) as T;
  };
}
