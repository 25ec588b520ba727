import { createHash } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BoardSchema, ProblemSchema, type Problem } from '#shared/protocol/api.ts';
import type { LevelChange } from '../../server/domain/ports.ts';
import { StoreUnavailable } from '../../server/store/errors.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { startServer, type RunningServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const board = () => createMemoryBoard(smallDefinition());
const json = async (url: string) => (await request(url)).body.json() as Promise<Record<string, unknown>>;

/** Sends bytes as they are, and gives the whole answer. */
async function rawRequest(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.on('close', () => resolve(undefined)).on('error', reject);
  socket.write(text);
  await promise;
  return answer;
}

type Bad = readonly [what: string, method: string, path: string, status: number, code: string, place?: string];
const series = (query: string) => `/api/units/P1/series${query}`;
const BAD: readonly Bad[] = [
  ['an unknown address', 'GET', '/api/nothing', 404, 'NOT_FOUND'],
  ['the API itself', 'GET', '/api', 404, 'NOT_FOUND'],
  ['an address beneath a known one', 'GET', '/api/board/more', 404, 'NOT_FOUND'],
  ['a missing page file', 'GET', '/_app/immutable/gone.js', 404, 'NOT_FOUND'],
  ['a file outside the pages', 'GET', '/..%2f..%2fpackage.json', 404, 'NOT_FOUND'],
  ['a method that nothing answers', 'POST', '/api/board', 404, 'NOT_FOUND'],
  ['deleting a unit', 'DELETE', '/api/units/P1', 404, 'NOT_FOUND'],
  ['a folder of the pages', 'GET', '/_app/', 404, 'NOT_FOUND'],
  ['a page by POST', 'POST', '/', 404, 'NOT_FOUND'],
  ['a broken escape', 'GET', '/api/units/%zz', 400, 'BAD_URL'],
  ['half an escape', 'GET', '/api/units/%', 400, 'BAD_URL'],
  ['an unknown unit', 'GET', '/api/units/P99', 404, 'UNKNOWN_UNIT'],
  ['a unit in other case', 'GET', '/api/units/p1', 404, 'UNKNOWN_UNIT'],
  ['a unit named as code', 'GET', '/api/units/__proto__', 404, 'UNKNOWN_UNIT'],
  ['a unit of two path parts', 'GET', '/api/units/..%2fboard', 404, 'UNKNOWN_UNIT'],
  ['a unit id that is too long', 'GET', `/api/units/${'x'.repeat(65)}`, 400, 'BAD_INPUT', '/path/id'],
  ['a unit id past every limit', 'GET', `/api/units/${'x'.repeat(500)}`, 400, 'BAD_URL'],
  ['an empty unit id', 'GET', '/api/units/', 400, 'BAD_INPUT', '/path/id'],
  ['a series of an unknown unit', 'GET', '/api/units/P99/series?metric=calls.inbound', 404, 'UNKNOWN_UNIT'],
  ['a series without a metric', 'GET', series(''), 400, 'BAD_INPUT', '/query/metric'],
  ['an empty metric', 'GET', series('?metric='), 400, 'BAD_INPUT', '/query/metric'],
  ['a metric that is none', 'GET', series('?metric=calls.lost'), 400, 'BAD_INPUT', '/query/metric'],
  ['a metric of every object', 'GET', series('?metric=toString'), 400, 'BAD_INPUT', '/query/metric'],
  ['two metrics', 'GET', series('?metric=calls.inbound&metric=calls.missed'), 400, 'BAD_INPUT', '/query/metric'],
  ['a from that is no time', 'GET', series('?metric=calls.inbound&from=yesterday'), 400, 'BAD_INPUT', '/query/from'],
  [
    'a from without a zone',
    'GET',
    series('?metric=calls.inbound&from=2026-11-23T08:00:00'),
    400,
    'BAD_INPUT',
    '/query/from',
  ],
  [
    'a from that is only a date',
    'GET',
    series('?metric=calls.inbound&from=2026-11-23'),
    400,
    'BAD_INPUT',
    '/query/from',
  ],
  [
    'a day that is not in the calendar',
    'GET',
    series('?metric=calls.inbound&from=2026-02-30T08:00:00Z'),
    400,
    'BAD_INPUT',
    '/query/from',
  ],
  ['a to that is no time', 'GET', series('?metric=calls.inbound&to=25:00'), 400, 'BAD_INPUT', '/query/to'],
  [
    'a to before from',
    'GET',
    series('?metric=calls.inbound&from=2026-11-23T08:00:00Z&to=2026-11-23T07:00:00Z'),
    400,
    'BAD_INPUT',
    '/query/to',
  ],
  [
    'a to equal to from',
    'GET',
    series('?metric=calls.inbound&from=2026-11-23T08:00:00Z&to=2026-11-23T08:00:00Z'),
    400,
    'BAD_INPUT',
    '/query/to',
  ],
  ['a step that is no number', 'GET', series('?metric=calls.inbound&step=15m'), 400, 'BAD_INPUT', '/query/step'],
  ['a step of nothing', 'GET', series('?metric=calls.inbound&step=0'), 400, 'BAD_INPUT', '/query/step'],
  ['a negative step', 'GET', series('?metric=calls.inbound&step=-60000'), 400, 'BAD_INPUT', '/query/step'],
  ['a broken step', 'GET', series('?metric=calls.inbound&step=60000.5'), 400, 'BAD_INPUT', '/query/step'],
  ['a step beyond a day', 'GET', series('?metric=calls.inbound&step=86400001'), 400, 'BAD_INPUT', '/query/step'],
  [
    'more points than anybody draws',
    'GET',
    series('?metric=calls.inbound&from=2020-01-01T00:00:00Z&step=60000'),
    400,
    'BAD_INPUT',
    '/query/step',
  ],
  ['a question nobody knows', 'GET', series('?metric=calls.inbound&fold=mean'), 400, 'BAD_INPUT', '/query/fold'],
  ['no changes', 'GET', '/api/changes?limit=0', 400, 'BAD_INPUT', '/query/limit'],
  ['too many changes', 'GET', '/api/changes?limit=501', 400, 'BAD_INPUT', '/query/limit'],
  ['some changes', 'GET', '/api/changes?limit=some', 400, 'BAD_INPUT', '/query/limit'],
  ['rejects of an unknown feed', 'GET', '/api/feeds/nothing/rejected', 404, 'UNKNOWN_FEED'],
];

