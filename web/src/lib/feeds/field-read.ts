import { MARKS, type Mark } from '$shared/model/feed-marks';
import type { FeedStatus, Unit } from '$shared/model/unit';
import type { FeedsSummary } from '$shared/protocol/feeds';
import { sayFeedState } from '../format/absence.ts';
import { instantMs, sayDuration } from '../format/time.ts';
import { blockName, type FieldLayout } from './field-layout.ts';
import type { Spot } from './field-walk.ts';

interface Asked {
  readonly layout: FieldLayout;
  readonly spot: Spot;
  readonly summary: Pick<FeedsSummary, 'causes'>;
  readonly units: ReadonlyMap<string, Unit>;
  /** Null while single feeds are not known. */
  readonly feeds: ReadonlyMap<string, FeedStatus> | null;
  readonly now: number;
}

const isMark = (letter: string): letter is Mark => Object.hasOwn(MARKS, letter);

/** What is said of one mark: whose site it is, then kind, supplier, state, age and cause. */
export function readSpot({ layout, spot, summary, units, feeds, now }: Asked): { site: string; rest: string } | null {
  const placed = layout.blocks[spot.block];
  const id = placed?.block.sites[spot.index];
  if (!placed || id === undefined) return null;
  const { block, family } = placed;
  const letter = block.states[spot.index] ?? 'q';
  const feed = feeds?.get(block.feeds[spot.index] ?? '');
  const explained = block.causes.find((c) => spot.index >= c.from && spot.index < c.from + c.count);
  const cause = summary.causes.find((c) => c.letter === explained?.letter);
  const mark = isMark(letter) ? MARKS[letter] : letter;
  // The feed may be well while this site is missing from its answer: then the mark says more than the feed.
  const state =
    feed && feed.state !== 'ok' && 'utrlp'.includes(letter) ? `${mark}: ${sayFeedState(feed.state, false)}` : mark;
  const observedAt = instantMs(feed?.observedAt);
  const age = observedAt === null ? (feed ? 'nothing has come yet' : '') : `${sayDuration(now - observedAt)} old`;
  const rest = [family, blockName(block), state, age, cause ? `cause ${cause.letter}, ${cause.title}` : ''];
  return { site: units.get(id)?.name ?? id, rest: rest.filter(Boolean).join(' · ') };
}
