import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import { homeOf } from '../config.ts';
import { connectDatabase, type Database } from '../store/database.ts';
import { startEmbedded } from '../store/embedded.ts';
import { runningEmbedded } from '../store/embedded-running.ts';
import { FolderLocked } from '../store/errors.ts';
import { takeLock } from '../store/lock.ts';
import { migrate } from '../store/migrate.ts';

/** An import writes a whole file in one transaction. */
const STATEMENT_LIMIT_MS = 120_000;
/** A restore holds every partition of a year, old and new, with their indexes, in one transaction. */
const ROOMY = { max_locks_per_transaction: '512' };

/**
 * The database of a system, migrated (`migrated`: what was applied now), for the time of `work`: `DATABASE_URL` where it
 * is set, else the embedded one of `HEADROOM_HOME`, beside a running server or started for the occasion.
 */
export function withSystemDatabase<T>(
  definition: Pick<Definition, 'id' | 'name'>,
  env: NodeJS.ProcessEnv,
  work: (database: Database, migrated: readonly string[]) => Promise<T>,
): Promise<T> {
  return withSystemAddress(definition, env, 'beside', (url) => connected(url, work));
}

/** Folder of everything that a system keeps. */
export const systemHome = (definition: Pick<Definition, 'id'>, env: NodeJS.ProcessEnv) =>
  join(homeOf(env), definition.id);

/**
 * The address of a system's database, as it is, for the time of `work`. `alone`: with the system's folder locked for us;
 * rejects with `FolderLocked` while a server uses it.
 */
export async function withSystemAddress<T>(
  definition: Pick<Definition, 'id' | 'name'>,
  env: NodeJS.ProcessEnv,
  how: 'beside' | 'alone',
  work: (url: string) => Promise<T>,
): Promise<T> {
  const given = env['DATABASE_URL'];
  if (given && how === 'beside') return work(given);
  const folder = systemHome(definition, env);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const databaseFolder = join(folder, 'database');
  try {
    const lock = takeLock(join(folder, 'lock'), `Headroom's folder for ${definition.name}`);
    try {
      if (given) return await work(given);
      const own = await startEmbedded({ folder: databaseFolder, logger: pino({ level: 'silent' }), settings: ROOMY });
      try {
        return await work(own.url);
      } finally {
        await own.stop();
      }
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!(error instanceof FolderLocked) || how === 'alone') throw error;
    const url = runningEmbedded(databaseFolder);
    if (url === null) throw error;
    return work(url);
  }
}

async function connected<T>(
  url: string,
  work: (database: Database, migrated: readonly string[]) => Promise<T>,
): Promise<T> {
  const logger = pino({ level: 'silent' });
  const database = connectDatabase({
    connectionString: url,
    connections: 2,
    statementLimitMs: STATEMENT_LIMIT_MS,
    logger,
  });
  try {
    return await work(database, await migrate(database));
  } finally {
    await database.end();
  }
}
