import type { FeedCause, FeedsSummary } from '$shared/protocol/feeds';
import { sayNumber } from '../format/numbers.ts';

/**
 * Causes in the order in which they stand on the screen. While somebody reads (`resort` false) the known ones keep
 * their place, new ones come last and what has gone is left out.
 */
export function orderCauses(
  known: readonly string[],
  causes: readonly FeedCause[],
  resort: boolean,
): readonly FeedCause[] {
  if (resort) return causes;
  const rank = new Map(known.map((key, index) => [key, index]));
  const last = known.length;
  return causes
    .map((cause, index) => ({ cause, rank: rank.get(cause.key) ?? last + index }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ cause }) => cause);
}

/** What the one button of a cause says; null where nobody can do anything here. */
export const ACTION_WORDS: Readonly<Record<FeedCause['action'], string | null>> = {
  poll: 'Ask again now',
  resume: 'Resume',
  records: 'See records',
  answer: 'See answer',
  none: null,
};

/** How the feeds are, in the two words that a tab has room for. */
export function feedsWord(summary: Pick<FeedsSummary, 'counts' | 'stopped'> | null): string {
  if (summary === null) return '';
  if (summary.stopped) return 'Not asking';
  const { trouble } = summary.counts;
  return trouble === 0 ? 'All well' : `${trouble} in trouble`;
}

/** The quarantine group that belongs to a cause: the one it was refused most often for. */
export function groupOf(summary: Pick<FeedsSummary, 'quarantine'>, cause: FeedCause): string | null {
  const own = new Set(cause.feeds);
  const groups = summary.quarantine.groups.filter(
    (group) => group.cause === cause.letter || group.feeds.some((feed) => own.has(feed)),
  );
  return groups.sort((a, b) => b.count - a.count)[0]?.key ?? null;
}

/** Supplier's name by its id. */
export function supplierNames(field: FeedsSummary['field']): ReadonlyMap<string, string> {
  return new Map(field.flatMap(({ blocks }) => blocks.map((block) => [block.supplier, block.supplierName] as const)));
}

/** How much began and mended of late. */
export function hourWords({ lastHour }: Pick<FeedsSummary, 'lastHour'>): string {
  return `last hour: ${sayNumber(lastHour.began)} began, ${sayNumber(lastHour.mended)} mended`;
}
