import { spawn, type ChildProcess } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { request } from 'undici';
import type { Run } from '#shared/model/run.ts';
import { fromInstant } from '#shared/model/time.ts';
import { BASE, entry, HUB, transaction, type Bundle as SlotBundle } from '../../server/simulator/http/hold-sample.ts';
import { sampleDefinition, sampleNational } from '../../server/simulator/sample.ts';

const MAIN = join(import.meta.dirname, '../../server/simulator/main.ts');
const LIMIT_MS = 15_000;
let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  const world = { definition: sampleDefinition(), national: sampleNational(), scenario: null };
  await writeFile(join(folder, 'simulation.json'), JSON.stringify(world));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const runAt = (text: string, speed = 1): Run => ({
  run: 'test',
  system: 'sample',
  simulated: true,
  seed: 5,
  scenario: null,
  clock: { start: fromInstant(text), realEpoch: Date.now(), speed },
  began: fromInstant(text),
});
const writeRun = (run: Run) => writeFile(join(folder, 'run.json'), JSON.stringify(run));

const argumentsOf = () => [
  MAIN,
  '--port',
  '0',
  '--world',
  join(folder, 'simulation.json'),
  '--run',
  join(folder, 'run.json'),
  '--outside',
  join(folder, 'outside.jsonl'),
];

/** The port from the first `listening` line of the process's log. */
function portOf(child: ChildProcess): Promise<number> {
  children.push(child);
  let log = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not listening: ${log}`)), LIMIT_MS);
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const found = /"type":"listening".*"port":(\d+)/.exec(log);
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    });
  });
}

const start = async () => {
  const child = spawn(process.execPath, argumentsOf(), { stdio: ['ignore', 'ignore', 'pipe'] });
  return { child, port: await portOf(child) };
};
const exited = (child: ChildProcess) => new Promise<number | null>((done) => child.once('exit', done));

async function read(port: number, path: string, asked: Record<string, string> = {}) {
  const { headers, body } = await request(`http://127.0.0.1:${String(port)}${path}`, { headers: asked });
  return { date: String(headers['date']), text: await body.text() };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('condition not met in time');
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

interface Queues {
  queues: { odsCode: string; sinceMidnight: Record<string, number> }[];
}
const counters = (text: string) =>
  (JSON.parse(text) as Queues).queues.flatMap((queue) => Object.values(queue.sinceMidnight));

test('killed and started again in mid-morning it goes on where it was: no counter is lower', async () => {
  await writeRun(runAt('2026-01-12T10:41:00Z'));
  const first = await start();
  const before = counters((await read(first.port, '/norhall-telecom/queues')).text);
  expect(Math.max(...before)).toBeGreaterThan(20);
  const gone = exited(first.child);
  first.child.kill('SIGKILL');
  await gone;
  const second = await start();
  const after = counters((await read(second.port, '/norhall-telecom/queues')).text);
  expect(after).toHaveLength(before.length);
  after.forEach((count, i) => {
    expect(count).toBeGreaterThanOrEqual(before[i] ?? 0);
    expect(count).toBeLessThanOrEqual((before[i] ?? 0) + 10);
  });
});

test('killed and started again it still knows who holds a slot, and that a torn line was never answered for', async () => {
  await writeRun(runAt('2026-01-12T09:20:00Z'));
  const window = 'start=ge2026-01-12T12:00:00%2B00:00&start=le2026-01-13T00:00:00%2B00:00';
  const includes = '_include=Slot:schedule&_include=Schedule:actor:HealthcareService';
  const first = await start();
  const search = await read(first.port, `${BASE}/Slot?status=free&${window}&${includes}`, HUB);
  const slot = (JSON.parse(search.text) as SlotBundle).entry[0]?.resource;
  if (!slot) throw new Error('no free slot');
  const asked = transaction(entry(slot, 'busy-tentative', 'k1'));
  const answer = await request(`http://127.0.0.1:${String(first.port)}${BASE}`, {
    method: 'POST',
    headers: HUB,
    body: JSON.stringify(asked),
  });
  expect(answer.statusCode).toBe(200);
  await answer.body.dump();
  const gone = exited(first.child);
  first.child.kill('SIGKILL');
  await gone;
  await appendFile(join(folder, 'outside.jsonl'), '{"seed":5,"at":17');
  const second = await start();
  const held = await read(second.port, `${BASE}/Slot?_id=${slot.id}`, HUB);
  expect((JSON.parse(held.text) as SlotBundle).entry[0]?.resource).toMatchObject({
    status: 'busy-tentative',
    meta: { versionId: String(Number(slot.meta.versionId) + 1) },
  });
});

test('a changed run file counts at once: the clock jumps with it', async () => {
  await writeRun(runAt('2026-01-12T08:00:00Z'));
  const { port } = await start();
  expect((await read(port, '/health')).date).toContain('12 Jan 2026 08:0');
  await writeRun(runAt('2026-01-14T12:00:00Z', 10));
  await until(async () => (await read(port, '/health')).date.includes('14 Jan 2026 12:0'));
});

test('a run file that is half written leaves the last good one in force', async () => {
  await writeRun(runAt('2026-01-12T08:00:00Z'));
  const { child, port } = await start();
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await writeFile(join(folder, 'run.json'), '{"run":');
  await until(async () => (await read(port, '/health')).date.includes('12 Jan 2026') && log.includes('run-file'));
});

test('SIGTERM ends it with success, also with a poller connected', async () => {
  await writeRun(runAt('2026-01-12T08:00:00Z'));
  const { child, port } = await start();
  await read(port, '/health');
  const end = exited(child);
  child.kill('SIGTERM');
  expect(await end).toBe(0);
});

test('it ends itself when its parent is killed', async () => {
  await writeRun(runAt('2026-01-12T08:00:00Z'));
  const script = `require('node:child_process').spawn(process.execPath, ${JSON.stringify(argumentsOf())}, { stdio: ['ignore', 'ignore', 'inherit'] }); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await portOf(parent);
  await read(port, '/health');
  parent.kill('SIGKILL');
  await until(() =>
    read(port, '/health').then(
      () => false,
      () => true,
    ),
  );
});

test('without its files it says how it is called, and with a broken world it does not start', async () => {
  const usage = spawn(process.execPath, [MAIN], { stdio: 'ignore' });
  expect(await exited(usage)).toBe(2);
  await writeRun(runAt('2026-01-12T08:00:00Z'));
  await writeFile(join(folder, 'broken.json'), '{"definition":{}}');
  const broken = [...argumentsOf()];
  broken[4] = join(folder, 'broken.json');
  const child = spawn(process.execPath, broken, { stdio: 'ignore' });
  expect(await exited(child)).toBe(1);
});
