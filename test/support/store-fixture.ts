import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import { affineNow, type Run } from '#shared/model/run.ts';
import { openJournal, type DiskJournal } from '../../server/store/journal.ts';
import { createStore, type Store } from '../../server/store/store.ts';
import { EIGHT } from './commits.ts';
import { smallDefinition } from './definition.ts';
import { until } from './until.ts';

export const silent = pino({ level: 'silent' });

/** A folder that goes with the test. As root the database runs as another user, who must be able to enter it. */
export function temporaryFolder(name = 'headroom-test-'): string {
  const path = mkdtempSync(join(tmpdir(), name));
  chmodSync(path, 0o711);
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function demonstrationRun(given: Partial<Run> = {}): Run {
  return {
    run: 'monday',
    system: 'small',
    simulated: true,
    seed: 1,
    scenario: null,
    clock: { start: EIGHT, realEpoch: Date.now(), speed: 1 },
    began: EIGHT,
    ...given,
  };
}

export async function openTestJournal(folder = temporaryFolder()): Promise<DiskJournal> {
  const journal = await openJournal({ folder, byteBudget: 64e6, logger: silent });
  onTestFinished(() => journal.close());
  return journal;
}

interface StoreGiven {
  readonly url: string;
  readonly journal: DiskJournal;
  readonly definition?: Definition;
  readonly run?: Run | null;
  readonly retentionMs?: number;
  readonly upkeepEveryMs?: number;
  readonly clock?: { now(): number };
  readonly rulesId?: (rules: Rules) => string;
}

/** A started store that stops with the test. */
export function startStore({
  url,
  journal,
  definition = smallDefinition(),
  run = demonstrationRun(),
  clock = run === null ? Date : { now: () => affineNow(run.clock, Date.now()) },
  ...given
}: StoreGiven): Store {
  const store = createStore({
    connectionString: url,
    journal,
    definition,
    run,
    clock,
    logger: silent,
    followEveryMs: 40,
    ...given,
  });
  onTestFinished(() => store.stop());
  store.start();
  return store;
}

/** Waits until the database has everything that the journal has. */
export async function takenIn(store: Store, journal: DiskJournal): Promise<void> {
  await until(
    'the database to have everything',
    () => store.position().seq === journal.lastSeq && store.conditions().every((c) => c.status === 'ok'),
    30_000,
  );
}

/** Asks the database itself, past the store. */
export async function ask<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export interface StoredReading {
  readonly unit: string;
  readonly metric: string;
  readonly at: number;
  readonly received: number;
  readonly value: number | null;
  readonly absence: string | null;
}

/** The whole history, unpacked again in the database, in order of observation. */
export function storedReadings(url: string, run = 'monday'): Promise<StoredReading[]> {
  return ask<StoredReading>(
    url,
    `select unit.code as unit, metric.name as metric,
            (extract(epoch from quarter) * 1000 + o)::float8 as at, (extract(epoch from quarter) * 1000 + r)::float8 as received,
            v as value, absence.name as absence
     from history join run using (run_id) join unit using (unit_id) join metric using (metric_id),
          unnest(offsets, received, vals, absences) as packed(o, r, v, a)
          left join absence on absence.absence_id = a
     where run.code = $1 order by unit, metric, at, received`,
    [run],
  );
}
