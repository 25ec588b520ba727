import type { FeedsSummary } from '#shared/protocol/feeds.ts';
import { beginEpisodes, stepEpisodes } from '../domain/feed-health/episodes.ts';
import { createFeedLayout } from '../domain/feed-health/layout.ts';
import { feedsSummary } from '../domain/feed-health/summary.ts';
import type { Commit } from '../domain/ports.ts';
import type { HttpDeps } from './deps.ts';

/** Real time for which one telling serves everybody who asks. */
const FRESH_MS = 1000;
/** Further off than this, our clock or theirs is wrong. */
const OFF_MS = 2 * 60_000;

/** Follows the board's feeds, and tells how they are when somebody asks. */
export interface FeedHealth {
  summary(): FeedsSummary;
  stop(): void;
}

type Deps = Pick<HttpDeps, 'board' | 'conditions' | 'quarantine' | 'clockOffset'>;

export function createFeedHealth(deps: Deps, real: () => number): FeedHealth {
  const { board, conditions, quarantine } = deps;
  const layout = createFeedLayout(board.definition);
  let episodes = beginEpisodes(layout, board.feeds(), board.at);
  let letters: ReadonlyMap<string, string> = new Map();
  let told: { readonly summary: FeedsSummary; readonly at: number } | null = null;

  const follow = ({ feeds, at }: Commit): void => {
    const changed = new Set(
      feeds.filter(({ state, paused }) => state !== undefined || paused !== undefined).map(({ id }) => id),
    );
    if (changed.size === 0) return;
    // Somebody who has just paused or resumed a feed sees it at once.
    if (feeds.some(({ paused }) => paused !== undefined)) told = null;
    const now = board.feeds().filter(({ id }) => changed.has(id));
    episodes = stepEpisodes(
      layout,
      episodes,
      now.map((feed) => ({ feed, at })),
    );
  };
  const leave = board.onCommit(follow);

  return {
    summary() {
      if (told !== null && real() - told.at < FRESH_MS) return told.summary;
      const made = feedsSummary(layout, {
        at: board.at,
        feeds: board.feeds(),
        unit: (id) => board.unit(id),
        conditions: conditions(),
        quarantine: { today: quarantine.today(), note: quarantine.note(), groups: quarantine.groups() },
        episodes,
        letters,
        clock: clockOf(deps),
      });
      letters = made.letters;
      told = { summary: made.summary, at: real() };
      return made.summary;
    },
    stop: leave,
  };
}

function clockOf({ conditions, clockOffset }: Deps): FeedsSummary['clock'] {
  const off = clockOffset();
  const wrong = conditions().find(({ part, status }) => part === 'clock' && status !== 'ok');
  if (wrong) return { offMs: off?.offMs ?? null, text: wrong.reason };
  if (off === null) return { offMs: null, text: 'No clock to compare ours with yet' };
  const of = off.suppliers === 1 ? 'that of one supplier' : `those of ${off.suppliers} suppliers`;
  const agrees = Math.abs(off.offMs) < OFF_MS;
  return { offMs: off.offMs, text: agrees ? `Our clock agrees with ${of}` : `Our clock differs from ${of}` };
}
