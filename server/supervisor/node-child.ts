import { fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Running } from './keeper.ts';
import type { LogFile } from './log-file.ts';

const STOP_LIMIT_MS = 12_000;

/** What a child says when it can be used. The address only from the server. */
const ReadySchema = Type.Object({
  type: Type.Union([Type.Literal('ready'), Type.Literal('listening')]),
  url: Type.Optional(Type.String()),
});
/** What it says when it never will. */
const FailedSchema = Type.Object({ type: Type.Literal('failed'), code: Type.String(), message: Type.String() });

export class ChildFailed extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Child extends Running {
  readonly pid: number;
  readonly url: string | null;
}

/**
 * Starts a Node program with a channel to us, and resolves once it says that it is ready. When the channel closes,
 * whatever ended us, the program ends too. Rejects with `ChildFailed` when it ends before, or is not ready in time.
 */
export async function startChild(options: {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly log: LogFile;
  readonly readyLimitMs: number;
  /** Flags of Node itself. */
  readonly flags?: readonly string[];
  /** Programs of others say nothing: ready when running. */
  readonly silent?: boolean;
}): Promise<Child> {
  const child = fork(options.script, [...options.args], {
    cwd: options.cwd,
    env: options.env,
    execArgv: [...(options.flags ?? [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own group: Ctrl-C in the terminal is for us, who end the children in order.
    detached: true,
  });
  if (child.stdout !== null) options.log.take(child.stdout);
  if (child.stderr !== null) options.log.take(child.stderr);
  let gone = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      gone = true;
      resolve(error.message);
    });
    // `exit`, not `close`: a grandchild may hold the pipes open.
    child.once('exit', (code, signal) => {
      gone = true;
      resolve(signal === null ? `code ${code}` : signal);
    });
  });
  const kill = () => {
    if (!gone) child.kill('SIGKILL');
  };
  const stop = async () => {
    if (gone) return;
    child.kill('SIGTERM');
    const done = await Promise.race([ended.then(() => true), wait(STOP_LIMIT_MS, false, { ref: false })]);
    if (!done) kill();
    await ended;
  };
  const url = options.silent === true ? null : await becameReady();
  return { pid: child.pid ?? 0, url, ended, stop, kill };

  async function becameReady(): Promise<string | null> {
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const onMessage = (message: unknown) => {
      if (Value.Check(FailedSchema, message)) reject(new ChildFailed(message.code, message.message));
      else if (Value.Check(ReadySchema, message)) resolve(message.url ?? null);
    };
    child.on('message', onMessage);
    const timer = setTimeout(() => {
      reject(new ChildFailed('TOO_SLOW', `it was not ready within ${Math.round(options.readyLimitMs / 1000)} s.`));
    }, options.readyLimitMs);
    void ended.then(async (how) => {
      // Its last words may still be in the pipe.
      await wait(50);
      const words = options.log.lastWords().slice(-4);
      reject(new ChildFailed('ENDED', [`it ended before it was ready (${how}).`, ...words].join('\n')));
    });
    try {
      return await promise;
    } catch (error) {
      kill();
      throw error;
    } finally {
      clearTimeout(timer);
      child.off('message', onMessage);
    }
  }
}
