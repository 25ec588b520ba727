import { Value } from 'typebox/value';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BoardSchema, SeriesSchema } from '#shared/protocol/api.ts';
import type { ChartQuery, LevelChange } from '../../server/domain/ports.ts';
import { StoreUnavailable } from '../../server/store/errors.ts';
import { smallDefinition } from '../support/definition.ts';
import { createMemoryBoard, MONDAY_8AM } from '../support/memory-board.ts';
import { NO_HISTORY, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const board = () => createMemoryBoard(smallDefinition());
const json = async (url: string) => (await request(url)).body.json() as Promise<Record<string, unknown>>;
const series = (query: string) => `/api/units/P1/series${query}`;

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

  it('gives one unit, and the feeds', async () => {
    const server = await startServer(board());
    expect(await json(`${server.url}/api/units/N1`)).toMatchObject({ id: 'N1', kind: 'neighbourhood', level: null });
    expect(await json(`${server.url}/api/feeds`)).toMatchObject({ feeds: [{ id: 'telephony-test' }] });
  });

  it('gives a series beside its normal from the start of the day to its end', async () => {
    const asked: unknown[] = [];
    const history = {
      ...NO_HISTORY,
      chart: async (query: ChartQuery) => (
        asked.push(query),
        {
          points: [[MONDAY_8AM, 4] as const, [MONDAY_8AM + 900_000, null] as const],
          source: 'five-minutes' as const,
          bounds: [],
        }
      ),
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
    const query = { unit: 'N1', metric: 'calls.inbound', from: midnight, to: MONDAY_8AM, step: 900_000, band: false };
    expect(asked).toEqual([query]);
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
      source: 'five-minutes',
    });
    expect(body).not.toHaveProperty('range');
  });

  it('gives what lay within each bucket where it is asked for', async () => {
    const history = {
      ...NO_HISTORY,
      chart: async ({ band }: ChartQuery) => ({
        points: [[MONDAY_8AM, 4] as const],
        source: 'days' as const,
        bounds: band === true ? [{ at: MONDAY_8AM, min: 1, max: null, mean: 4.25, coverage: 0.5, count: 7 }] : [],
      }),
    };
    const server = await startServer(board(), { history });
    const body = await json(`${server.url}/api/units/N1/series?metric=calls.waiting&band=true`);
    expect(Value.Check(SeriesSchema, body)).toBe(true);
    expect(body).toMatchObject({
      range: [[MONDAY_8AM, 1, null]],
      mean: [[MONDAY_8AM, 4.25]],
      coverage: [[MONDAY_8AM, 0.5, 7]],
    });
  });

  it('gives what was published about a practice, by its register code, and nothing where nothing was imported', async () => {
    const asked: unknown[] = [];
    const figure = {
      dataset: 'cbt-practice',
      item: 'calls.inbound',
      month: '2026-01',
      value: 9000,
      days: null,
      file: 'a.csv',
    };
    const organisation = {
      name: 'P',
      kind: 'practice' as const,
      parent: '01T',
      status: 'A',
      opened: '1974-04-01',
      closed: null,
    };
    const known = {
      organisation,
      memberships: [{ network: 'U1', name: null, from: '2019-07-01', to: null }],
      figures: [figure],
    };
    const history = { ...NO_HISTORY, published: async (...given: unknown[]) => (asked.push(given), known) };
    const server = await startServer(board(), { history });
    expect(await json(`${server.url}/api/units/P1/published?months=3`)).toEqual({ unit: 'P1', ...known });
    expect(asked).toEqual([[board().definition.units.find(({ id }) => id === 'P1')?.odsCode ?? 'P1', 3]]);
    const empty = await startServer(board());
    expect(await json(`${empty.url}/api/units/P1/published`)).toMatchObject({ organisation: null, figures: [] });
  });

  it('says that the history is away, by a code, while the live board stands', async () => {
    const away = () => Promise.reject(new StoreUnavailable('connection refused'));
    const server = await startServer(board(), {
      history: { chart: away, series: away, levelChanges: away, published: away },
    });
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
      'headroom_rejected_today',
      'headroom_quarantine_kept',
      'headroom_clock_offset_seconds',
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
      '/api/backtests',
      '/api/backtests/{id}',
      '/api/board',
      '/api/catalogue',
      '/api/changes',
      '/api/docs',
      '/api/feeds',
      '/api/feeds/pause',
      '/api/feeds/poll',
      '/api/feeds/quarantine',
      '/api/feeds/read-again',
      '/api/feeds/resume',
      '/api/feeds/summary',
      '/api/feeds/{id}/answer',
      '/api/feeds/{id}/rejected',
      '/api/health/live',
      '/api/health/ready',
      '/api/hubs',
      '/api/openapi.json',
      '/api/redirections',
      '/api/redirections/preview',
      '/api/redirections/scorecard',
      '/api/redirections/what-if',
      '/api/redirections/{id}',
      ...['accept', 'acknowledge', 'fulfil', 'keep', 'refuse', 'release', 'undo'].map(
        (verb) => `/api/redirections/{id}/${verb}`,
      ),
      '/api/replay',
      '/api/replay/extent',
      '/api/rules',
      '/api/rules/check',
      '/api/rules/drafts',
      '/api/rules/drafts/{id}',
      '/api/rules/publish',
      '/api/rules/roll-back',
      '/api/rules/versions/{id}',
      '/api/screens',
      '/api/screens/codes',
      '/api/screens/codes/collect',
      '/api/screens/{id}',
      '/api/screens/{id}/restore',
      '/api/screens/{id}/revoke',
      '/api/screens/{id}/seen',
      '/api/screens/{id}/step',
      '/api/spread',
      '/api/system',
      '/api/units/{id}',
      '/api/units/{id}/normal',
      '/api/units/{id}/published',
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
