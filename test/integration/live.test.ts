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

describe.each(CHANNELS)('%s', (name, connect) => {
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
  if (name.includes('polling')) return;
  it('is reached on ::1 as on 127.0.0.1', async () => {
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
