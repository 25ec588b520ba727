import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import { smallDefinition } from '../support/definition.ts';
import { connectSocketIo, connectWs, fold } from '../support/live-clients.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const board = () => createMemoryBoard(smallDefinition());
const getBoard = async (url: string) => (await (await request(`${url}/api/board`)).body.json()) as BoardBody;

describe('a client that cannot keep up', () => {
  const stats = async (url: string) => {
    const text = await (await request(`${url}/metrics`)).body.text();
    return (name: string) => Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1]);
  };
  const heavy = (i: number) => [{ id: 'N1', sentence: `${i} ${'x'.repeat(200_000)}` }];

  it('becomes stale, gets nothing more, and then one snapshot; the others notice nothing', async () => {
    const live = board();
    const server = await startServer(live);
    const slow = await connectWs(server.url);
    const quick = await connectWs(server.url);
    for (const client of [slow, quick]) client.ask({ type: 'subscribe', scope: 'small' });
    await Promise.all([slow.next('snapshot'), quick.next('snapshot')]);
    slow.socket.pause();
    let sent = 0;
    const isStale = async () => (await stats(server.url))('headroom_live_clients_stale') === 1;
    await until('the client to be stale', async () => {
      live.change(heavy(sent));
      sent += 1;
      await until('the quick one to have it', () => quick.frames.length === sent + 1);
      return isStale();
    });
    live.change([{ id: 'P1', level: 4 }]);
    live.change([{ id: 'P1', level: 3 }]);
    slow.socket.resume();
    const snapshots = () => slow.frames.filter((f) => f.type === 'snapshot').slice(1);
    await until('the whole snapshot', () => snapshots().length > 0 && snapshots().length === snapshots()[0]?.part.of);
    live.change([{ id: 'P2', level: 2 }]);
    await until('the latest commit', () => slow.frames.at(-1)?.type === 'patch');
    expect(new Set(snapshots().map((f) => f.seq))).toEqual(new Set([sent + 2]));
    const since = slow.frames.slice(slow.frames.findLastIndex((f) => f.type === 'snapshot' && f.part.index === 0));
    expect(fold(since)).toMatchObject({ seq: live.seq, units: (await getBoard(server.url)).units });
    expect(fold(quick.frames).seq).toBe(live.seq);
    expect(quick.frames.filter((f) => f.type === 'snapshot')).toHaveLength(1);
    const after = await stats(server.url);
    expect(after('headroom_live_staled_total')).toBe(1);
    expect(after('headroom_live_clients_stale')).toBe(0);
  });

  it('is ended when nothing leaves for too long', async () => {
    const live = board();
    const server = await startServer(live, { liveLimits: { staleMs: 300, sweepMs: 50 } });
    const slow = await connectWs(server.url);
    slow.ask({ type: 'subscribe', scope: 'small' });
    await slow.next('snapshot');
    slow.socket.pause();
    let i = 0;
    await until('the client to be ended', async () => {
      if (i < 100) live.change(heavy(i));
      i += 1;
      return (await stats(server.url))('headroom_live_ended_total') === 1;
    });
    expect((await stats(server.url))('headroom_live_clients')).toBe(0);
  });

  it('gets a board larger than the guard in parts, without being stale', async () => {
    const live = createMemoryBoard(smallDefinition({ practices: 200 }));
    for (const { id } of live.units()) live.change([{ id, sentence: 'y'.repeat(3000) }]);
    const server = await startServer(live);
    const client = await connectWs(server.url);
    client.ask({ type: 'subscribe', scope: 'small' });
    const part = await client.next('snapshot');
    expect(part.part.of).toBeGreaterThan(8);
    live.change([{ id: 'P7', level: 4 }]);
    await until('the commit', () => client.frames.at(-1)?.type === 'patch');
    expect(fold(client.frames).units).toEqual((await getBoard(server.url)).units);
    expect((await stats(server.url))('headroom_live_staled_total')).toBe(0);
  });
});

describe('who may listen', () => {
  const EVIL = [{ origin: 'https://evil.example' }, { host: 'evil.example' }, { origin: 'null' }];

  it.each(EVIL)('refuses %j on both channels and every transport', async (headers) => {
    const server = await startServer(board());
    await expect(connectWs(server.url, { headers })).rejects.toThrow('403');
    // The client's polling writes its own Host; the table of HTTP refusals has that one.
    for (const transport of 'host' in headers ? ['websocket'] : ['polling', 'websocket']) {
      const refused = connectSocketIo(server.url, { transports: [transport], extraHeaders: headers });
      await expect(refused, transport).rejects.toThrow(/error/);
    }
    expect((await request(`${server.url}/api/board`)).statusCode).toBe(200);
  });

  it('lets its own pages in', async () => {
    const server = await startServer(board());
    const headers = { host: `localhost:${server.port}`, origin: `http://localhost:${server.port}` };
    const ws = await connectWs(server.url, { headers });
    const socketIo = await connectSocketIo(server.url, { transports: ['websocket'], extraHeaders: headers });
    expect([ws.closed, socketIo.closed]).toEqual([false, false]);
  });

  it('answers an upgrade to an address that is none with 404, and lives on', async () => {
    const server = await startServer(board());
    const { default: WebSocket } = await import('ws');
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/nothing`);
    const { promise, resolve } = Promise.withResolvers<string>();
    socket.on('error', (error) => resolve(error.message));
    expect(await promise).toContain('404');
    expect((await request(`${server.url}/api/health/live`)).statusCode).toBe(200);
  });
});
