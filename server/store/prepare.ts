import type { Logger } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { Run } from '#shared/model/run.ts';
import { MINUTE } from '#shared/model/time.ts';
import { SYSTEM_ACTOR } from '../domain/ports.ts';
import type { BoardCopies } from '../domain/replay/copies.ts';
import { addAudit } from './audit.ts';
import type { Database } from './database.ts';
import { registerDefinition } from './definition.ts';
import { createDictionary, metricNumbers, rulesNumbers, unitNumbers } from './dictionary.ts';
import { createFollower, type Follower } from './follower.ts';
import type { DiskJournal } from './journal.ts';
import { describeRules } from './levels.ts';
import { migrate } from './migrate.ts';
import { createRecordedReader } from './recorded-reader.ts';
import { createRecorder, type RecorderDeps } from './recorder.ts';
import { codeOfRun, productNow, registerRun } from './run.ts';

/** Without a feed to go by: this long without any change, and nobody was recording. */
const DEFAULT_GAP_MS = 5 * MINUTE;
export const RETENTION_MS = 400 * 86_400_000;

export interface PrepareOptions {
  readonly journal: DiskJournal;
  readonly definition: Definition;
  /** Null in real operation. */
  readonly run: Run | null;
  readonly logger: Logger;
  /** How level changes name rules: with it the body of what the journal says to come into force is kept. */
  readonly rulesId?: (rules: Rules) => string;
  /** How long what came in and what was broadcast is kept, in product time. */
  readonly retentionMs?: number;
  /** Where the recording of what is broadcast begins, and how its rules are called; absent: it is not recorded. */
  readonly recording?: { readonly copies: BoardCopies; readonly nameOfRules: (rules: Rules) => string };
}

/** Migrates, writes run and definition, and makes the follower. */
export async function prepareFollower(
  database: Database,
  options: PrepareOptions,
  onHole: (missing: number) => void,
): Promise<Follower> {
  const { definition, run, journal, logger } = options;
  const applied = await migrate(database);
  if (applied.length > 0) logger.info({ type: 'store.migrated', applied }, 'The database was migrated.');
  const runId = await registerRun(database, definition.id, run);
  const numbers = {
    units: createDictionary(database, unitNumbers(definition.id)),
    metrics: createDictionary(database, metricNumbers),
    rules: createDictionary(database, rulesNumbers(definition.id)),
  };
  await numbers.units.ensure(definition.units.map((u) => u.id));
  const [clock] = await database.query<{ now: number }>(productNow(run));
  const at = clock?.now ?? 0;
  await database.transaction(async (inside) => {
    const isNew = await registerDefinition(inside, definition, at, runId, numbers.units);
    if (!isNew) return;
    const detail = { version: definition.version, units: definition.units.length };
    await inside.query(
      addAudit(runId, { at, actor: SYSTEM_ACTOR, action: 'definition.loaded', subject: definition.id, detail }),
    );
  });
  const gapMs = gapOf(definition);
  const { recording } = options;
  const recorded = createRecordedReader(database, definition.id, codeOfRun(run));
  const recorder = recording && {
    recorder: recorderFrom({ database, runId, journal, gapMs, recorded, logger, ...recording }),
  };
  return createFollower({
    database,
    journal,
    runId,
    numbers,
    gapMs,
    retentionMs: options.retentionMs ?? RETENTION_MS,
    ...recorder,
    describeRules: async (rules) => {
      const name = options.rulesId?.(rules);
      if (name === undefined) return;
      await numbers.rules.ensure([name]);
      await database.query(describeRules(definition.id, name, rules.reason, rules));
    },
    onHole: (missing) => {
      onHole(missing);
      logger.error({ type: 'store.hole', missing }, 'Changes are missing from history: the journal had lost them.');
    },
    onDropped: (names) => logger.info({ type: 'store.retention', names }, 'Old history was dropped.'),
  });
}

const recorderFrom =
  ({ journal, ...deps }: Omit<RecorderDeps, 'journal'> & { journal: DiskJournal }) =>
  (position: number) =>
    createRecorder({ ...deps, journal: journal.id }, position);

/** The most frequent feed brings a change, or its failure does: twice its patience without either, and nobody recorded. */
function gapOf(definition: Definition): number {
  const shortest = Math.min(...definition.feeds.map((f) => f.staleAfterMs));
  return Number.isFinite(shortest) ? Math.max(MINUTE, 2 * shortest) : DEFAULT_GAP_MS;
}
