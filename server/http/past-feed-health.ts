import { HOUR, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { FeedsSummary } from '#shared/protocol/feeds.ts';
import { beginEpisodes, stepEpisodes, type Episodes } from '../domain/feed-health/episodes.ts';
import { createFeedLayout, type FeedLayout } from '../domain/feed-health/layout.ts';
import { feedsSummary } from '../domain/feed-health/summary.ts';
import type { PastBoards, PastView } from '../domain/replay/player.ts';
import type { FeedStateAt } from '../domain/replay/recorded.ts';
import type { HttpDeps } from './deps.ts';

const NOT_KEPT = 'Which records were refused is not part of the recording; how many were is.';
const NO_CLOCK = 'How far clocks were apart is not part of the recording';

/** Health of all feeds at a moment of the past, from the states that were recorded. */
export function createPastFeedHealth({ board, past }: Pick<HttpDeps, 'board'> & { readonly past: PastBoards }) {
  let made: { readonly version: string; readonly layout: FeedLayout } | null = null;
  const layoutNow = () => {
    const { version } = board.definition;
    if (made?.version !== version) made = { version, layout: createFeedLayout(board.definition) };
    return made.layout;
  };
  return async (at: EpochMs, signal?: AbortSignal): Promise<FeedsSummary> => {
    const [view, states] = await Promise.all([past.at(at, signal), past.feedStates(at - HOUR, at)]);
    const layout = layoutNow();
    // A feed that the definition no longer has cannot be told by it.
    const feeds = view.feeds.filter(({ id }) => layout.feed(id) !== undefined);
    return feedsSummary(layout, {
      at: view.at,
      feeds,
      unit: view.unit,
      conditions: [],
      quarantine: {
        today: feeds.reduce((sum, { rejectedToday }) => sum + rejectedToday, 0),
        note: NOT_KEPT,
        groups: [],
      },
      episodes: episodesOf(layout, { ...view, feeds }, states, at - HOUR),
      letters: new Map(),
      clock: { offMs: null, text: NO_CLOCK },
    }).summary;
  };
}

/** Troubles of the hour before: from the states at its begin, and every change since. */
function episodesOf(layout: FeedLayout, view: PastView, states: readonly FeedStateAt[], from: EpochMs): Episodes {
  const statuses = new Map(view.feeds.map((feed) => [feed.id, feed]));
  const changes = states.flatMap(({ feed: id, at, state }) => {
    const feed = statuses.get(id);
    return feed === undefined ? [] : [{ feed: { ...feed, state, paused: null, since: toInstant(at) }, at }];
  });
  const standing = changes.filter(({ at }) => at <= from);
  let episodes = beginEpisodes(
    layout,
    standing.map(({ feed }) => feed),
    from,
  );
  for (const change of changes.slice(standing.length)) episodes = stepEpisodes(layout, episodes, [change]);
  return episodes;
}
