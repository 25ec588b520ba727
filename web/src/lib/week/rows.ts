import type { ScoreLine } from '$shared/protocol/scorecard';

/** By what the table can be sorted, each with what its head says. */
export const COLUMNS = {
  offered: 'Offered',
  accepted: 'Accepted',
  booked: 'Booked',
  attended: 'Attended',
  lost: 'Came to nothing',
  minutes: 'Minutes per 1,000',
  km: 'Distance',
  decide: 'To decide',
  met: 'Urgent need met',
  relief: 'Pressure',
} as const;
export type Column = keyof typeof COLUMNS;
export const isColumn = (text: string): text is Column => Object.hasOwn(COLUMNS, text);

export interface Order {
  readonly column: Column;
  /** Greatest first. */
  readonly down: boolean;
}

/** A line of the scorecard, or beneath a place those in which nothing was offered, by name. */
export type WeekRow =
  | { readonly kind: 'line'; readonly id: string; readonly line: ScoreLine }
  | { readonly kind: 'quiet'; readonly id: string; readonly depth: number; readonly lines: readonly ScoreLine[] };

const refusedIn = ({ refused }: ScoreLine): number => Object.values(refused).reduce((sum, count) => sum + count, 0);

/** What a column is sorted by; null is not known, and stands last either way. */
export function valueOf(line: ScoreLine, column: Column): number | null {
  switch (column) {
    case 'lost':
      return line.lapsed + refusedIn(line) + (line.returned ?? 0);
    case 'minutes':
      return line.minutesPer1000;
    case 'decide':
      return line.minutesToDecide;
    case 'met':
      return line.fairness.met;
    case 'relief':
      return line.pressure && line.pressure.without - line.pressure.with;
    default:
      return line[column];
  }
}

/** Nothing was offered to it and nothing of its hubs was used. */
const isQuiet = (line: ScoreLine): boolean =>
  line.kind === 'neighbourhood' &&
  line.offered === 0 &&
  line.accepted === 0 &&
  line.fairness.need === 0 &&
  !line.hubs?.minutes;

/** The sum first, then each place with its neighbourhoods beneath it; sorted within each, the quiet ones in one row. */
export function rowsOf(lines: readonly ScoreLine[], order: Order | null): WeekRow[] {
  const [top] = lines;
  if (!top) return [];
  const children = Map.groupBy(lines.slice(1), ({ parent }) => parent);
  const beneath = (line: ScoreLine): WeekRow[] => {
    const all = children.get(line.unit) ?? [];
    const quiet = all.filter((each) => isQuiet(each));
    const rows = sorted(
      all.filter((each) => !isQuiet(each)),
      order,
    ).flatMap((each): WeekRow[] => [{ kind: 'line', id: each.unit, line: each }, ...beneath(each)]);
    if (quiet.length === 0) return rows;
    return [...rows, { kind: 'quiet', id: `quiet ${line.unit}`, depth: line.depth + 1, lines: quiet }];
  };
  return [{ kind: 'line', id: top.unit, line: top }, ...beneath(top)];
}

function sorted(lines: readonly ScoreLine[], order: Order | null): readonly ScoreLine[] {
  if (order === null) return lines;
  const sign = order.down ? -1 : 1;
  return lines.toSorted((a, b) => {
    const [one, other] = [valueOf(a, order.column), valueOf(b, order.column)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (one - other);
  });
}

/** Slots that the bars of a kind of unit are drawn against, so that those beside each other can be compared. */
export function scalesOf(lines: readonly ScoreLine[]): Record<ScoreLine['kind'], number> {
  const most = (kind: ScoreLine['kind']) =>
    Math.max(
      1,
      ...lines.filter((line) => line.kind === kind).map(({ offered, accepted }) => Math.max(offered, accepted)),
    );
  return { system: most('system'), place: most('place'), neighbourhood: most('neighbourhood') };
}
