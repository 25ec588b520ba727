import { dayEnd, type EpochMs } from '#shared/model/time.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { BacktestSources } from '../domain/backtest/backtest.ts';
import { createDayProfile, type ProfileRow } from '../domain/normal/day-profile.ts';
import { LEARNED } from '../domain/normal/learned-metrics.ts';
import { createNormals } from '../domain/normal/normals.ts';
import { createPublishedNormal } from '../domain/normal/published.ts';
import type { Normal } from '../domain/ports.ts';
import type { Database } from '../store/database.ts';
import { readChangesBetween, readChangesStanding } from '../store/level-history.ts';
import type { LevelRow } from '../store/levels.ts';
import { metricCellsOf } from '../store/normals-build.ts';
import { createLearnedStore } from '../store/normals.ts';
import { readSpans, type Span } from '../store/recording.ts';
import { createSampleReader } from '../store/samples.ts';
import type { Assignment } from './messages.ts';

/** A run's history as a back-test reads it, day by day. */
export function createSources(database: Database, assignment: Assignment): BacktestSources {
  const { definition, national, run } = assignment;
  const published = createPublishedNormal(definition, national);
  const store = createLearnedStore(database, definition.id, run);
  const reader = createSampleReader(database, definition.id, run);
  /** As the board had it on that day: learned from the days before, without what came after. */
  const normalOf = async (day: EpochMs, metrics: readonly MetricName[]): Promise<Normal> => {
    const rows: ProfileRow[] = [];
    for (const metric of metrics.filter((name) => LEARNED.includes(name))) {
      const cells = await metricCellsOf({ definition, store, published }, day, metric);
      for (const [site, { source, kind, alike, cells: found }] of cells) {
        rows.push({ site, metric, source, kind, alike, days: found.days, usual: found.usual });
      }
    }
    const normals = createNormals(published);
    if (rows.length > 0) normals.install(createDayProfile({ day, from: day, end: dayEnd(day) }, rows));
    return normals;
  };
  return {
    samples: (query) => reader.samples(query),
    recorded: (from, to) => database.query<Span>(readSpans(definition.id, run, from, to)),
    standing: (at) => database.query<LevelRow>(readChangesStanding(definition.id, run, at)),
    changes: (from, to) => database.query<LevelRow>(readChangesBetween(definition.id, run, from, to)),
    normalOf,
    normalNote:
      'Own normals are those that could be learned from the days before each day; where there were none, from published months.',
  };
}
