import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { dispatch } from '../../server/cli/dispatch.ts';
import { stubTelephony, tinySystem } from '../support/tiny-system.ts';

async function run(...args: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await dispatch(['feeds', ...args], {
    out: (line) => lines.push(line),
    err: (line) => errors.push(line),
  });
  return { code, lines, errors };
}

/** A supplier that always answers this. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => {
  onTestFinished(() => void vi.unstubAllEnvs());
});

it('asks every feed once and says what came', async () => {
  vi.stubEnv('FEEDS_URL', (await stubTelephony()).url);
  const { code, lines } = await run('test', tinySystem().system);
  expect(lines[0]).toMatch(
    /^well {2}telephony: on time; 2 records, 12 figures present, 14 absent, 0 s old, in \d+ ms$/,
  );
  expect([code, lines.at(-1)]).toEqual([0, 'The poll went well.']);
});

it('shows what was refused by place and reason, never what stood there', async () => {
  const queues = [
    { odsCode: 'A00001', waiting: 'Ottoline' },
    { odsCode: 'Z99999' },
    { odsCode: 'A00002', waiting: -1 },
  ];
  vi.stubEnv('FEEDS_URL', await answering(200, JSON.stringify({ queues })));
  const { code, lines } = await run('test', tinySystem().system);
  expect(code).toBe(1);
  expect(lines[0]).toContain('BAD   telephony: some records refused; 3 records');
  expect(lines.join('\n')).toContain('\n        refused /queues/0/waiting: must be a whole number, 0 or more');
  expect(lines.join()).not.toContain('Ottoline');
  expect(lines.at(-1)).toBe('1 of 1 poll did not go well.');
});

it('says in words what is wrong with a feed that brings nothing', async () => {
  vi.stubEnv('FEEDS_URL', await answering(503, '{}'));
  const { code, lines } = await run('test', tinySystem().system);
  expect([code, lines[0]]).toEqual([
    1,
    expect.stringMatching(/^BAD {3}telephony: supplier says unavailable; nothing came/),
  ]);
});

it('names a secret that is not set, and only its name', async () => {
  vi.stubEnv('FEEDS_URL', '');
  const { code, lines } = await run('test', tinySystem().system);
  expect(code).toBe(1);
  expect(lines.join('\n')).toContain('FEEDS_URL');
});

it('asks of a feed with an address for each site as many sites as it is told', async () => {
  vi.stubEnv('FEEDS_URL', await answering(200, '{"resourceType":"Bundle","type":"searchset"}'));
  const { system } = tinySystem();
  appendFileSync(
    join(system, 'feeds.yaml'),
    `  - id: slots
    adapter: bars-slots
    supplier: test-clinical
    url: \${FEEDS_URL}/{ods}
    sites: practice
    schedule: "0 */5 * * * *"
    timeout: 5s
    staleAfter: 15 min
`,
  );
  const one = await run('test', system, '--feed', 'slots', '--sites', '1');
  expect(one.lines[0]).toMatch(
    /^well {2}slots:A00001: on time; 0 records, 5 figures present, 0 free slots in 0 groups/,
  );
  expect(one.lines.at(-1)).toBe('The poll went well.');
  const all = await run('test', system, '--feed', 'slots');
  expect(all.lines.at(-1)).toBe('All 2 polls went well.');
});

it.each([
  [[]],
  [['test']],
  [['poll', '.']],
  [['test', '.', 'more']],
  [['test', '.', '--sites', '0']],
  [['test', '.', '--sites', 'all']],
  [['test', '.', '--every']],
])('is explained when it is called wrongly: %j', async (args) => {
  const { code, errors } = await run(...args);
  expect([code, errors.at(-1)]).toEqual([
    2,
    'Usage: headroom feeds test <system id or folder> [--feed <id>] [--sites <n>]',
  ]);
});

it('names the feeds that there are for one that is not', async () => {
  const { code, errors } = await run('test', tinySystem().system, '--feed', 'nothing');
  expect([code, errors[0]]).toEqual([2, 'There is no feed nothing. There are: telephony.']);
});
