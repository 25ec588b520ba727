import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { findBinaries, type Binaries } from './embedded-binaries.ts';
import { databaseEnvironment, identity, openCluster, SUPERUSER, type Cluster } from './embedded-cluster.ts';
import { EmbeddedDatabaseError, explain } from './embedded-error.ts';
import { endOrphan } from './embedded-orphan.ts';
import { freePort } from './embedded-port.ts';
import { isConnectionLoss } from './errors.ts';
import { startOf } from './lock.ts';
import { databaseUser, type DatabaseUser } from './embedded-user.ts';

export const DATABASE = 'headroom';
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
/** A killed database's helpers hold its shared memory for a moment longer. */
const ATTEMPTS = 20;
const KEPT_LINES = 30;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '24',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  // What is acknowledged is on the disk: an embedded database keeps real history too.
  fsync: 'on',
  synchronous_commit: 'on',
  // One machine, small queries: helpers and just-in-time compilation cost more than they bring.
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  timezone: 'UTC',
} as const;

/**
 * Runs the database and ends it with us: when the pipe from our process closes, whatever killed us, the database gets
 * its signal for a fast, clean end.
 */
const LEASH = `
exec 3<&0
"$@" </dev/null 3<&- &
db=$!
( read -r _ <&3; kill -INT "$db" ) 2>/dev/null &
watch=$!
wait "$db"; code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

export interface EmbeddedDatabase {
  readonly url: string;
  readonly port: number;
  /** Process of the database itself. */
  readonly pid: number;
  /** Resolves when it has ended, whatever the cause, with its last words. */
  readonly ended: Promise<string>;
  /** Ends it cleanly; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it at once; it recovers what it had acknowledged at its next start. */
  kill(): void;
}

/**
 * Starts the embedded PostgreSQL whose files lie in `folder` (made on first use) on loopback, and makes sure that its
 * database is there. Rejects with `EmbeddedDatabaseError`. `port`: to come back where clients already look for it.
 */
export async function startEmbedded(options: {
  readonly folder: string;
  readonly logger: Logger;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<EmbeddedDatabase> {
  const { folder, logger } = options;
  const user = databaseUser();
  const binaries = findBinaries(user, folder);
  const cluster = await openCluster(folder, binaries, user);
  const orphan = await endOrphan(cluster.data);
  if (orphan !== null)
    logger.warn({ type: 'database.orphan', pid: orphan }, 'A database left over by a dead process was ended.');
  const port = options.port ?? (await freePort());
  const settings = { ...SETTINGS, ...options.settings, port: String(port) };
  for (let attempt = 1; ; attempt += 1) {
    const child = launch(binaries, cluster, user, settings, logger);
    const failed = await becameReady(child, cluster);
    if (failed === null) return ready(child, cluster, port);
    const passing = /shared memory block|is already running|lock file/i.test(failed);
    if (!passing || attempt === ATTEMPTS) {
      throw new EmbeddedDatabaseError(`The database in ${cluster.data} did not start. ${explain(failed)}`);
    }
    await wait(250);
  }
}

interface Launched {
  readonly process: ChildProcess;
  readonly words: readonly string[];
  readonly ended: Promise<string>;
  gone: boolean;
}

function launch(
  binaries: Binaries,
  cluster: Cluster,
  user: DatabaseUser | null,
  settings: Readonly<Record<string, string>>,
  logger: Logger,
): Launched {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn('/bin/sh', ['-c', LEASH, 'headroom-database', binaries.postgres, '-D', cluster.data, ...flags], {
    ...identity(user),
    cwd: cluster.place,
    env: databaseEnvironment(cluster.place),
    stdio: ['pipe', 'ignore', 'pipe'],
    // Its own group: Ctrl-C in the terminal is for us alone, the database ends after those who write to it.
    detached: true,
  });
  const words: string[] = [];
  child.stdin?.on('error', () => undefined);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words.push(...text.split('\n').filter((line) => line !== ''));
    words.splice(0, words.length - KEPT_LINES);
    logger.debug({ type: 'database.says' }, text.trimEnd());
  });
  const launched: Launched = {
    process: child,
    words,
    gone: false,
    ended: new Promise((resolve) => {
      child.once('error', (error) => {
        launched.gone = true;
        resolve(error.message);
      });
      child.once('close', (code, signal) => {
        launched.gone = true;
        resolve(saidOfEnd(code, signal, words));
      });
    }),
  };
  return launched;
}

/** A killed database has nothing to tell; one that ended by itself said why. */
function saidOfEnd(code: number | null, signal: NodeJS.Signals | null, words: readonly string[]): string {
  if (signal !== null) return signal;
  if (code !== null && code > 128) return `signal ${code - 128}`;
  return code === 0 ? 'by itself' : `code ${code}: ${explain(words.join('\n'))}`;
}

/** Null once it answers and has our database; else everything it said. */
async function becameReady(child: Launched, cluster: Cluster): Promise<string | null> {
  const until = performance.now() + READY_LIMIT_MS;
  while (!child.gone && performance.now() < until) {
    if (isReady(cluster.data) && (await ensureDatabase(cluster))) return null;
    await wait(10);
  }
  if (!child.gone) child.process.stdin?.end();
  await Promise.race([child.ended, wait(STOP_LIMIT_MS)]);
  return child.words.join('\n');
}

/** PostgreSQL writes its state into the eighth line of its lock file, its port into the fourth. */
function lockFile(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** A killed database leaves its lock file behind, still saying `ready`. */
function isReady(data: string): boolean {
  const lines = lockFile(data);
  return lines[7]?.trim() === 'ready' && startOf(Number(lines[0])) !== null;
}

/** False when it does not answer yet. */
async function ensureDatabase(cluster: Cluster): Promise<boolean> {
  const port = Number(lockFile(cluster.data)[3]);
  const client = new pg.Client({ connectionString: urlOf(cluster, port, 'postgres'), connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const known = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (known.rowCount === 0) await client.query(`create database ${DATABASE}`);
    return true;
  } catch (error) {
    if (isConnectionLoss(error)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

export function urlOf(cluster: Pick<Cluster, 'password'>, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

function ready(child: Launched, cluster: Cluster, port: number): EmbeddedDatabase {
  const pid = Number(lockFile(cluster.data)[0]);
  return {
    url: urlOf(cluster, port, DATABASE),
    port,
    pid,
    ended: child.ended,
    kill() {
      if (!child.gone) process.kill(pid, 'SIGQUIT');
    },
    async stop() {
      if (child.gone) return;
      child.process.stdin?.end();
      const done = await Promise.race([child.ended.then(() => true), wait(STOP_LIMIT_MS, false, { ref: false })]);
      if (done) return;
      process.kill(pid, 'SIGKILL');
      await child.ended;
    },
  };
}
