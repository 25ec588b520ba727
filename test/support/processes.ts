import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The parts of a running system by their command. A shell holds the database and names it too; its script has quotes. */
export const PARTS = {
  server: /server\/main\.ts/,
  simulator: /simulator\/main\.ts/,
  database: /^[^"]*postgres -D/,
} as const;
export type Part = keyof typeof PARTS;

/** Every process of this machine that we may see, without those that have ended and only wait to be noticed. */
export function processes(): Process[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
    } catch {
      // Gone while we looked.
      return [];
    }
  });
}

function fromPs(): Process[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** A process and everything beneath it. */
export function tree(root: number): Process[] {
  const all = processes();
  const found = all.filter((p) => p.pid === root);
  for (const parent of found) found.push(...all.filter((p) => p.parent === parent.pid));
  return found;
}

export function isAlive(pid: number): boolean {
  return processes().some((p) => p.pid === pid);
}
