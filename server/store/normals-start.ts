import type { Logger } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import type { Normals } from '../domain/normal/normals.ts';
import type { Clock } from '../domain/ports.ts';
import { connectDatabase } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import type { NormalFiles } from './normals-file.ts';
import { createNormalsKeeper, type NormalsKeeper } from './normals-keeper.ts';
import { createLearnedStore } from './normals.ts';
import { readSpans, type Span } from './recording.ts';
import { createSampleReader } from './samples.ts';

/** Its own, so that a night's learning holds up neither readers nor the follower. */
const POOL = { connections: 2, statementLimitMs: 30_000 };
/** With more waiting in the journal than this, what a day came to is not all in the database. */
const NEARLY_TAKEN_IN = 200;

/** The keeper of own normals over the database; without one nothing is learned. */
export function keepNormals(options: {
  /** Null: there is no database. */
  readonly connectionString: string | null;
  readonly definition: Definition;
  /** Code of the run: a demonstration learns from itself alone. */
  readonly run: string;
  readonly normals: Normals;
  readonly files: NormalFiles;
  readonly clock: Clock;
  readonly store: { unavailable(): string | null; position(): { readonly behind: number } };
  readonly logger: Logger;
}): Omit<NormalsKeeper, 'pass'> {
  const { connectionString, definition, run, store, logger } = options;
  if (connectionString === null) return WITHOUT_DATABASE;
  const database = connectDatabase({ connectionString, logger, ...POOL });
  const keeper = createNormalsKeeper({
    ...{ definition, logger, normals: options.normals, files: options.files, clock: options.clock },
    store: createLearnedStore(database, definition.id, run),
    reader: createSampleReader(database, definition.id, run),
    spans: (from, to) => database.query<Span>(readSpans(definition.id, run, from, to)),
    ready: () => store.unavailable() === null && store.position().behind <= NEARLY_TAKEN_IN,
  });
  return {
    start: () => keeper.start(),
    async stop() {
      await keeper.stop();
      await database.end();
    },
    conditions: () => keeper.conditions(),
    cells(day, metric) {
      const why = store.unavailable();
      return why === null ? keeper.cells(day, metric) : Promise.reject(new StoreUnavailable(why));
    },
  };
}

const WITHOUT_DATABASE: Omit<NormalsKeeper, 'pass'> = {
  start: () => undefined,
  stop: () => Promise.resolve(),
  conditions: () => [],
  cells: () => Promise.resolve(new Map()),
};
