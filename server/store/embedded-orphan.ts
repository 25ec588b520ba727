import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from '../domain/error-code.ts';
import { startOf } from './lock.ts';

const FAST_LIMIT_MS = 10_000;
const KILL_LIMIT_MS = 5_000;

/**
 * Ends a database that a dead supervisor left running on this folder: it still answers to a password and a port that
 * nobody watches. Returns its process id, or null when there was none.
 */
export async function endOrphan(data: string): Promise<number | null> {
  const pid = runningOn(data);
  if (pid === null) return null;
  for (const [signal, limitMs] of [
    ['SIGINT', FAST_LIMIT_MS],
    ['SIGKILL', KILL_LIMIT_MS],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (codeOf(error) === 'ESRCH') return pid;
      throw error;
    }
    const until = performance.now() + limitMs;
    while (performance.now() < until) {
      if (startOf(pid) === null) return pid;
      await wait(20);
    }
  }
  return pid;
}

/** The process that PostgreSQL's own lock file names, if it lives and is that database: process ids are given out again. */
function runningOn(data: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
  if (!Number.isInteger(pid) || pid <= 1 || startOf(pid) === null) return null;
  if (process.platform !== 'linux') return pid;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return command.includes(data) && /postgres$/.test(command[0] ?? '') ? pid : null;
  } catch {
    return null;
  }
}
