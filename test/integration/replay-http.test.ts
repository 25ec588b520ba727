import { request } from 'undici';
import { expect, it } from 'vitest';
import { toInstant } from '#shared/model/time.ts';
import type { LevelChange } from '../../server/domain/ports.ts';
import { createReplayHouse } from '../../server/replay/house.ts';
import { createStudio, type Studio } from '../../server/replay/studio.ts';
import { StoreUnavailable } from '../../server/store/errors.ts';
import { smallDefinition } from '../support/definition.ts';
import { MONDAY_8AM } from '../support/memory-board.ts';
import { countingBoard, createMemoryRecording } from '../support/recorded-memory.ts';
import { NO_HISTORY, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const second = (n: number) => toInstant(MONDAY_8AM + n * 1000);
const change: LevelChange = {
  at: MONDAY_8AM + 500,
  unit: 'P1',
  from: 1,
  to: 2,
  score: 41,
  text: 'callers wait',
  rules: '1/hash',
};

const PATHS = ['/api/replay', '/api/units/P1', '/api/changes', '/api/feeds/summary'];

async function setUp() {
  const recording = createMemoryRecording();
  const { board } = countingBoard(100, recording);
  const house = createReplayHouse({
    ...{ studio: createStudio(recording), recorded: recording },
    definition: smallDefinition(),
    simulated: true,
  });
  const asked: number[][] = [];
  const levelChanges = async (from: number, to: number, limit: number) => {
    asked.push([from, to, limit]);
    return [change];
  };
  const server = await startServer(board, { ...house, history: { ...NO_HISTORY, levelChanges } });
  const get = async (path: string) => {
    const { statusCode, body } = await request(`${server.url}${path}`);
    return { status: statusCode, body: (await body.json()) as Record<string, unknown> };
  };
  return { get, recording, board, asked };
}

it('answers the board of a time, its units and its changes, and leaves what is live alone', async () => {
  const { get, board, asked } = await setUp();
  const { status, body } = await get(`/api/replay?at=${second(2)}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    replay: true,
    asked: second(2),
    at: second(2),
    seq: 20,
    rules: '1/hash',
    system: 'small',
  });
  expect((body['units'] as { id: string }[]).map(({ id }) => id)).toEqual(board.units().map(({ id }) => id));
  expect((await get(`/api/units/P1?at=${second(2)}`)).body).toMatchObject({ score: 19 });
  expect((await get('/api/units/P1')).body).toMatchObject({ score: 99 });
  expect((await get(`/api/units/nobody?at=${second(2)}`)).body).toMatchObject({ status: 404, code: 'UNKNOWN_UNIT' });
  expect((await get(`/api/changes?limit=7&at=${second(2)}`)).body).toMatchObject({
    changes: [{ unit: 'P1', name: 'site P1', to: 2 }],
  });
  expect(asked).toEqual([[Date.UTC(2026, 10, 23), MONDAY_8AM + 2001, 7]]);
  expect((await get('/api/replay/extent')).body).toEqual({
    from: second(0),
    to: second(10),
    stretches: [{ from: second(0), to: second(10) }],
  });
});

it('tells how the feeds were, and what of that is not recorded', async () => {
  const { get } = await setUp();
  const { status, body } = await get(`/api/feeds/summary?at=${second(2)}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ at: second(2), quarantine: { today: 0, groups: [] }, clock: { offMs: null } });
  expect((body['quarantine'] as { note: string }).note).toContain('not part of the recording');
});

it('breaks off what is being read once whoever asked for it has gone', async () => {
  const recording = createMemoryRecording();
  const { board } = countingBoard(10, recording);
  const broken: unknown[] = [];
  let asked = 0;
  const studio: Studio = {
    ...createStudio(recording),
    board: async (_at, signal) => {
      asked += 1;
      const { promise, reject } = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => {
        broken.push(signal.reason);
        reject(signal.reason as Error);
      });
      return promise;
    },
  };
  const house = createReplayHouse({ studio, recorded: recording, definition: smallDefinition(), simulated: true });
  const server = await startServer(board, house);
  const gone = new AbortController();
  const answers = PATHS.map((path) => request(`${server.url}${path}?at=${second(1)}`, { signal: gone.signal }));
  await until('the one look that all of them wait for', () => asked === 1);
  const ends = Promise.allSettled(answers);
  gone.abort();
  expect((await ends).map(({ status }) => status)).toEqual(PATHS.map(() => 'rejected'));
  await until('its end', () => broken.length === 1);
  expect(broken).toMatchObject([{ code: 'REPLAY_LEFT' }]);
});

it.each(PATHS)('%s names the nearest recordings where there is none', async (path) => {
  const { get } = await setUp();
  const { status, body } = await get(`${path}?at=${second(60)}`);
  expect(status).toBe(404);
  expect(body).toMatchObject({
    code: 'NOT_RECORDED',
    nearest: { before: { from: second(0), to: second(10) }, after: null },
  });
});

it.each(PATHS)('%s refuses what is no time, naming it', async (path) => {
  const { get } = await setUp();
  for (const at of ['yesterday', '', '2026-13-45T00:00:00Z', '2026-11-23']) {
    const { status, body } = await get(`${path}?at=${at}`);
    expect([at, status, body['code']]).toEqual([at, 400, 'BAD_INPUT']);
    expect(body['errors']).toMatchObject([{ path: '/query/at' }]);
  }
});

it.each(PATHS)('%s says that the past cannot be read while the database is away', async (path) => {
  const { get, recording } = await setUp();
  recording.away = new StoreUnavailable('away');
  expect((await get(`${path}?at=${second(1)}`)).body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
  recording.away = null;
  expect((await get(`${path}?at=${second(1)}`)).status).toBe(200);
});
