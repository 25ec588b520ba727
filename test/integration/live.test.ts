import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { BoardBody } from '#shared/protocol/api.ts';
import { smallDefinition } from '../support/definition.ts';
import { connectSocketIo, connectWs, fold, type TestClient } from '../support/live-clients.ts';
import { createMemoryBoard, type MemoryBoard } from '../support/memory-board.ts';
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
const getBoard = async (url: string) => (await (await request(`${url}/api/board`)).body.json()) as BoardBody;

/** Changes of every kind: a site, a group, a feed, nothing that is shown. */
function shake(live: MemoryBoard, times: number): void {
  for (let i = 0; i < times; i += 1) {
    const site = { id: `P${(i % 4) + 1}`, score: i % 100, metrics: metric(i) };
    const units = i % 5 === 4 ? [] : [site, { id: 'N1', sentence: `turn ${i}` }];
    live.change(units, i % 3 === 0 ? [{ id: 'telephony-test', latencyMs: i }] : []);
  }
}

describe.each(CHANNELS)('%s', (_name, connect) => {
  it('gives a snapshot and then every commit, which fold to exactly /api/board', async () => {
    const live = board();
    const server = await startServer(live);
    shake(live, 3);
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small' });
    await client.next('snapshot');
    shake(live, 40);
    await until('all commits', () => client.frames.length === 41);
    const body = await getBoard(server.url);
    const folded = fold(client.frames);
    expect(folded).toEqual({ epoch: body.epoch, seq: body.seq, units: body.units, feeds: body.feeds });
  });

  it('takes up where a dropped client left off, without another snapshot', async () => {
    const live = board();
    const server = await startServer(live);
    const first = await connect(server.url);
    first.ask({ type: 'subscribe', scope: 'small' });
    await first.next('snapshot');
    shake(live, 5);
    await until('five commits', () => first.frames.length === 6);
    first.close();
    const known = fold(first.frames);
    shake(live, 30);
    const second = await connect(server.url);
    second.ask({ type: 'subscribe', scope: 'small', epoch: known.epoch, since: known.seq });
    shake(live, 2);
    await until('what was missed', () => second.frames.length === 32);
    expect(second.frames.every((f) => f.type === 'patch')).toBe(true);
    const body = await getBoard(server.url);
    expect(fold(second.frames, '', known)).toEqual({
      epoch: body.epoch,
      seq: body.seq,
      units: body.units,
      feeds: body.feeds,
    });
  });

  it('confirms a position that misses nothing at once', async () => {
    const live = board();
    const server = await startServer(live);
    shake(live, 4);
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small', since: 4 });
    expect(await client.next('heartbeat')).toMatchObject({ seq: 4, scope: 'small' });
    expect(client.frames).toHaveLength(1);
  });

  it.each([
    ['of another epoch', { epoch: 'another', since: 5 }],
    ['older than what is kept', { since: 0 }],
    ['that has not been yet', { since: 5000 }],
  ])('answers a position %s by a snapshot', async (_what, position) => {
    const live = board();
    const server = await startServer(live);
    shake(live, 150);
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small', ...position });
    expect(await client.next('snapshot')).toMatchObject({ seq: 150, epoch: live.epoch, part: { index: 0, of: 1 } });
  });

  it('raises seq by one in every scope, also where nothing changed', async () => {
    const live = board();
    const server = await startServer(live);
    const client = await connect(server.url);
    const scopes = ['small', 'N2', 'P1', 'OOH1'];
    scopes.forEach((scope, i) => client.ask({ type: 'subscribe', scope, key: `k${i}` }));
    await until('four snapshots', () => client.frames.length === 4);
    shake(live, 10);
    await until('all commits', () => client.frames.length === 44);
    scopes.forEach((_scope, i) => expect(fold(client.frames, `k${i}`).seq).toBe(10));
    const quiet = client.frames.filter((f) => f.type === 'patch' && f.key === 'k3');
    expect(quiet.map((f) => (f.type === 'patch' ? f.units.length + f.feeds.length : -1))).toEqual(Array(10).fill(0));
  });

  it('answers a bad request with an error frame and stays usable', async () => {
    const server = await startServer(board());
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'nowhere' });
    expect((await client.next('error')).code).toBe('UNKNOWN_SCOPE');
    client.ask({ type: 'subscribe', scope: 'small' });
    expect((await client.next('snapshot')).units).toHaveLength(10);
  });

  it('ends quickly when the server closes, and is told so', async () => {
    const server = await startServer(board());
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small' });
    await client.next('snapshot');
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(5000);
    await until('the client to notice', () => client.closed);
  });

  // The client's polling transport cannot ask an address in brackets at all; the raw polling client below can.
  it.skipIf(_name.includes('polling'))('is reached on ::1 as on 127.0.0.1', async () => {
    const live = board();
    const server = await startServer(live);
    const client = await connect(`http://[::1]:${server.port}`);
    client.ask({ type: 'subscribe', scope: 'N1' });
    await client.next('snapshot');
    live.change([{ id: 'P1', level: 4 }]);
    expect(await client.next('patch')).toMatchObject({ units: [{ id: 'P1', level: 4 }] });
  });
});

