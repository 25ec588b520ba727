import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { PARTS, isAlive, tree, type Process } from '../support/processes.ts';
import { bareEnvironment } from '../support/server-process.ts';
import { temporaryFolder } from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const SCRIPT = fileURLToPath(new URL('../../server/supervisor/main.ts', import.meta.url));
const SYSTEMS = fileURLToPath(new URL('../../server/systems', import.meta.url));
const LIMIT = 60_000;

interface Headroom {
  readonly pid: number;
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Waits for the address. */
  url(): Promise<string>;
  child(what: RegExp): Process;
  signal(name: NodeJS.Signals): void;
}

/** A folder with a space in its name, that goes with the test. */
const newHome = () => temporaryFolder('headroom home ');

/** The smallest system that ships, on any free port. */
function start(home: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Headroom {
  const child = spawn(process.execPath, [SCRIPT, '--system', 'sefton', ...args], {
    env: { ...bareEnvironment(), PORT: '0', HEADROOM_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true;
      resolve(code);
    });
  });
  const pid = child.pid ?? 0;
  onTestFinished(async () => {
    const left = tree(pid);
    if (!over) child.kill('SIGKILL');
    await ended;
    await until('everything to be gone', () => left.every((p) => !isAlive(p.pid)), LIMIT);
  });
  const address = () => /ready: (http:\S+)\n.*\n/.exec(output)?.[1];
  return {
    pid,
    output: () => output,
    ended,
    async url() {
      await until(`a ready server; it said: ${output}`, () => address() !== undefined || over, LIMIT);
      const url = address();
      if (url === undefined) throw new Error(`It ended instead: ${output}`);
      return url;
    },
    child(what) {
      const found = tree(pid).find((p) => p.pid !== pid && what.test(p.command));
      if (found === undefined) throw new Error(`There is no child like ${what}.`);
      return found;
    },
    signal: (name) => void child.kill(name),
  };
}

interface Board {
  readonly epoch: string;
  readonly seq: number;
  readonly at: string;
}

async function board(url: string): Promise<Board | null> {
  try {
    const { statusCode, body } = await request(`${url}/api/board`, { headersTimeout: 5000 });
    const read = (await body.json()) as Board;
    return statusCode === 200 ? read : null;
  } catch {
    return null;
  }
}

async function health(url: string): Promise<string> {
  try {
    const { body } = await request(`${url}/api/health/ready`, { headersTimeout: 5000 });
    return await body.text();
  } catch {
    return 'no answer';
  }
}

test('server, simulator and database are killed in turn: each comes back, where it was, and nothing is lost', async () => {
  const headroom = start(newHome(), ['--speed', '60']);
  const url = await headroom.url();
  expect(headroom.output()).toMatch(/ready: http:\/\/127\.0\.0\.1:\d+\n.*simulated.*7:45am, at 60 times real speed/);
  await until('a board with data', async () => ((await board(url))?.seq ?? 0) > 3, LIMIT);
  const before = await board(url);

  for (const [name, what] of Object.entries(PARTS)) {
    const victim = headroom.child(what);
    process.kill(victim.pid, 'SIGKILL');
    await until(`the ${name} to be back`, () => headroom.output().includes(`The ${name} is back.`), LIMIT);
    expect(headroom.child(what).pid).not.toBe(victim.pid);
    await until('good health', async () => (await health(url)).includes('"ok"'), LIMIT);
  }

  const after = await board(url);
  expect(after?.epoch).toBe(before?.epoch);
  expect(after?.seq).toBeGreaterThanOrEqual(before?.seq ?? Infinity);
  expect(headroom.output()).toMatch(/The server ended \(SIGKILL\)\. It is started again\./);
}, 240_000);

test('Ctrl-C ends everything, the next start resumes where it stood, and another beside it is refused', async () => {
  const home = newHome();
  const first = start(home, ['--speed', '60']);
  const url = await first.url();
  await until('a board with data', async () => ((await board(url))?.seq ?? 0) > 3, LIMIT);
  const family = tree(first.pid);
  expect(family.length).toBeGreaterThan(4);

  const beside = start(home);
  expect(await beside.ended).toBe(1);
  expect(beside.output()).toContain(`in use by process ${first.pid} (${url})`);

  const last = await board(url);
  // npm, the shell and the terminal each pass it on: still one Ctrl-C.
  first.signal('SIGINT');
  first.signal('SIGINT');
  expect(await first.ended).toBe(0);
  expect(family.filter((p) => isAlive(p.pid))).toEqual([]);

  const second = start(home);
  const again = await second.url();
  expect(second.output()).toMatch(/resumed at Monday 12 January 2026/);
  await until('the board to go on', async () => ((await board(again))?.seq ?? 0) > (last?.seq ?? 0), LIMIT);
  const resumed = await board(again);
  expect(resumed?.epoch).toBe(last?.epoch);
  expect(Date.parse(resumed?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(last?.at ?? ''));
}, 240_000);

test('the supervisor itself is killed: its children end with it, and the next start works', async () => {
  const home = newHome();
  const first = start(home);
  await first.url();
  const family = tree(first.pid);
  first.signal('SIGKILL');
  await first.ended;
  await until('the children to be gone', () => family.every((p) => !isAlive(p.pid)), LIMIT);
  const second = start(home);
  await second.url();
}, 240_000);

test('a port that was asked for and is taken: an error in plain words, and nothing is left running', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const headroom = start(newHome(), [], { PORT: String(port) });
  expect(await headroom.ended).toBe(1);
  expect(headroom.output()).toContain(`Port ${port} is taken by another program.`);
});

test('a definition with faults stops the start, with every fault, its file and its line', async () => {
  const folder = join(newHome(), 'my system');
  cpSync(join(SYSTEMS, 'sefton'), folder, { recursive: true });
  const file = join(folder, 'feeds.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('timeout: 5s', 'timeout: five'));
  const headroom = start(newHome(), ['--system', folder]);
  expect(await headroom.ended).toBe(1);
  expect(headroom.output().match(/feeds\.yaml:\d+ /g)?.length).toBeGreaterThan(1);
});

test('a server that must not listen there says why, and everything ends', async () => {
  const headroom = start(newHome(), [], { HOST: '0.0.0.0' });
  expect(await headroom.ended).toBe(1);
  expect(headroom.output()).toContain('HEADROOM_OPEN=demonstration');
}, 120_000);
