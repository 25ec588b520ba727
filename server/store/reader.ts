import { metricSpec } from '#shared/model/metrics.ts';
import { dayStart } from '#shared/model/time.ts';
import type { ChartQuery, HistoryReader, LevelChange, SeriesChart, SeriesQuery } from '../domain/ports.ts';
import { bucketStarts } from './buckets.ts';
import type { Database, Queryable } from './database.ts';
import { foldBounds, foldCells } from './fold-cells.ts';
import { quarterOf, readKey, type SeriesKey } from './history.ts';
import { readLevelChanges, type LevelRow } from './levels.ts';
import { readPublished } from './published.ts';
import { readSpans, type Span } from './recording.ts';
import { cellsFor, STANDING_MS, standingAt } from './series-cells.ts';
import { widthFor } from './widths.ts';

/** Reads the history of one run. Rejects with `StoreUnavailable` while the database is away. */
export function createReader(database: Database, system: string, run: string): HistoryReader {
  const keys = new Map<string, SeriesKey>();

  async function keyOf(inside: Queryable, { unit, metric }: SeriesQuery): Promise<SeriesKey | null> {
    const name = `${unit}\n${metric}`;
    const held = keys.get(name);
    if (held !== undefined) return held;
    const [key] = await inside.query<SeriesKey>(readKey(system, run, unit, metric));
    if (key === undefined) return null;
    keys.set(name, key);
    return key;
  }

  const chart = ({ band = false, ...query }: ChartQuery): Promise<SeriesChart> =>
    database.snapshot(async (inside) => {
      const { from, to, step, metric } = query;
      const starts = bucketStarts(from, to, step);
      const first = starts[0];
      if (first === undefined) return { points: [], source: 'readings', bounds: [] };
      const shape = metricSpec(metric).shape;
      const counter = shape === 'since-midnight';
      // A counter's first bucket is told from what stood at midnight, at the latest.
      const since = quarterOf(counter ? dayStart(first) : first);
      const spans = await inside.query<Span>(readSpans(system, run, since - STANDING_MS, to));
      const width = widthFor(step);
      const key = await keyOf(inside, query);
      const question = { since, starts, end: to, width, counter, spans };
      const standing = key === null ? null : await standingAt(inside, key, since);
      const cells = key === null ? [] : await cellsFor(inside, { ...question, key });
      const input = { shape, cells, standing, spans, starts, end: to };
      return {
        points: foldCells(input),
        source: width?.name ?? 'readings',
        bounds: band && !counter ? foldBounds(input) : [],
      };
    });

  return {
    chart,
    series: async (query) => (await chart(query)).points,
    published: (organisation, months) => readPublished(database, organisation, months),
    levelChanges: async (from, to, limit): Promise<LevelChange[]> =>
      database.query<LevelRow>(readLevelChanges(system, run, from, to, limit)),
  };
}
