import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, parse } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-error.ts';

/** The user that PostgreSQL runs as; null: the one we are. */
export interface DatabaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root: then it runs as `postgres` where that user exists, else as a system user `headroom`
 * that is made for it, else as `nobody`.
 */
export function databaseUser(): DatabaseUser | null {
  if (process.getuid?.() !== 0) {
    try {
      userInfo();
    } catch (cause) {
      throw new EmbeddedDatabaseError(
        `This runs as user id ${process.getuid?.() ?? '?'}, which has no name on this machine (no line in /etc/passwd), and PostgreSQL refuses that. Run as a named user, or set DATABASE_URL to a PostgreSQL of your own.`,
        { cause },
      );
    }
    return null;
  }
  const found = named('postgres') ?? named('headroom') ?? made('headroom') ?? named('nobody');
  if (found !== null) return found;
  throw new EmbeddedDatabaseError(
    'PostgreSQL refuses to run as root, and there is no other user it could run as. Make one (useradd --system headroom), run as an ordinary user, or set DATABASE_URL.',
  );
}

function named(name: string): DatabaseUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((l) => l.split(':'))
    .find((fields) => fields[0] === name);
  const [uid, gid] = [Number(line?.[2]), Number(line?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0 ? { name, uid, gid } : null;
}

function made(name: string): DatabaseUser | null {
  const ways = [
    ['useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
    ['adduser', '-S', '-D', '-H', name],
  ] as const;
  for (const [command, ...args] of ways) {
    try {
      execFileSync(command, args, { stdio: 'ignore', timeout: 5000 });
      return named(name);
    } catch {
      // Not on this machine, or not allowed here: the next way, and in the end `nobody`.
    }
  }
  return null;
}

/** Whether `user` may read (a folder: enter) `path`, and enter every folder above it. */
export function canReach(user: DatabaseUser | null, path: string): boolean {
  if (user === null) return true;
  for (let at = path; ; at = dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat !== undefined) {
      const shift = stat.uid === user.uid ? 6 : stat.gid === user.gid ? 3 : 0;
      const needed = stat.isDirectory() ? 0b001 : 0b100;
      if (((stat.mode >> shift) & needed) !== needed) return false;
    }
    if (at === parse(at).root) return true;
  }
}
