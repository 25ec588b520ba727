import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import { smallDefinition } from '../support/definition.ts';
import { connectSocketIo, connectWs, fold, type TestClient } from '../support/live-clients.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const CHANNELS: readonly (readonly [string, (url: string) => Promise<TestClient>])[] = [
  ['plain WebSocket', (url) => connectWs(url)],
  ['Socket.IO over websocket', (url) => connectSocketIo(url, { transports: ['websocket'] })],
  ['Socket.IO over polling', (url) => connectSocketIo(url, { transports: ['polling'] })],
  ['Socket.IO that upgrades from polling', (url) => connectSocketIo(url)],
];

const board = () => createMemoryBoard(smallDefinition());
const metric = (value: number) => ({ 'calls.waiting': { value, absence: null, observedAt: null } });

describe.each(CHANNELS)('%s', (_name, connect) => {
  it('gives a snapshot and then every commit, which fold to exactly /api/board', async () => {
    const live = board();
    const server = await startServer(live);
    live.change([{ id: 'P1', level: 2, metrics: metric(3) }]);
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small' });
    await client.next('snapshot');
    for (let i = 0; i < 20; i += 1) {
      live.change([{ id: `P${(i % 4) + 1}`, score: i, metrics: metric(i) }], [{ id: 'telephony-test', latencyMs: i }]);
    }
    await until('all commits', () => client.frames.length === 21);
    const answer = await request(`${server.url}/api/board`);
    const body = (await answer.body.json()) as BoardBody;
    const folded = fold(client.frames);
    expect(folded.seq).toBe(body.seq);
    expect(folded.epoch).toBe(body.epoch);
    expect(folded.units).toEqual(body.units);
    expect(folded.feeds).toEqual(body.feeds);
  });

  it('answers a bad request with an error frame and stays usable', async () => {
    const server = await startServer(board());
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'nowhere' });
    expect((await client.next('error')).code).toBe('UNKNOWN_SCOPE');
    client.ask({ type: 'subscribe', scope: 'small' });
    expect((await client.next('snapshot')).units).toHaveLength(10);
  });
});