describe('bad input', () => {
  const asked: unknown[] = [];
  let server: RunningServer;
  beforeAll(async () => {
    const history = { series: async (query: unknown) => (asked.push(query), []), levelChanges: async () => [] };
    server = await startServer(board(), { history }, () => undefined);
  });
  afterAll(() => server.close());

  it.each(BAD)('%s: %s %s is %i %s', async (_what, method, path, status, code, place) => {
    const answer = await rawRequest(
      server.port,
      `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
    const problem = JSON.parse(body) as Problem;
    expect(Value.Check(ProblemSchema, problem)).toBe(true);
    expect(problem).toMatchObject({ status, code });
    expect(problem.errors?.[0]?.path).toBe(place);
    expect(body).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
    expect(asked).toEqual([]);
  });

  it('says nothing of the inside when something unexpected fails', async () => {
    const history = {
      series: () => Promise.reject(new Error('password=hunter2 at /home/somebody/file.ts')),
      levelChanges: async () => [],
    };
    const server = await startServer(board(), { history });
    const answer = await request(`${server.url}${series('?metric=calls.inbound')}`);
    const text = await answer.body.text();
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL' });
    expect(text).not.toMatch(/hunter2|somebody/);
  });

  it('refuses what is not HTTP', async () => {
    const server = await startServer(board());
    expect(await rawRequest(server.port, 'HELO headroom\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  it('refuses a body that is too large for any command', async () => {
    const server = await startServer(board());
    const body = JSON.stringify({ text: 'x'.repeat(70_000) });
    const headers = { 'content-type': 'application/json' };
    const answer = await request(`${server.url}/api/board`, { method: 'POST', body, headers });
    expect([404, 413]).toContain(answer.statusCode);
    await answer.body.dump();
  });
});

describe('reads', () => {
  it('gives the board as its schema says, and 304 to its own tag until something changes', async () => {
    const live = board();
    const server = await startServer(live);
    const first = await request(`${server.url}/api/board`);
    const etag = String(first.headers['etag']);
    expect(Value.Check(BoardSchema, await first.body.json())).toBe(true);
    const again = await request(`${server.url}/api/board`, { headers: { 'if-none-match': etag } });
    expect([again.statusCode, await again.body.text()]).toEqual([304, '']);
    live.change([{ id: 'P1', level: 3 }]);
    const changed = await request(`${server.url}/api/board`, { headers: { 'if-none-match': etag } });
    expect(changed.statusCode).toBe(200);
    expect(await changed.body.json()).toMatchObject({ seq: 1 });
  });

  it('gives one unit, and the feeds with their rejects', async () => {
    const rejections = () => [{ place: '/queues/3/waiting', reason: 'less than zero' }];
    const server = await startServer(board(), { rejections });
    expect(await json(`${server.url}/api/units/N1`)).toMatchObject({ id: 'N1', kind: 'neighbourhood', level: null });
    expect(await json(`${server.url}/api/feeds`)).toMatchObject({ feeds: [{ id: 'telephony-test' }] });
    const rejected = await json(`${server.url}/api/feeds/telephony-test/rejected`);
    expect(rejected).toEqual({ feed: 'telephony-test', rejected: rejections() });
  });

  it('gives a series beside its normal from the start of the day to its end', async () => {
    const asked: unknown[] = [];
    const history = {
      series: async (query: unknown) => (
        asked.push(query),
        [[MONDAY_8AM, 4] as const, [MONDAY_8AM + 900_000, null] as const]
      ),
      levelChanges: async () => [],
    };
    const normal = {
      label: 'expected from published months',
      usual: () => null,
      usualSeries: (sites: readonly string[], _metric: string, from: number, to: number, step: number) => {
        return from + step <= to ? [[from, sites.length] as const, [from + step, null] as const] : [];
      },
    };
    const server = await startServer(board(), { history, normal });
    const body = await json(`${server.url}/api/units/N1/series?metric=calls.inbound`);
    const midnight = Date.UTC(2026, 10, 23);
    expect(asked).toEqual([{ unit: 'N1', metric: 'calls.inbound', from: midnight, to: MONDAY_8AM, step: 900_000 }]);
    expect(body).toMatchObject({
      measure: 'count',
      points: [
        [MONDAY_8AM, 4],
        [MONDAY_8AM + 900_000, null],
      ],
      usual: [
        [midnight, 2],
        [midnight + 900_000, null],
      ],
      simulated: true,
    });
  });

  it('says that the history is away, by a code, while the live board stands', async () => {
    const away = () => Promise.reject(new StoreUnavailable('connection refused'));
    const server = await startServer(board(), { history: { series: away, levelChanges: away } });
    const answer = await request(`${server.url}${series('?metric=calls.inbound')}`);
    expect(answer.statusCode).toBe(503);
    expect(await answer.body.json()).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await request(`${server.url}/api/board`)).statusCode).toBe(200);
  });

  it('names the units of level changes', async () => {
    const change: LevelChange = { at: MONDAY_8AM, unit: 'P1', from: 1, to: 3, score: 60, text: 'why', rules: '1/abc' };
    const live = { ...board(), changes: (limit: number) => [change].slice(0, limit) };
    const server = await startServer(live);
    expect(await json(`${server.url}/api/changes?limit=1`)).toEqual({
      changes: [
        {
          at: '2026-11-23T08:00:00.000Z',
          unit: 'P1',
          name: 'site P1',
          kind: 'site',
          from: 1,
          to: 3,
          text: 'why',
          rules: '1/abc',
        },
      ],
    });
  });

  it('is ready with what is degraded named, and not ready without a part it needs', async () => {
    let status: 'ok' | 'degraded' | 'down' = 'ok';
    let part: 'database' | 'poller' = 'database';
    const conditions = () => [{ part, status, reason: 'it does not answer' }];
    const server = await startServer(board(), { conditions });
    const ready = async () => {
      const answer = await request(`${server.url}/api/health/ready`);
      return [answer.statusCode, await answer.body.json()];
    };
    expect(await ready()).toEqual([200, { status: 'ok', reasons: [] }]);
    status = 'down';
    expect(await ready()).toEqual([200, { status: 'degraded', reasons: ['database: it does not answer'] }]);
    part = 'poller';
    expect(await ready()).toEqual([503, { status: 'down', reasons: ['poller: it does not answer'] }]);
    expect((await request(`${server.url}/api/health/live`)).statusCode).toBe(200);
  });

  it('gives metrics that a Prometheus parser reads', async () => {
    const server = await startServer(board(), {
      conditions: () => [{ part: 'store', status: 'ok', reason: 'a "b" \\ c' }],
    });
    const answer = await request(`${server.url}/metrics`);
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    const lines = (await answer.body.text()).trimEnd().split('\n');
    const sample =
      /^[a-z_][a-z0-9_]*(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/;
    for (const line of lines.filter((l) => !l.startsWith('#'))) expect(line).toMatch(sample);
    const types = lines.filter((l) => l.startsWith('# TYPE ')).map((l) => l.split(' ')[2]);
    expect(new Set(types).size).toBe(types.length);
    for (const name of [
      'headroom_board_seq',
      'headroom_sites',
      'headroom_live_clients',
      'process_resident_memory_bytes',
    ]) {
      expect(types).toContain(name);
    }
  });
});

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and lists every route with what it answers', async () => {
    const server = await startServer(board());
    const document = await json(`${server.url}/api/openapi.json`);
    expect(document['openapi']).toBe('3.1.0');
    const paths = document['paths'] as Record<string, Record<string, { responses?: object; summary?: string }>>;
    expect(Object.keys(paths).sort()).toEqual([
      '/api/board',
      '/api/changes',
      '/api/docs',
      '/api/feeds',
      '/api/feeds/{id}/rejected',
      '/api/health/live',
      '/api/health/ready',
      '/api/openapi.json',
      '/api/system',
      '/api/units/{id}',
      '/api/units/{id}/series',
      '/metrics',
    ]);
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.summary, path).toBeTruthy();
        expect(Object.keys(operation.responses ?? {}).length, path).toBeGreaterThan(0);
      }
    }
    const unresolved = JSON.stringify(document).match(/"\$ref":"[^#]/);
    expect(unresolved).toBeNull();
  });

  it('is a readable page without any script', async () => {
    const server = await startServer(board());
    const answer = await request(`${server.url}/api/docs`);
    const html = await answer.body.text();
    expect(html).toContain('GET /api/units/{id}/series');
    expect(html).not.toContain('<script');
    expect(String(answer.headers['content-security-policy'])).toMatch(/style-src 'self' 'sha256-/);
  });
});

describe('who may ask', () => {
  const REFUSED: readonly (readonly [string, Record<string, string>, string])[] = [
    ['another host name', { host: 'evil.example' }, 'HOST_REFUSED'],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }, 'HOST_REFUSED'],
    ['an address of the network', { host: '192.168.1.20:8080' }, 'HOST_REFUSED'],
    ['a host that is none', { host: 'a@b' }, 'HOST_REFUSED'],
    ['a page of another site', { origin: 'https://evil.example' }, 'ORIGIN_REFUSED'],
    ['a page of another port', { origin: 'http://localhost:1' }, 'ORIGIN_REFUSED'],
    ['a sandboxed page', { origin: 'null' }, 'ORIGIN_REFUSED'],
    ['a file', { origin: 'file://' }, 'ORIGIN_REFUSED'],
  ];
  const PATHS = ['/api/board', '/metrics', '/', '/api/nothing', '/api/docs', '/socket.io/?EIO=4&transport=polling'];

  it.each(REFUSED)('refuses %s on every address', async (_what, headers, code) => {
    const server = await startServer(board());
    for (const path of PATHS) {
      const answer = await request(`${server.url}${path}`, { headers });
      expect([path, answer.statusCode]).toEqual([path, 403]);
      expect(await answer.body.json()).toMatchObject({ code });
    }
  });

  it('lets in a page of its own, by either name of loopback, and programs', async () => {
    const server = await startServer(board());
    const own = [`localhost:${server.port}`, `127.0.0.1:${server.port}`, `[::1]:${server.port}`];
    for (const host of own) {
      const answer = await request(`${server.url}/api/board`, { headers: { host, origin: `http://${host}` } });
      expect([host, answer.statusCode]).toEqual([host, 200]);
      await answer.body.dump();
    }
    expect((await request(`${server.url}/api/board`)).statusCode).toBe(200);
  });

  it('lets in the names that the operator allows, behind a proxy too', async () => {
    const server = await startServer(board(), { access: { host: '127.0.0.1', hosts: ['board.example.nhs.uk'] } });
    const headers = { host: `127.0.0.1:${server.port}`, origin: 'https://board.example.nhs.uk' };
    expect((await request(`${server.url}/api/board`, { headers })).statusCode).toBe(200);
    const direct = { host: 'board.example.nhs.uk', origin: 'https://board.example.nhs.uk' };
    expect((await request(`${server.url}/api/board`, { headers: direct })).statusCode).toBe(200);
  });

  it('answers on both address families', async () => {
    const server = await startServer(board());
    for (const url of server.urls) expect((await json(`${url}/api/board`))['system']).toBe('small');
    expect(server.urls).toEqual([`http://127.0.0.1:${server.port}`, `http://[::1]:${server.port}`]);
  });
});

