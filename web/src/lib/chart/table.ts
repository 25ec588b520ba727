import type { ChartBand, ChartBars, ChartForecast, ChartLine, ChartState, ChartThreshold, Point } from './types.ts';

/** What stands in the plot's place where nobody gave better words. */
export const STATE_WORDS: Readonly<Record<ChartState, string>> = {
  ready: '',
  stale: '',
  loading: 'Loading',
  empty: 'Nothing recorded yet',
  failed: 'The chart could not be loaded; its numbers are in the table',
};

/** One series of a chart as a column of its table. */
export interface Column {
  readonly label: string;
  /** Unit of measure in words, for files. */
  readonly measure: string;
  readonly points: readonly Point[];
  readonly say: (value: number) => string;
  /** Only what was measured can be missing; what is usual alone makes no row. */
  readonly kind: 'measured' | 'forecast' | 'usual';
  /** An edge of a band: in files, not in the table on the screen. */
  readonly edge: boolean;
  /** Why a value is missing at a time, in words. */
  readonly missing: (at: number) => string;
}

export interface Drawn {
  readonly lines: readonly ChartLine[];
  readonly bars: readonly ChartBars[];
  readonly usual?: ChartBand | undefined;
  readonly forecast?: ChartForecast | undefined;
}
export interface Spoken {
  readonly measure: string;
  readonly say: (value: number) => string;
  readonly missing?: ((at: number) => string) | undefined;
}

/** A chart's series in the order they are read: measured, forecast, usual, each band with its edges. */
export function columnsOf(drawn: Drawn, { measure, say, missing = () => 'no data held' }: Spoken): Column[] {
  const column = (label: string, points: readonly Point[], kind: Column['kind'], edge = false): Column => ({
    label,
    measure,
    points,
    say,
    kind,
    edge,
    missing,
  });
  const band = (found: ChartBand | undefined, kind: Column['kind']): Column[] =>
    found
      ? [
          column(found.label, found.points, kind),
          ...(found.low ? [column(`${found.label}, low`, found.low, kind, true)] : []),
          ...(found.high ? [column(`${found.label}, high`, found.high, kind, true)] : []),
        ]
      : [];
  return [
    ...[...drawn.bars].reverse().map(({ label, points }) => column(label, points, 'measured')),
    ...drawn.lines.map(({ label, points }) => column(label, points, 'measured')),
    ...band(drawn.forecast, 'forecast'),
    ...band(drawn.usual, 'usual'),
  ];
}

export interface ChartTable {
  readonly columns: readonly Column[];
  /** A cell is null where a value is missing, undefined where none belongs. */
  readonly rows: readonly { readonly at: number; readonly cells: readonly (number | null | undefined)[] }[];
}

/**
 * The same numbers as a table, newest first: a row for each time that was measured, with its gaps, and for what is
 * forecast beyond. `step` keeps only times on its multiples, where columns of different steps stand side by side.
 */
export function tableOf(columns: readonly Column[], now: number | null, step = 1): ChartTable {
  const byTime = columns.map(({ points }) => new Map(points));
  const times = new Set<number>();
  for (const { points, kind } of columns) {
    if (kind === 'usual') continue;
    for (const [at] of points) if (at % step === 0 && (kind === 'measured' || now === null || at > now)) times.add(at);
  }
  return {
    columns,
    rows: [...times].sort((a, b) => b - a).map((at) => ({ at, cells: byTime.map((points) => points.get(at)) })),
  };
}

/** What a summary is made from: one series, in words, against what is usual, expected and agreed. */
export interface Summed {
  readonly title: string;
  readonly points: readonly Point[];
  readonly say: (value: number) => string;
  readonly sayAt: (at: number) => string;
  readonly usualNow: number | null;
  readonly forecast?: ChartForecast | undefined;
  readonly thresholds?: readonly ChartThreshold[];
}

const topOf = (points: readonly Point[]) =>
  points
    .filter((p): p is readonly [number, number] => p[1] !== null)
    .reduce<readonly [number, number] | null>((a, b) => (a === null || b[1] > a[1] ? b : a), null);

/** One sentence for who does not see the picture: the last value, the highest and when, gaps, what is usual and expected. */
export function summaryOf({ title, points, say, sayAt, usualNow, forecast, thresholds = [] }: Summed): string {
  const last = points.findLast((p): p is readonly [number, number] => p[1] !== null);
  const top = topOf(points);
  const expected = forecast ? topOf(forecast.points) : null;
  const ahead = expected ? `forecast to peak at ${say(expected[1])} about ${sayAt(expected[0])}` : '';
  if (!last || !top) return `${title}: ${ahead || 'nothing recorded yet'}.`;
  const gaps = points.filter(([, value], i) => value === null && i > 0 && points[i - 1]?.[1] !== null).length;
  const parts = [
    `${say(last[1])} at ${sayAt(last[0])}${usualNow === null ? '' : `, usual ${say(usualNow)}`}`,
    `highest ${say(top[1])} at ${sayAt(top[0])}`,
    gaps === 0 ? '' : gaps === 1 ? '1 gap in the record' : `${gaps} gaps in the record`,
    ahead,
    ...thresholds.map(({ label }) => label),
  ];
  return `${title}: ${parts.filter(Boolean).join('; ')}.`;
}
