import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../server/store/embedded-port.ts';
import { PARTS, tree, type Part } from './processes.ts';
import { until } from './until.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningSystem {
  readonly url: string;
  readonly home: string;
  /** Everything the supervisor has said so far. */
  said(): string;
  /** Process id of a part as it runs now. */
  pidOf(part: Part): number | null;
  /** The same with every process beneath it: a database has one a connection. */
  pidsOf(part: Part): readonly number[];
  /** Ends it as Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface SystemOptions {
  readonly args?: readonly string[];
  /** Kept between two starts when given; else made for this one and removed with it. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

/** The whole product as `npm start` runs it, on a free port, in a home of its own. Whoever starts it stops it. */
export async function startSystem(options: SystemOptions = {}): Promise<RunningSystem> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'headroom-home-'));
  // As root the database runs as another user, who has to pass through here.
  chmodSync(home, 0o711);
  const port = await freePort();
  const child = spawn(process.execPath, ['server/supervisor/main.ts', ...(options.args ?? [])], {
    cwd: PROJECT,
    env: { ...process.env, PORT: String(port), HEADROOM_HOME: home, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    const [code] = await ended;
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    return code;
  };
  try {
    await until(
      'the system says that it is ready',
      () => {
        if (child.exitCode !== null) throw new Error(`the supervisor ended with ${child.exitCode}:\n${said}`);
        return said.includes('Headroom is ready: ');
      },
      options.limitMs ?? 90_000,
    );
  } catch (error) {
    await stop();
    throw new Error(`the system did not start:\n${said}`, { cause: error });
  }
  const supervisor = child.pid ?? 0;
  const pidOf = (part: Part) => tree(supervisor).find((p) => PARTS[part].test(p.command))?.pid ?? null;
  return {
    url: /Headroom is ready: (\S+)/.exec(said)?.[1] ?? '',
    home,
    said: () => said,
    pidOf,
    pidsOf: (part) => {
      const pid = pidOf(part);
      return pid === null ? [] : tree(pid).map((p) => p.pid);
    },
    stop,
  };
}
