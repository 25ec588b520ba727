import { FEED_FAMILIES, type FeedFamily } from '#shared/model/feed-metrics.ts';
import type { FeedBlock, FeedsSummary, Mark } from '#shared/protocol/feeds.ts';
import type { FeedLayout } from './layout.ts';
import type { MarkedPair } from './marks.ts';
import { FAMILY_LABELS } from './words.ts';

/** Trouble first, then what is quiet, then what is well; not onboarded last. */
const ORDER = 'utrlpqcon';
const BLOCK_LABEL_NONE = 'no feed';

interface Lettered {
  readonly pair: MarkedPair;
  readonly letter: string;
}

/** All marks by family and supplier; `letterOf` gives the letter of the cause that explains a mark, or ''. */
export function makeField(
  layout: FeedLayout,
  marks: readonly MarkedPair[],
  letterOf: (pair: MarkedPair) => string,
): FeedsSummary['field'] {
  const byFamily = new Map<FeedFamily, Map<string, Lettered[]>>();
  for (const pair of marks) {
    const suppliers = byFamily.get(pair.family) ?? new Map<string, Lettered[]>();
    byFamily.set(pair.family, suppliers);
    const list = suppliers.get(pair.supplier) ?? [];
    suppliers.set(pair.supplier, list);
    list.push({ pair, letter: letterOf(pair) });
  }
  return FEED_FAMILIES.flatMap((family) => {
    const bySupplier = byFamily.get(family);
    if (!bySupplier) return [];
    const blocks = [...bySupplier]
      .sort(
        ([a, ones], [b, others]) =>
          Number(a === '') - Number(b === '') || others.length - ones.length || (a < b ? -1 : 1),
      )
      .map(([supplier, list]) => blockOf(layout, supplier, list));
    return [{ family, label: FAMILY_LABELS[family], blocks }];
  });
}

function blockOf(layout: FeedLayout, supplier: string, list: Lettered[]): FeedBlock {
  const sorted = list.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.letter.length - b.letter.length ||
      (a.letter < b.letter ? -1 : Number(a.letter !== b.letter)) ||
      order(a.pair.mark) - order(b.pair.mark),
  );
  return {
    supplier,
    supplierName: supplier === '' ? BLOCK_LABEL_NONE : layout.supplierName(supplier),
    sites: sorted.map(({ pair }) => pair.site.id),
    feeds: sorted.map(({ pair }) => pair.feed),
    states: sorted.map(({ pair }) => pair.mark).join(''),
    fresh: sorted.map(({ pair }) => pair.fresh).join(''),
    causes: runsOf(sorted),
  };
}

const order = (mark: Mark): number => ORDER.indexOf(mark);
/** What has a cause stands together, before all else. */
const rank = ({ pair, letter }: Lettered): number => (letter === '' ? 10 + order(pair.mark) : 0);

function runsOf(sorted: readonly Lettered[]): FeedBlock['causes'] {
  const runs: FeedBlock['causes'] = [];
  for (const [index, { letter }] of sorted.entries()) {
    const last = runs.at(-1);
    if (letter === '') break;
    if (last?.letter === letter) last.count++;
    else runs.push({ letter, from: index, count: 1 });
  }
  return runs;
}
