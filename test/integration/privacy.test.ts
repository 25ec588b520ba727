import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { request } from 'undici';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBSOCKET_PATH } from '#shared/protocol/names.ts';
import type { FeedStatus } from '#shared/model/unit.ts';
import { openJournal } from '../../server/store/journal.ts';
import { CANARIES, startCanarySupplier, type CanarySupplier } from '../fixtures/privacy/canary-supplier.ts';
import { withDatabase } from '../support/database.ts';
import { silent } from '../support/store-fixture.ts';
import { bareEnvironment } from '../support/server-process.ts';
import { TINY_SYSTEM_YAML } from '../support/tiny-files.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const RULES = readFileSync(new URL('../../server/cli/templates/rules.yaml', import.meta.url), 'utf8');

const SITES = `ods_code,name,kind,parent,list_size,lat,lon,contract,wte_gp,opening,services,identifiers,valid_from,valid_to
A00001,First Practice,practice,north,8000,53.48,-3.02,,,always; bank-holidays,,dos=2099000001;asid=200000000001,2022-04-01,
A00002,Second Practice,practice,north,6000,53.49,-3.01,,,always; bank-holidays,,dos=2099000002;asid=200000000002,2022-04-01,
A00003,Night Service,out-of-hours,town,,53.49,-3.01,,,always; bank-holidays,,,2022-04-01,
`;

/** Every standard that is spoken, each asked every second. */
const KINDS: readonly (readonly [kind: string, adapter: string, sites: string, more: string])[] = [
  ['queues', 'telephony-queues', 'practice', ''],
  ['iuc', 'iuc-queues', 'out-of-hours', ''],
  ['online', 'online-consultations', 'practice', ''],
  ['declared', 'declared-states', 'practice', ''],
  ['slots', 'bars-slots', '[A00001]', ''],
  ['stu3', 'gp-connect-slots', '[A00001]', ''],
  ['appointments', 'fhir-appointments', '[A00001]', ''],
  [
    'mapped',
    'mapped-json',
    'practice',
    `    brings: [calls.waiting]
    keeps: [site]
    mapping: |
      { "observedAt": time, "observations": rows.{ "site": site, "metric": "calls.waiting", "value": waiting } }
`,
  ],
  [
    'csv',
    'mapped-csv',
    'practice',
    `    brings: [calls.handlers-free]
    keeps: [site]
    mapping: |
      { "observations": $.{ "site": site, "metric": "calls.handlers-free", "value": $number(waiting) } }
`,
  ],
];

const feedsYaml = (): string =>
  `feeds:\n${KINDS.map(([kind, adapter, sites, more]) => {
    const one = sites.startsWith('[') ? '/{ods}' : '';
    return `  - id: ${kind}
    adapter: ${adapter}
    supplier: s-${kind}
    url: \${FEEDS_URL}/${kind}${one}
    sites: ${sites}
    schedule: "* * * * * *"
    timeout: 2s
    staleAfter: 1 min
${more}`;
  }).join('')}`;

const database = withDatabase();
let folder = '';
let supplier: CanarySupplier;
let child: ChildProcess;
let output = '';
/** Everything that left the server: answers, frames. */
const heard: string[] = [];

async function ask(url: string, path: string, body?: object): Promise<string> {
  const answer = await request(`${url}${path}`, {
    method: body ? 'POST' : 'GET',
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const text = await answer.body.text();
  heard.push(JSON.stringify(answer.headers), text);
  return text;
}
const get = async <T>(url: string, path: string): Promise<T> => JSON.parse(await ask(url, path)) as T;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-privacy-'));
  const files = {
    'system.yaml': TINY_SYSTEM_YAML,
    'sites.csv': SITES,
    'feeds.yaml': feedsYaml(),
    'rules.yaml': RULES,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  supplier = await startCanarySupplier();
  child = fork(decodeURIComponent(MAIN), [], {
    env: {
      ...bareEnvironment(),
      HOST: '127.0.0.1',
      PORT: '0',
      HEADROOM_LOG: 'trace',
      HEADROOM_SYSTEM: folder,
      HEADROOM_DATA: join(folder, 'data'),
      DATABASE_URL: database.url,
      FEEDS_URL: supplier.url,
      SSP_FROM_ASID: '200000000099',
      // The server keeps its place in it; a request for the page itself is none of this test's.
      HEADROOM_WEB: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const [ready] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`the server ended:\n${output}`);
    }),
  ])) as [{ url: string; message?: string }];
  if (ready.message) throw new Error(ready.message);
  await use(ready.url);
  child.kill('SIGTERM');
  await once(child, 'exit');
}, 120_000);

