import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedDatabaseError, explain } from './embedded-error.ts';
import { canReach, type DatabaseUser } from './embedded-user.ts';

const run = promisify(execFile);
export const SUPERUSER = 'headroom';
const INIT_LIMIT_MS = 60_000;

export interface Cluster {
  /** Folder of the database's own files. */
  readonly data: string;
  /** Where its programs may stand. */
  readonly place: string;
  readonly password: string;
}

/** Plain surroundings: nothing of ours leaks in, and its messages stay in one language. */
export function databaseEnvironment(place: string): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: place, LC_ALL: 'C', TZ: 'UTC' };
}

/** Finds the cluster of `folder`, or makes it: whole, or not at all. */
export async function openCluster(folder: string, binaries: Binaries, user: DatabaseUser | null): Promise<Cluster> {
  mkdirSync(folder, { recursive: true, mode: user === null ? 0o700 : 0o711 });
  const place = placeFor(folder, user);
  const data = join(place, 'data');
  const passwordFile = join(folder, 'password');
  // Elsewhere than its folder, and that folder was thrown away since: what is there belongs to nothing any more.
  if (!place.startsWith(folder) && existsSync(data) && !existsSync(passwordFile)) {
    rmSync(`${data}.old`, { recursive: true, force: true });
    renameSync(data, `${data}.old`);
  }
  if (existsSync(join(data, 'PG_VERSION'))) {
    const major = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
    if (major !== binaries.major) {
      throw new EmbeddedDatabaseError(
        `The database in ${data} was made by PostgreSQL ${major}; this is PostgreSQL ${binaries.major}. Start with the version before, or move the folder away.`,
      );
    }
    if (!existsSync(passwordFile)) {
      throw new EmbeddedDatabaseError(
        `The password file ${passwordFile} is gone: the database beside it cannot be opened.`,
      );
    }
    return { data, place, password: readFileSync(passwordFile, 'utf8').trim() };
  }
  const password = randomBytes(24).toString('hex');
  await initialise(place, data, password, binaries, user);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  // Only now does it count: without its password the cluster would be useless.
  renameSync(join(place, 'data.new'), data);
  return { data, place, password };
}

async function initialise(
  place: string,
  data: string,
  password: string,
  binaries: Binaries,
  user: DatabaseUser | null,
) {
  const next = `${data}.new`;
  const handover = join(place, 'initial-password');
  rmSync(next, { recursive: true, force: true });
  writeFileSync(handover, password, { mode: 0o600 });
  if (user !== null) chownSync(handover, user.uid, user.gid);
  try {
    await run(
      binaries.initdb,
      [
        `--pgdata=${next}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${handover}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { ...identity(user), cwd: place, env: databaseEnvironment(place), timeout: INIT_LIMIT_MS },
    );
  } catch (cause) {
    rmSync(next, { recursive: true, force: true });
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new EmbeddedDatabaseError(`The database could not be made in ${place}. ${explain(output)}`, { cause });
  } finally {
    rmSync(handover, { force: true });
  }
}

/** For `spawn` and its kin: who the program runs as. */
export function identity(user: DatabaseUser | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}

/** The folder itself, or one that the database's user can reach when it lies where only root may enter. */
function placeFor(folder: string, user: DatabaseUser | null): string {
  const own = join(folder, 'cluster');
  if (user === null || canReach(user, folder)) return prepared(own, user);
  const name = `database-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}`;
  for (const root of ['/var/lib/headroom', join(tmpdir(), 'headroom-0')]) {
    try {
      mkdirSync(root, { recursive: true, mode: 0o711 });
      if (!canReach(user, root)) continue;
      const place = prepared(join(root, name), user);
      writeFileSync(join(folder, 'place.txt'), `${place}\n`);
      return place;
    } catch {
      // Read-only or not ours: the next one.
    }
  }
  throw new EmbeddedDatabaseError(
    `The user ${user.name}, whom the database runs as, cannot reach ${folder}. Set HEADROOM_HOME to a folder that everybody may enter, or run as an ordinary user.`,
  );
}

function prepared(place: string, user: DatabaseUser | null): string {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  if (user !== null) chownSync(place, user.uid, user.gid);
  return place;
}