describe('polling by hand', () => {
  it('on ::1 shakes hands, subscribes and gets the frames', async () => {
    const live = board();
    const server = await startServer(live);
    const base = `http://[::1]:${server.port}/socket.io/?EIO=4&transport=polling`;
    const get = async (url: string) => (await request(url)).body.text();
    const post = async (url: string, body: string) => (await request(url, { method: 'POST', body })).body.text();
    const { sid } = JSON.parse((await get(base)).slice(1)) as { sid: string };
    const session = `${base}&sid=${sid}`;
    expect(await post(session, '40')).toBe('ok');
    expect(await get(session)).toMatch(/^40\{"sid":/);
    expect(await post(session, '42["request",{"type":"subscribe","scope":"P1"}]')).toBe('ok');
    const [event, frame] = JSON.parse((await get(session)).slice(2)) as [string, { type: string; units: unknown[] }];
    expect([event, frame.type, frame.units.length]).toEqual(['frame', 'snapshot', 4]);
  });
});

describe('a subscription', () => {
  it('holds the unit, all beneath it and its ancestors, and the feeds behind them', async () => {
    const server = await startServer(board());
    const client = await connectWs(server.url);
    client.ask({ type: 'subscribe', scope: 'N2', key: 'a' });
    client.ask({ type: 'subscribe', scope: 'OOH1', key: 'b' });
    await until('both snapshots', () => client.frames.length === 2);
    const ids = ['a', 'b'].map((key) => fold(client.frames, key).units.map((u) => u.id));
    expect(ids[0]?.toSorted()).toEqual(['N2', 'P3', 'P4', 'place', 'small']);
    expect(ids[1]?.toSorted()).toEqual(['OOH1', 'small']);
    expect(fold(client.frames, 'a').feeds.map((f) => f.id)).toEqual(['telephony-test']);
    expect(fold(client.frames, 'b').feeds).toEqual([]);
  });

  it('in overview leaves out what no control room needs of a site, and still counts every commit', async () => {
    const live = board();
    const server = await startServer(live);
    const client = await connectWs(server.url);
    client.ask({ type: 'subscribe', scope: 'small', view: 'overview' });
    const snapshot = await client.next('snapshot');
    const site = snapshot.units.find((u) => u.id === 'P1') ?? {};
    expect(Object.keys(site)).not.toEqual(expect.arrayContaining(['metrics']));
    for (const field of ['metrics', 'indicators', 'feeds', 'slotHours']) expect(site).not.toHaveProperty(field);
    expect(snapshot.units.find((u) => u.id === 'N1')).toHaveProperty('metrics');
    expect(snapshot.feeds).toEqual([]);
    live.change([{ id: 'P1', metrics: metric(1) }], [{ id: 'telephony-test', latencyMs: 1 }]);
    live.change([
      { id: 'P1', level: 2, metrics: metric(2) },
      { id: 'N1', metrics: metric(2) },
    ]);
    await until('both commits', () => client.frames.length === 3);
    expect(client.frames[1]).toMatchObject({ type: 'patch', seq: 1, units: [], feeds: [] });
    expect(client.frames[2]).toMatchObject({
      units: [
        { id: 'P1', level: 2 },
        { id: 'N1', metrics: metric(2) },
      ],
    });
    expect(JSON.stringify(client.frames[2])).not.toMatch(/"P1"[^}]*metrics/);
  });

  it('is replaced by another under the same key, and ends when asked', async () => {
    const live = board();
    const server = await startServer(live);
    const client = await connectWs(server.url);
    client.ask({ type: 'subscribe', scope: 'N1' });
    client.ask({ type: 'subscribe', scope: 'N2' });
    await until('both snapshots', () => client.frames.length === 2);
    live.change([{ id: 'P1', level: 2 }]);
    expect(await client.next('patch')).toMatchObject({ scope: 'N2', units: [] });
    client.ask({ type: 'unsubscribe' });
    client.ask({ type: 'subscribe', scope: 'P4', key: 'other' });
    await until('the third snapshot', () => client.frames.length === 4);
    live.change([{ id: 'P4', level: 2 }]);
    await until('its commit', () => client.frames.length === 5);
    expect(client.frames[4]).toMatchObject({ key: 'other', units: [{ id: 'P4' }] });
  });

  it('carries the clock, the build and what every screen must say', async () => {
    const server = await startServer(board(), { open: 'Open demonstration', build: '1.2.3' });
    const client = await connectWs(server.url);
    client.ask({ type: 'subscribe', scope: 'small' });
    expect(await client.next('snapshot')).toMatchObject({
      protocol: 1,
      system: 'small',
      simulated: true,
      open: 'Open demonstration',
      build: '1.2.3',
      at: '2026-11-23T08:00:00.000Z',
      clock: { now: Date.UTC(2026, 10, 23, 8), speed: 1, simulated: true },
    });
  });

  it('hears a heartbeat while nothing changes', async () => {
    const server = await startServer(board(), { liveLimits: { heartbeatMs: 100, sweepMs: 20 } });
    const client = await connectWs(server.url);
    client.ask({ type: 'subscribe', scope: 'small' });
    await until('three heartbeats', () => client.frames.filter((f) => f.type === 'heartbeat').length >= 3);
    expect(client.frames.at(-1)).toMatchObject({ type: 'heartbeat', seq: 0, scope: 'small', key: '' });
  });
});

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
