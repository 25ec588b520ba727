import type { FeedsSummary } from '$shared/protocol/feeds';
import { MINUTE } from '$shared/model/time';
import type { Level } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import { sayDuration } from '../format/time.ts';
import { isMajor, isNews, type ChangeItem } from './changes.ts';

export type NewsSort = 'levels' | 'declared' | 'feeds';
export const NEWS_SORTS: readonly NewsSort[] = ['levels', 'declared', 'feeds'];

/** How long what changed counts as just now. */
export const RECENT_MS = 15 * MINUTE;

/** One thing that happened: a level changed, a level was declared, a feed fell silent or came back. */
export interface NewsItem {
  readonly key: string;
  readonly sort: NewsSort;
  readonly atMs: number;
  /** Where it leads. */
  readonly href: string;
  readonly name: string;
  /** `system`, `place`, `neighbourhood`, `site`, or `feed`. */
  readonly kind: string;
  readonly from: Level | null;
  readonly to: Level | null;
  readonly text: string;
  /** Deserves a line of its own although it is a single site. */
  readonly major: boolean;
}

const unitHref = (id: string) => `/units/${encodeURIComponent(id)}`;

export function levelNews(changes: readonly ChangeItem[]): NewsItem[] {
  return changes.filter(isNews).map((item) => ({
    ...item,
    sort: 'levels',
    href: unitHref(item.unit),
    major: isMajor(item),
  }));
}

/** What people declared and still stand by; `from` is the computed level beside it. */
export function declaredNews(units: Iterable<Unit>): NewsItem[] {
  const found: NewsItem[] = [];
  for (const { id, name, kind, level, declared } of units) {
    if (!declared) continue;
    found.push({
      key: `${id}!${declared.at}`,
      sort: 'declared',
      atMs: Date.parse(declared.at),
      href: unitHref(id),
      name,
      kind,
      from: level,
      to: declared.level,
      text: `${declared.reason}, ${declared.by}`,
      major: declared.level !== level,
    });
  }
  return found;
}

/** What is wrong with feeds since when, and what was mended; the day's only, from `midnight` on. */
export function feedNews({ causes, mended }: Pick<FeedsSummary, 'causes' | 'mended'>, midnight: number): NewsItem[] {
  const item = (key: string, at: string, name: string, text: string): NewsItem => ({
    key,
    sort: 'feeds',
    atMs: Date.parse(at),
    href: '/feeds',
    name,
    kind: 'feed',
    from: null,
    to: null,
    text,
    major: true,
  });
  return [
    ...causes.flatMap(({ key, since, title, where }) =>
      since === null ? [] : [item(`feed:${key}@${since}`, since, title, where.replace(/, since [^,]*$/, ''))],
    ),
    ...mended.map(({ title, where, at, lastedMs }) =>
      item(`mended:${where}@${at}`, at, `Mended: ${title}`, `${where}; lasted ${sayDuration(lastedMs)}`),
    ),
  ].filter(({ atMs }) => atMs >= midnight);
}

/** Newest first. */
export function joinNews(...lists: readonly (readonly NewsItem[])[]): NewsItem[] {
  return lists.flat().sort((a, b) => b.atMs - a.atMs || a.name.localeCompare(b.name));
}

/** Changes of single practices in one minute, told by their count. */
export interface NewsFold {
  readonly key: string;
  readonly words: string;
  readonly items: readonly NewsItem[];
}

export interface NewsMinute {
  readonly atMs: number;
  readonly lines: readonly NewsItem[];
  readonly fold: NewsFold | null;
}

const RANKS: Readonly<Record<string, number>> = { system: 0, place: 1, neighbourhood: 2, feed: 3, site: 4 };
/** Fewer single practices than these are named rather than counted. */
const FOLD_FROM = 2;

/** Minute by minute, newest first; within one the larger units first and single practices folded. */
export function byMinute(items: readonly NewsItem[]): NewsMinute[] {
  const minutes = Map.groupBy(items, ({ atMs }) => Math.floor(atMs / MINUTE) * MINUTE);
  return [...minutes].map(([atMs, all]) => {
    const small = all.filter((item) => item.sort === 'levels' && !item.major);
    const folded = small.length >= FOLD_FROM ? small : [];
    const lines = all
      .filter((item) => !folded.includes(item))
      .sort((a, b) => (RANKS[a.kind] ?? 4) - (RANKS[b.kind] ?? 4) || (b.to ?? 0) - (a.to ?? 0));
    return { atMs, lines, fold: folded.length === 0 ? null : foldOf(atMs, folded) };
  });
}

/** The newest few lines, a count being one of them: for a phone, before somebody asks for all. */
export function newestLines(minutes: readonly NewsMinute[], most: number): NewsMinute[] {
  let left = most;
  return minutes.flatMap(({ atMs, lines, fold }) => {
    const shown = lines.slice(0, left);
    const folded = left > shown.length ? fold : null;
    left -= shown.length + (folded ? 1 : 0);
    return shown.length > 0 || folded ? [{ atMs, lines: shown, fold: folded }] : [];
  });
}

function foldOf(atMs: number, items: readonly NewsItem[]): NewsFold {
  const rose = items.filter(({ from, to }) => to !== null && to > (from ?? 0)).length;
  const unknown = items.filter(({ to }) => to === null).length;
  const fell = items.length - rose - unknown;
  const parts = [
    [rose, 'rose'],
    [fell, 'fell'],
    [unknown, 'unknown'],
  ] as const;
  const said = parts.filter(([count]) => count > 0);
  const words =
    said.length === 1
      ? `${items.length} practices ${said[0]?.[1] === 'unknown' ? 'became unknown' : (said[0]?.[1] ?? '')}`
      : `${items.length} practices: ${said.map(([count, word]) => `${count} ${word}`).join(', ')}`;
  return { key: `fold@${atMs}`, words, items };
}
