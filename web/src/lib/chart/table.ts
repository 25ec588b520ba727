import type { ChartBars, ChartLine, ChartState, ChartUsual, Point } from './types.ts';

/** What stands in the plot's place where nobody gave better words. */
export const STATE_WORDS: Readonly<Record<ChartState, string>> = {
  ready: '',
  stale: '',
  loading: 'Loading',
  empty: 'Nothing recorded yet',
  failed: 'The chart could not be loaded',
};

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly at: number; readonly cells: readonly (number | null)[] }[];
}

/** The same numbers as a table: one row a time at which anything measured is known, newest first. */
export function tableOf(
  lines: readonly ChartLine[],
  bars: readonly ChartBars[],
  usual: ChartUsual | undefined,
): ChartTable {
  const measured: readonly { label: string; points: readonly Point[] }[] = [...bars, ...lines];
  const all = usual ? [...measured, { label: usual.label, points: usual.points }] : measured;
  const byTime = all.map(({ points }) => new Map(points));
  const times = new Set<number>();
  for (const { points } of measured) for (const [at, value] of points) if (value !== null) times.add(at);
  return {
    columns: all.map(({ label }) => label),
    rows: [...times].sort((a, b) => b - a).map((at) => ({ at, cells: byTime.map((points) => points.get(at) ?? null) })),
  };
}

/** One sentence for who does not see the picture: the last value, the highest and when, and what is usual now. */
export function summaryOf(
  title: string,
  points: readonly Point[],
  say: (value: number) => string,
  sayAt: (at: number) => string,
  usualNow: number | null,
): string {
  const known = points.filter((p): p is readonly [number, number] => p[1] !== null);
  const last = known.at(-1);
  if (!last) return `${title}: nothing recorded yet.`;
  const top = known.reduce((a, b) => (b[1] > a[1] ? b : a));
  const usual = usualNow === null ? '' : `, usual ${say(usualNow)}`;
  return `${title}: ${say(last[1])} at ${sayAt(last[0])}${usual}; highest ${say(top[1])} at ${sayAt(top[0])}.`;
}
