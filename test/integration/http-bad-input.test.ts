import { connect } from 'node:net';
import { Value } from 'typebox/value';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemSchema, type Problem } from '#shared/protocol/api.ts';
import type { ChartQuery } from '../../server/domain/ports.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { NO_HISTORY, startServer, type RunningServer } from '../support/server.ts';

const board = () => createMemoryBoard(smallDefinition());

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
  ['published of an unknown unit', 'GET', '/api/units/nowhere/published', 404, 'UNKNOWN_UNIT'],
  ['published for no months', 'GET', '/api/units/P1/published?months=0', 400, 'BAD_INPUT', '/query/months'],
  ['rejects of an unknown feed', 'GET', '/api/feeds/nothing/rejected', 404, 'UNKNOWN_FEED'],
];

describe('bad input', () => {
  const asked: unknown[] = [];
  let server: RunningServer;
  beforeAll(async () => {
    const history = {
      ...NO_HISTORY,
      chart: async (query: unknown) => (asked.push(query), NO_HISTORY.chart(query as ChartQuery)),
    };
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
      ...NO_HISTORY,
      chart: () => Promise.reject(new Error('password=hunter2 at /home/somebody/file.ts')),
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
