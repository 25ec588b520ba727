import { onTestFinished } from 'vitest';
import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, MINUTE, ZONE, type EpochMs } from '#shared/model/time.ts';
import { handClock } from '../../server/board/fixture.ts';
import { createNormals, type Normals } from '../../server/domain/normal/normals.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import type { Applied } from '../../server/domain/ports.ts';
import { connectDatabase } from '../../server/store/database.ts';
import { createNormalFiles } from '../../server/store/normals-file.ts';
import { createNormalsKeeper, type NormalsKeeper } from '../../server/store/normals-keeper.ts';
import { createLearnedStore } from '../../server/store/normals.ts';
import { readSpans, type Span } from '../../server/store/recording.ts';
import { createSampleReader } from '../../server/store/samples.ts';
import { commit, reading } from './commits.ts';
import { NO_NATIONAL, smallDefinition } from './definition.ts';
import { demonstrationRun, openTestJournal, silent, startStore, takenIn, temporaryFolder } from './store-fixture.ts';

const STEP = 5 * MINUTE;

export const midnight = (date: string): EpochMs =>
  Temporal.PlainDate.from(date).toZonedDateTime(ZONE).epochMilliseconds;

/** One day of one site: `rate` calls in every five minutes, and as many waiting. `from`, `until`: recorded hours. */
export interface WrittenDay {
  readonly date: string;
  readonly rate: number;
  readonly sites?: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

function readingsAt(day: WrittenDay, at: EpochMs): Applied[] {
  const start = dayStart(at);
  const steps = Math.round((at - start) / STEP);
  const values: [MetricName, number][] = [
    ['calls.inbound', steps * day.rate],
    ['calls.waiting', day.rate],
  ];
  const sites = day.sites ?? ['P1', 'P2', 'P3', 'P4'];
  return sites.flatMap((site) => values.map(([metric, value]) => reading(site, at, value, { metric })));
}

/** Puts days into the history as the server does: commits through the journal into the database. */
export async function writeDays(url: string, run: string, days: readonly WrittenDay[], receivedAt?: EpochMs) {
  const journal = await openTestJournal();
  let seq = 0;
  for (const day of days) {
    const start = midnight(day.date);
    const hour = 12 * STEP;
    const end = Math.min(dayEnd(start), start + (day.until ?? 48) * hour);
    for (let at = start + (day.from ?? 0) * hour; at < end; at += STEP) {
      const applied = readingsAt(day, at);
      const late = receivedAt === undefined ? applied : applied.map((a) => ({ ...a, receivedAt }));
      journal.append(commit((seq += 1), { at: receivedAt ?? at, applied: late }));
    }
  }
  const store = startStore({ url, journal, run: demonstrationRun({ run }) });
  await takenIn(store, journal);
  await store.stop();
}

export interface Learner {
  readonly keeper: NormalsKeeper;
  readonly normals: Normals;
  readonly clock: ReturnType<typeof handClock>;
}

/** A keeper over the history of one run, driven by hand. `practices` in each of the two neighbourhoods. */
export function createLearner(
  url: string,
  run: string,
  now: EpochMs,
  { folder = temporaryFolder(), practices = 2 } = {},
): Learner {
  const definition = smallDefinition({ practices });
  const database = connectDatabase({ connectionString: url, connections: 2, statementLimitMs: 10_000, logger: silent });
  onTestFinished(() => database.end());
  const clock = handClock('2026-11-23T08:00:00Z');
  clock.set(now);
  const normals = createNormals(createPublishedNormal(definition, NO_NATIONAL));
  const files = createNormalFiles({ folder, system: definition.id, run, logger: silent });
  for (const profile of files.load(now)) normals.install(profile);
  const keeper = createNormalsKeeper({
    ...{ definition, normals, files, clock, logger: silent },
    store: createLearnedStore(database, definition.id, run),
    reader: createSampleReader(database, definition.id, run),
    spans: (from, to) => database.query<Span>(readSpans(definition.id, run, from, to)),
    ready: () => true,
  });
  return { keeper, normals, clock };
}
