import type { Clock, FeedControl, Pause, PollOutcome } from '../domain/ports.ts';
import { readAgain } from './again.ts';
import type { Answers } from './answers.ts';
import type { Entry } from './entry.ts';
import type { Logger } from './logger.ts';
import type { Pauses } from './pauses.ts';
import type { Quarantine } from './quarantine.ts';
import type { Turns } from './turns.ts';

export interface ControlDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly pauses: Pauses;
  readonly turns: Turns;
  readonly answers: Answers;
  readonly quarantine: Quarantine;
  /** Queues a poll before those of the schedule. */
  readonly askFirst: (entry: Entry) => void;
  readonly onOutcome: (outcome: PollOutcome) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Control extends FeedControl {
  /** Says of every paused instance that it is. */
  start(): void;
  /** Ends the pauses whose time has come. */
  tick(): void;
  /** Something was changed at its far end: what is under way may have been read before. */
  pollAfresh(id: string): void;
}

/** What people have the poller do. */
export function createControl(deps: ControlDeps): Control {
  const { clock, entries, pauses, turns, logger } = deps;
  const byFeed = Map.groupBy(entries.values(), ({ feed }) => feed);
  let nextEnd = Infinity;

  const named = (ids: readonly string[]): Entry[] => {
    const found = new Set<Entry>();
    for (const id of ids) {
      const entry = entries.get(id);
      for (const one of entry ? [entry] : (byFeed.get(id) ?? [])) found.add(one);
    }
    return [...found];
  };
  const begin = (entry: Entry, pause: Pause): void => {
    entry.pause = pause;
    entry.queued = false;
    turns.retrying.delete(entry);
    nextEnd = Math.min(nextEnd, pause.until ?? Infinity);
  };
  const end = (entry: Entry): void => {
    entry.pause = null;
    entry.saysUnpaused = true;
    deps.askFirst(entry);
  };
  /** A poll that begins from now on: after the one that is under way. */
  const askAfresh = (entry: Entry): void => {
    const ask = (): void => deps.askFirst(entry);
    if (entry.running) void entry.running.then(ask, ask);
    else ask();
  };
  const paused = (): Entry[] => [...entries.values()].filter(({ pause }) => pause !== null);

  for (const [id, pause] of pauses.all()) {
    const entry = entries.get(id);
    if (entry && (pause.until ?? Infinity) > clock.now()) begin(entry, pause);
  }

  return {
    start() {
      for (const entry of paused()) if (entry.pause) turns.sayPaused(entry, entry.pause);
    },
    tick() {
      if (clock.now() < nextEnd) return;
      const over = paused().filter(({ pause }) => (pause?.until ?? Infinity) <= clock.now());
      for (const entry of over) end(entry);
      nextEnd = Math.min(Infinity, ...paused().map(({ pause }) => pause?.until ?? Infinity));
      try {
        pauses.clear(over.map(({ id }) => id));
      } catch (error) {
        // Their time is over all the same, also after a restart.
        logger.warn({ type: 'feed-pauses-not-written', err: error }, 'ended pauses stay in the file');
      }
    },
    pollNow(ids, keep) {
      const asked = named(ids).filter(({ pause }) => pause === null);
      for (const entry of asked) {
        if (keep) entry.keep = true;
        // One that is under way may be past the point at which it could be kept.
        if (keep) askAfresh(entry);
        else if (!entry.running) deps.askFirst(entry);
      }
      return asked.length;
    },
    pollAfresh(id) {
      for (const entry of named([id])) if (entry.pause === null) askAfresh(entry);
    },
    pause(ids, { by, reason, until }) {
      const asked = named(ids);
      const pause: Pause = { by, reason, at: clock.now(), until };
      pauses.set(
        asked.map(({ id }) => id),
        pause,
      );
      for (const entry of asked) {
        begin(entry, pause);
        turns.sayPaused(entry, pause);
      }
      logger.info({ type: 'feeds-paused', feeds: asked.map(({ id }) => id), by }, 'feeds paused');
      return asked.length;
    },
    resume(ids, by) {
      const asked = named(ids).filter(({ pause }) => pause !== null);
      pauses.clear(asked.map(({ id }) => id));
      for (const entry of asked) end(entry);
      logger.info({ type: 'feeds-resumed', feeds: asked.map(({ id }) => id), by }, 'feeds resumed');
      return asked.length;
    },
    readAgain: (group) => readAgain(deps, group),
    answer: deps.answers.of,
    knows: (id) => entries.has(id) || byFeed.has(id),
  };
}
