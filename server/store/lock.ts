import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { execFileSync } from 'node:child_process';
import { codeOf } from '../domain/error-code.ts';
import { FolderLocked } from './errors.ts';

interface Owner {
  readonly pid: number;
  /** Start time of the process as its operating system tells it: a process id alone is given out again. */
  readonly started: string;
  readonly host: string;
  readonly note: string;
}

export interface FolderLock {
  /** True when the owner before did not release it: it was killed, or the machine went down. */
  readonly takenOver: boolean;
  /** Replaces the words that a refused second start shows (an address, say). */
  note(text: string): void;
  /** Says that the owner lives: to be called every few seconds, for starters on other machines. */
  touch(): void;
  release(): void;
}

/** Another machine's process cannot be asked whether it lives (a shared volume): its lock counts until this old. */
const FOREIGN_LOCK_MS = 15_000;

/**
 * Takes the lock file, or throws `FolderLocked` while its owner lives. A dead owner's lock is taken over.
 * `what` names the thing in the error: "The data folder …".
 */
export function takeLock(path: string, what: string): FolderLock {
  const self: Owner = { pid: process.pid, started: startOf(process.pid) ?? '', host: hostname(), note: '' };
  let takenOver = false;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (create(path, self)) return held(path, self, takenOver);
    const owner = read(path);
    if (owner !== null && lives(owner, path)) {
      const where = owner.note === '' ? '' : ` (${owner.note})`;
      throw new FolderLocked(`${what} is in use by process ${owner.pid}${where}. Stop that one first.`, owner.pid);
    }
    takenOver = true;
    putAside(path, owner);
  }
  throw new FolderLocked(`${what} is being taken by several processes at once.`, 0);
}

function held(path: string, self: Owner, takenOver: boolean): FolderLock {
  const still = () => {
    const owner = read(path);
    return owner !== null && owner.pid === self.pid && owner.started === self.started;
  };
  return {
    takenOver,
    note(text) {
      if (!still()) return;
      const next = `${path}.${self.pid}`;
      rmSync(next, { force: true });
      if (create(next, { ...self, note: text })) renameSync(next, path);
    },
    touch() {
      const now = Date.now() / 1000;
      try {
        if (still()) utimesSync(path, now, now);
      } catch {
        // A failing disk: only starters on other machines look at this, and they wait a little.
      }
    },
    release() {
      if (still()) rmSync(path, { force: true });
    },
  };
}

function create(path: string, owner: Owner): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(fd, JSON.stringify(owner));
  } finally {
    closeSync(fd);
  }
  return true;
}

/** Two starters may find the same dead owner: whoever moves away a lock that is not that owner's puts it back. */
function putAside(path: string, owner: Owner | null): void {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  if (moved !== null && owner !== null && (moved.pid !== owner.pid || moved.started !== owner.started)) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}

function read(path: string): Owner | null {
  try {
    const body: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof body !== 'object' || body === null || !('pid' in body) || typeof body.pid !== 'number') return null;
    const text = (key: string) => {
      const value: unknown = Reflect.get(body, key);
      return typeof value === 'string' ? value : '';
    };
    return { pid: body.pid, started: text('started'), host: text('host'), note: text('note') };
  } catch {
    // Empty or half-written by a process that died there: nobody's.
    return null;
  }
}

function lives(owner: Owner, path: string): boolean {
  if (owner.host !== hostname()) {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat !== undefined && Date.now() - stat.mtimeMs < FOREIGN_LOCK_MS;
  }
  if (owner.pid === process.pid) return owner.started === startOf(process.pid);
  const started = startOf(owner.pid);
  return started !== null && (owner.started === '' || started === owner.started);
}

/** When a process began, in its operating system's own words; null when there is no such process (or only its remains). */
export function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** Changes with every start of the machine: what was not yet on disk then is gone. Null where nobody tells. */
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
