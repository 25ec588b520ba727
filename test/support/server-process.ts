import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

/** Nothing of this process's environment but where programs lie, and where Node keeps what it compiled. */
export function bareEnvironment(): Record<string, string> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH: PATH ?? '', ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };
}

/** The server as a process of its own, in a bare environment. It goes with the test. */
export function launch(env: Record<string, string>): Launched {
  const given = { ...bareEnvironment(), HOST: '127.0.0.1', PORT: '0', HEADROOM_LOG: 'info', ...env };
  const child = fork(MAIN, [], { env: given, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  let text = '';
  child.stdout?.on('data', (data) => (text += data));
  child.stderr?.on('data', (data) => (text += data));
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { child, output: () => text, ended };
}

/** Its address, once it says that it is ready. */
export async function ready({ child, ended, output }: Launched): Promise<string> {
  const message = once(child, 'message') as Promise<[{ type: string; url: string }]>;
  const first = await Promise.race([message, ended.then(() => null)]);
  if (first?.[0].type !== 'ready') throw new Error(`not ready: ${output()}`);
  return first[0].url;
}