describe('pages', () => {
  const PAGE =
    '<!doctype html><html><head><style>b{}</style><script src="/x.js"></script></head><body><script>go()</script></body></html>';
  function buildFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-web-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, '_app', 'immutable'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, '_app', 'immutable', 'a.js'), 'export {}');
    writeFileSync(join(folder, 'theme.js'), 'void 0');
    return folder;
  }

  it('answers every screen with the one page, whose only inline code is named by hash', async () => {
    const server = await startServer(board(), { webFolder: buildFolder() });
    for (const path of ['/', '/units/P1', '/wall/system?scene=1', '/index.html']) {
      const answer = await request(`${server.url}${path}`);
      expect([path, await answer.body.text()]).toEqual([path, PAGE]);
      expect(answer.headers['cache-control']).toBe('no-cache');
      const policy = String(answer.headers['content-security-policy']);
      const hash = createHash('sha256').update('go()').digest('base64');
      expect(policy.match(/script-src [^;]*/)?.[0]).toBe(`script-src 'self' 'sha256-${hash}'`);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  it('lets hashed files be kept for ever and nothing else', async () => {
    const server = await startServer(board(), { webFolder: buildFolder() });
    const kept = async (path: string) => {
      const answer = await request(`${server.url}${path}`);
      await answer.body.dump();
      return answer.headers['cache-control'];
    };
    expect(await kept('/_app/immutable/a.js')).toBe('public, max-age=31536000, immutable');
    expect(await kept('/theme.js')).toBe('no-cache');
    expect(await kept('/api/board')).toMatch(/no-/);
    expect(await kept('/api/system')).toBe('no-store');
  });
});

describe('a new build of the pages', () => {
  it('is served by the running server, page and files together', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-web-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const page = (name: string) => `<html><body><script>${name}()</script></body></html>`;
    writeFileSync(join(folder, 'index.html'), page('first'));
    const server = await startServer(board(), { webFolder: folder });
    const shown = async () => (await request(`${server.url}/units/P1`)).body.text();
    expect(await shown()).toBe(page('first'));
    writeFileSync(join(folder, 'index.html'), page('another'));
    writeFileSync(join(folder, 'new.js'), 'void 1');
    expect(await shown()).toBe(page('another'));
    const policy = String((await request(`${server.url}/`)).headers['content-security-policy']);
    expect(policy).toContain(createHash('sha256').update('another()').digest('base64'));
    expect(await (await request(`${server.url}/new.js`)).body.text()).toBe('void 1');
  });
});

describe('commands', () => {
  it('are in the audit with their actor before their handler runs', async () => {
    const { default: Fastify } = await import('fastify');
    const { addActor, identifyLocal } = await import('../../server/identity/actor.ts');
    const { addAudit } = await import('../../server/identity/audit.ts');
    const seen: string[] = [];
    const app = Fastify();
    onTestFinished(() => app.close().then(() => undefined));
    addActor(app, identifyLocal);
    const record = ({ actor, command, step }: { actor: string; command: string; step: string }) => {
      seen.push(`${step} ${command} ${actor}`);
    };
    addAudit(
      app,
      { record, close: () => undefined },
      { now: () => MONDAY_8AM, speed: 1, simulated: true, realMsUntil: () => 0 },
    );
    app.post('/api/declare', async () => seen.push('handled'));
    await app.inject({ method: 'POST', url: '/api/declare' });
    await app.inject({ method: 'GET', url: '/api/declare' });
    await until('both entries', () => seen.length === 3);
    expect(seen).toEqual([
      'asked POST /api/declare local-operator',
      'handled',
      'done POST /api/declare local-operator',
    ]);
  });
});