afterAll(async () => {
  child.kill('SIGKILL');
  await supplier.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What people and programs do with such feeds, while they go through all their turns. */
async function use(url: string): Promise<void> {
  const client = new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH);
  let frames = 0;
  client.on('message', (data: Buffer) => (frames++, heard.push(data.toString())));
  await once(client, 'open');
  client.send(JSON.stringify({ type: 'subscribe', scope: 'tiny' }));
  const all = KINDS.map(([kind]) => kind);
  await until(
    'every standard to have sent every kind of answer',
    async () => {
      await ask(url, '/api/feeds/poll', { feeds: all, keep: true });
      return all.every((kind) => supplier.sent(kind).size >= 6);
    },
    60_000,
  );
  const { feeds } = await get<{ feeds: FeedStatus[] }>(url, '/api/feeds');
  for (const { id } of feeds) {
    await ask(url, `/api/feeds/${encodeURIComponent(id)}/answer`);
    await ask(url, `/api/feeds/${encodeURIComponent(id)}/rejected`);
  }
  const summary = await get<{ quarantine: { groups: { key: string; kept: number }[] } }>(url, '/api/feeds/summary');
  expect(summary.quarantine.groups.length).toBeGreaterThan(5);
  for (const { key } of summary.quarantine.groups) {
    await ask(url, `/api/feeds/quarantine?group=${encodeURIComponent(key)}&limit=50`);
    await ask(url, '/api/feeds/read-again', { group: key });
  }
  await ask(url, '/api/feeds/pause', { feeds: ['mapped'], reason: 'the supplier is mending it' });
  for (const path of ['/api/board', '/api/catalogue', '/metrics', '/api/changes', '/api/feeds/quarantine?limit=200'])
    await ask(url, path);
  for (const unit of ['A00001', 'A00003', 'tiny']) await ask(url, `/api/units/${unit}`);
  await ask(url, '/api/units/A00001/series?metric=calls.waiting');
  expect(frames).toBeGreaterThan(5);
  client.terminate();
  await until(
    'the database to have something of every feed',
    async () => (await rowsOf('feed_state_change')).length >= all.length,
    20_000,
  );
}

async function tables(): Promise<string[]> {
  return (
    await sql("select relname from pg_class where relkind in ('r','p') and relnamespace = 'public'::regnamespace")
  ).map(({ relname }) => String(relname));
}
const rowsOf = async (table: string) =>
  (await sql(`select t::text as row from ${table} t`)).map(({ row }) => String(row));
async function sql(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const filesIn = (path: string): string[] =>
  readdirSync(path).flatMap((name) => {
    const inner = join(path, name);
    return statSync(inner).isDirectory() ? filesIn(inner) : [inner];
  });

/** Which canaries a text holds, whatever its case. */
const found = (text: string): string[] =>
  CANARIES.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));

describe('a person in every text and reference of every feed', () => {
  it('is found by this search where he stands', () => {
    expect(found(`said Mrs ${CANARIES[0] ?? ''}`)).toHaveLength(1);
  });

  it('is in no table of the database', async () => {
    for (const table of await tables()) {
      const rows = await rowsOf(table);
      expect({ table, found: found(rows.join('\n')) }).toEqual({ table, found: [] });
    }
    expect((await rowsOf('history')).length).toBeGreaterThan(5);
  });

  it('is in no file of the data folder, nor in the journal as it is read', async () => {
    const files = filesIn(join(folder, 'data'));
    expect(files.some((path) => path.includes('quarantine'))).toBe(true);
    for (const path of files) expect({ path, found: found(readFileSync(path, 'latin1')) }).toEqual({ path, found: [] });
    const journal = await openJournal({ folder: join(folder, 'data/journal'), byteBudget: 1e9, logger: silent });
    const { state } = journal.recovered();
    const commits = [...journal.commitsFrom(0)];
    await journal.close();
    expect({ restorable: state !== null, commits: commits.length > 0 }).toEqual({ restorable: true, commits: true });
    expect(found(JSON.stringify({ state, commits }))).toEqual([]);
  });

  it('is in no log line, at the most talkative level', () => {
    expect(output).toContain('feed-state');
    expect(found(output)).toEqual([]);
  });

  it('is in no answer, kept answer, quarantined record or frame', () => {
    expect(heard.length).toBeGreaterThan(40);
    for (const text of heard) expect({ text: text.slice(0, 200), found: found(text) }).toMatchObject({ found: [] });
  });

  it('did not keep the counts from being read', async () => {
    const [row] = await sql(
      "select count(*)::int as n from history join metric using (metric_id) where name = 'calls.waiting'",
    );
    expect(Number(row?.['n'])).toBeGreaterThan(0);
  });
});
