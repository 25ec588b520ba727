import type { FeedState } from '#shared/model/absence.ts';
import { fromInstant, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { FeedStatus } from '#shared/model/unit.ts';
import { titleOf, wordsOf } from './cause-words.ts';
import type { FeedLayout } from './layout.ts';
import { markOfState, TROUBLED } from './marks.ts';
import { FAMILY_LABELS, some } from './words.ts';

/** Shorter trouble than this (a poll that failed once and came right) is not told. */
const LEAST_MS = MINUTE;
const MOST_ENDED = 500;

interface Ended {
  readonly title: string;
  readonly where: string;
  readonly since: EpochMs;
  readonly at: EpochMs;
}
interface Episode {
  readonly since: EpochMs;
  readonly trouble: FeedState;
  readonly name: string;
  /** Feeds in it now. */
  readonly failing: number;
  readonly sites: number;
}

/** Troubles of one supplier and family in one state, from the first feed that has it to the last. Never changed in place. */
export interface Episodes {
  readonly states: ReadonlyMap<string, FeedState>;
  readonly open: ReadonlyMap<string, Episode>;
  /** Newest last. */
  readonly ended: readonly Ended[];
}

export interface StateChange {
  readonly feed: FeedStatus;
  readonly at: EpochMs;
}

const stateOf = (feed: FeedStatus): FeedState => (feed.paused ? 'paused' : (feed.state as FeedState));
const isTrouble = (state: FeedState): boolean => TROUBLED.has(markOfState(state)) && wordsOf(state) !== null;
const keyOf = (layout: FeedLayout, feed: FeedStatus, state: FeedState): string =>
  `${feed.supplier}/${layout.feed(feed.id)?.family ?? 'other'}/${state}`;

/** As the feeds are now; what is in trouble began when its state says. */
export function beginEpisodes(layout: FeedLayout, feeds: readonly FeedStatus[], now: EpochMs): Episodes {
  const none: Episodes = { states: new Map(), open: new Map(), ended: [] };
  return stepEpisodes(
    layout,
    none,
    feeds.map((feed) => ({ feed, at: feed.since === null ? now : fromInstant(feed.since) })),
  );
}

/** Episodes after some feeds have changed; the same object where nothing begins or ends. */
export function stepEpisodes(layout: FeedLayout, before: Episodes, changes: readonly StateChange[]): Episodes {
  const moved = changes.filter(({ feed }) => before.states.get(feed.id) !== stateOf(feed));
  if (moved.length === 0) return before;
  const states = new Map(before.states);
  const open = new Map(before.open);
  const ended = [...before.ended];
  for (const { feed, at } of moved) {
    const [from, to] = [states.get(feed.id), stateOf(feed)];
    states.set(feed.id, to);
    const left = from !== undefined && isTrouble(from) ? leave(open, keyOf(layout, feed, from)) : null;
    // From one trouble to another it goes on: the new one began when the old one did.
    if (isTrouble(to)) enter(layout, open, feed, to, left?.since ?? at);
    else if (left && at - left.since >= LEAST_MS) ended.push(endOf(left, at));
  }
  return { states, open, ended: ended.slice(-MOST_ENDED) };
}

/** Takes a feed out of an episode; gives the episode where it was the last in it. */
function leave(open: Map<string, Episode>, key: string): Episode | null {
  const episode = open.get(key);
  if (!episode) return null;
  if (episode.failing === 1) open.delete(key);
  else open.set(key, { ...episode, failing: episode.failing - 1 });
  return episode.failing === 1 ? episode : null;
}

function enter(
  layout: FeedLayout,
  open: Map<string, Episode>,
  feed: FeedStatus,
  state: FeedState,
  since: EpochMs,
): void {
  const key = keyOf(layout, feed, state);
  const known = open.get(key);
  const family = layout.feed(feed.id)?.family ?? 'other';
  open.set(key, {
    since: Math.min(since, known?.since ?? since),
    trouble: state,
    name: `${FAMILY_LABELS[family]}, ${layout.supplierName(feed.supplier)}`,
    failing: (known?.failing ?? 0) + 1,
    sites: (known?.sites ?? 0) + Math.max(1, feed.sites.length),
  });
}

const endOf = ({ trouble, name, sites, since }: Episode, at: EpochMs): Ended => ({
  title: titleOf(trouble, 'supplier'),
  where: `${name}: ${some(sites, 'site')}`,
  since,
  at,
});

export interface Lately {
  /** Troubles that began, and that ended, within the last hour. */
  readonly began: number;
  readonly mended: number;
  /** The last three that ended, newest first. */
  readonly last: readonly Ended[];
}

export function lately({ open, ended }: Episodes, now: EpochMs): Lately {
  const recent = (at: EpochMs) => at > now - HOUR;
  const began = [...open.values()].filter(({ since }) => recent(since) && now - since >= LEAST_MS).length;
  return {
    began: began + ended.filter(({ since }) => recent(since)).length,
    mended: ended.filter(({ at }) => recent(at)).length,
    last: ended.slice(-3).reverse(),
  };
}
