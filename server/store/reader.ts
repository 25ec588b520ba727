import { metricSpec } from '#shared/model/metrics.ts';
import { dayStart } from '#shared/model/time.ts';
import type { HistoryReader, LevelChange } from '../domain/ports.ts';
import { bucketStarts } from './buckets.ts';
import type { Database } from './database.ts';
import { LEVEL, quarterOf, readHistory, readStanding, type HistoryRow } from './history.ts';
import { readLevelChanges, type LevelRow } from './levels.ts';
import { readPublished } from './published.ts';
import { readSpans, type Span } from './recording.ts';
import { foldSeries, type Sample } from './series.ts';

/** Reads the history of one run. Rejects with `StoreUnavailable` while the database is away. */
export function createReader(database: Database, system: string, run: string): HistoryReader {
  return {
    async series({ unit, metric, from, to, step }) {
      const starts = bucketStarts(from, to, step);
      const first = starts[0];
      if (first === undefined) return [];
      const shape = metricSpec(metric).shape;
      // A counter's first bucket is told from what stood at midnight, at the latest.
      const since = quarterOf(shape === 'since-midnight' ? dayStart(first) : first);
      const [rows, standing, spans] = await Promise.all([
        database.query<HistoryRow>(readHistory(system, run, unit, metric, since, to)),
        database.query<HistoryRow>(readStanding(system, run, unit, metric, since)),
        database.query<Span>(readSpans(system, run, since - STANDING_MS, to)),
      ]);
      const samples = [...samplesOf(standing).slice(-1), ...samplesOf(rows)];
      return foldSeries({ shape, samples, spans, starts, end: to });
    },
    published: (organisation, months) => readPublished(database, organisation, months),
    levelChanges: async (from, to, limit): Promise<LevelChange[]> =>
      database.query<LevelRow>(readLevelChanges(system, run, from, to, limit)),
  };
}

const STANDING_MS = 35 * 86_400_000;

/** Unpacked, in order of observation; late arrivals find their place, and of two at one time the later arrival counts. */
function samplesOf(rows: readonly HistoryRow[]): Sample[] {
  const samples: Sample[] = [];
  for (const { quarter, offsets, vals, absences } of rows) {
    offsets.forEach((offset, i) => {
      const sample = { at: quarter + offset, value: vals[i] ?? null };
      samples.push(absences?.[i] === LEVEL ? { ...sample, level: true } : sample);
    });
  }
  return samples.sort((a, b) => a.at - b.at);
}
