import type { PublishedMonthRow } from '../../store/published.ts';
import type { Tally } from '../import/tally.ts';
import type { Dataset, Figure } from './dataset.ts';

interface Months {
  readonly org: string;
  readonly item: string;
  readonly month: string;
  readonly cells: Map<number, number>;
}

export interface Figures {
  /** Takes the figures of one row: all of them, or none where one is there already and the dataset does not add up. */
  add(figures: readonly Figure[], where: string, tally: Tally): void;
  /** Forgets all figures of an item. */
  drop(item: string): void;
  rows(): PublishedMonthRow[];
}

const BANDS = 32;

/** Gathers a file's figures by organisation, item and month. */
export function createFigures(dataset: Dataset): Figures {
  const months = new Map<string, Months>();
  const monthOf = ({ org, item, month }: Figure): Months => {
    const key = `${org} ${item} ${month}`;
    let known = months.get(key);
    if (!known) months.set(key, (known = { org, item, month, cells: new Map() }));
    return known;
  };
  const placeOf = ({ day, band }: Figure): number => day * BANDS + band;

  return {
    add(figures, where, tally) {
      if (figures.length === 0) return;
      const twice = !dataset.adds && figures.some((figure) => monthOf(figure).cells.has(placeOf(figure)));
      if (twice) return tally.rejected('a second row of the same figure', where);
      tally.taken();
      for (const figure of figures) {
        const { cells } = monthOf(figure);
        cells.set(placeOf(figure), (cells.get(placeOf(figure)) ?? 0) + figure.value);
      }
    },
    drop(item) {
      for (const [key, known] of months) if (known.item === item) months.delete(key);
    },
    rows: () =>
      [...months.values()].flatMap(({ org, item, month, cells }) => {
        if (cells.size === 0) return [];
        const sorted = [...cells].sort(([a], [b]) => a - b);
        return {
          dataset: dataset.kind,
          org,
          item,
          month: `${month}-01`,
          days: sorted.map(([place]) => Math.floor(place / BANDS)),
          bands: sorted.map(([place]) => place % BANDS),
          values: sorted.map(([, value]) => value),
        };
      }),
  };
}
