import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/model/time.ts';
import type { ErrorFrame, LiveFrame, PatchFrame, SnapshotFrame } from '#shared/protocol/live.ts';
import { createReplayHouse } from '../../server/replay/house.ts';
import { createStudio } from '../../server/replay/studio.ts';
import { smallDefinition } from '../support/definition.ts';
import { connectSocketIo, connectWs, fold, type TestClient } from '../support/live-clients.ts';
import { MONDAY_8AM } from '../support/memory-board.ts';
import { countingBoard, createMemoryRecording } from '../support/recorded-memory.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const CHANNELS: readonly (readonly [string, (url: string) => Promise<TestClient>])[] = [
  ['plain WebSocket', (url) => connectWs(url)],
  ['Socket.IO', (url) => connectSocketIo(url)],
];
const second = (n: number) => toInstant(MONDAY_8AM + n * 1000);

async function setUp(revisions: number, given: { mostReplays?: number; liveLimits?: object } = {}) {
  const recording = createMemoryRecording();
  const recorded = countingBoard(revisions, recording);
  const { mostReplays } = given;
  const house = createReplayHouse({
    ...{ studio: createStudio(recording), recorded: recording, definition: smallDefinition(), simulated: true },
    ...(mostReplays === undefined ? {} : { mostReplays }),
  });
  const server = await startServer(recorded.board, { ...house, liveLimits: given.liveLimits ?? {} });
  return { ...recorded, house, server };
}

const of = (client: TestClient, stream: string) =>
  client.frames.filter((f): f is SnapshotFrame | PatchFrame => f.type !== 'error' && f.stream === stream);
const errors = (client: TestClient) => client.frames.filter((f): f is ErrorFrame => f.type === 'error');
const waiting = (frames: readonly LiveFrame[], key = '') =>
  fold(frames, key).units.find(({ id }) => id === 'P1')?.metrics['calls.waiting']?.value;

describe.each(CHANNELS)('a replay over %s', (_name, connect) => {
  it('gives the same frames as what is live, marked as a replay, beside what is live', async () => {
    const { server, board, count } = await setUp(100);
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small', key: 'live' });
    client.ask({ type: 'replay', stream: 'past', at: second(2), speed: 0 });
    client.ask({ type: 'subscribe', scope: 'small', key: 'then', stream: 'past' });
    await until('both snapshots', () => client.frames.length === 2);
    count(3);
    await until('the live patches', () => client.frames.length === 5);
    const [then] = of(client, 'past');
    expect(then).toMatchObject({
      type: 'snapshot',
      replay: true,
      at: second(2),
      clock: { speed: 0, now: MONDAY_8AM + 2000 },
    });
    expect(waiting(client.frames, 'then')).toBe(19);
    const live = client.frames.filter((f) => f.type !== 'error' && f.key === 'live');
    expect(live.some((f) => 'replay' in f || 'stream' in f)).toBe(false);
    expect(fold(client.frames, 'live')).toMatchObject({ seq: board.seq, epoch: board.epoch });
    expect(waiting(client.frames, 'live')).toBe(102);
  });

  it('runs, is paused, sought and ended, with two subscriptions in step', async () => {
    const { server, house } = await setUp(3000);
    const client = await connect(server.url);
    client.ask({ type: 'replay', stream: 'r', at: second(0), speed: 60 });
    client.ask({ type: 'subscribe', scope: 'small', key: 'a', stream: 'r' });
    client.ask({ type: 'subscribe', scope: 'P1', key: 'b', stream: 'r' });
    await until('some of it', () => of(client, 'r').length >= 8);
    client.ask({ type: 'replay', stream: 'r', speed: 0 });
    await until('the pause in both', () => of(client, 'r').filter((f) => f.clock.speed === 0).length >= 2);
    const [a, b] = [fold(client.frames, 'a'), fold(client.frames, 'b')];
    expect([a.epoch, a.seq]).toEqual([b.epoch, b.seq]);
    expect(waiting(client.frames, 'a')).toBe(waiting(client.frames, 'b'));
    const paused = of(client, 'r').at(-1)?.clock.now ?? 0;
    expect(waiting(client.frames, 'a')).toBe(Math.floor((paused - MONDAY_8AM) / 100) - 1);
    client.ask({ type: 'replay', stream: 'r', at: second(1) });
    await until('both snapshots', () => of(client, 'r').filter((f) => f.epoch !== a.epoch).length === 2);
    expect(waiting(client.frames, 'b')).toBe(9);
    client.ask({ type: 'replay-end', stream: 'r' });
    client.ask({ type: 'subscribe', scope: 'small', key: 'a', stream: 'r' });
    await until('its refusal', () => errors(client).length === 1);
    expect(errors(client)[0]).toMatchObject({ code: 'UNKNOWN_STREAM', stream: 'r' });
    expect(house.replays.count).toBe(0);
  });

  it('is refused with a code, and the connection lives on', async () => {
    const { server, recording } = await setUp(20, { mostReplays: 3 });
    const client = await connect(server.url);
    client.ask({ type: 'subscribe', scope: 'small', stream: 'none' });
    client.ask({ type: 'replay', stream: 'none', speed: 2 });
    client.ask({ type: 'replay', stream: 'none', at: '2026-02-30T99:00:00Z' });
    client.ask({ type: 'replay', stream: 'early', at: second(-60) });
    await until('the first four', () => errors(client).length === 4);
    expect(errors(client).map((e) => e.code)).toEqual(['UNKNOWN_STREAM', 'BAD_FRAME', 'BAD_FRAME', 'NOT_RECORDED']);
    expect(errors(client)[3]?.message).toContain('The one after it begins at 8am on 23 November 2026');
    client.ask({ type: 'replay', stream: 'second', at: second(1), speed: 0 });
    client.ask({ type: 'replay', stream: 'third', at: second(1) });
    await until('the third replay refused', () => errors(client).length === 5);
    expect(errors(client)[4]).toMatchObject({ code: 'TOO_MANY_REPLAYS', stream: 'third' });
    recording.away = Object.assign(new Error('away'), { code: 'STORE_UNAVAILABLE' });
    client.ask({ type: 'replay', stream: 'second', at: second(0) });
    await until('that it cannot be read', () => errors(client).length === 6);
    expect(errors(client)[5]).toMatchObject({ code: 'REPLAY_UNAVAILABLE', stream: 'second' });
    recording.away = null;
    // A subscription to a replay that has found nothing yet is served by its first jump that does.
    client.ask({ type: 'subscribe', scope: 'small', stream: 'early' });
    client.ask({ type: 'replay', stream: 'early', at: second(1), speed: 0 });
    expect((await client.next('snapshot')).at).toBe(second(1));
    const other = await connect(server.url);
    other.ask({ type: 'replay', stream: 'a', at: second(1) });
    other.ask({ type: 'replay', stream: 'b', at: second(1) });
    await until('no more room on the server', () => errors(other).length === 1);
    expect(errors(other)[0]).toMatchObject({ code: 'TOO_MANY_REPLAYS', stream: 'b' });
  });

  it('ends with its connection', async () => {
    const { server, house } = await setUp(100);
    const client = await connect(server.url);
    client.ask({ type: 'replay', stream: 'r', at: second(1) });
    client.ask({ type: 'subscribe', scope: 'small', stream: 'r' });
    await client.next('snapshot');
    expect(house.replays.count).toBe(1);
    client.close();
    await until('the replay to end', () => house.replays.count === 0);
  });
});

it('says again and again why a replay shows nothing, while somebody waits for it', async () => {
  const { server } = await setUp(20, { liveLimits: { heartbeatMs: 40, sweepMs: 10 } });
  const client = await connectWs(server.url);
  client.ask({ type: 'replay', stream: 'r', at: second(-60) });
  client.ask({ type: 'subscribe', scope: 'small', stream: 'r' });
  await until('three words', () => errors(client).length >= 3);
  expect(new Set(errors(client).map((e) => e.code))).toEqual(new Set(['NOT_RECORDED']));
});

it('sends heartbeats while it is paused', async () => {
  const { server } = await setUp(100, { liveLimits: { heartbeatMs: 40, sweepMs: 10 } });
  const client = await connectWs(server.url);
  client.ask({ type: 'replay', stream: 'r', at: second(1), speed: 0 });
  client.ask({ type: 'subscribe', scope: 'small', stream: 'r' });
  const beat = await client.next('heartbeat');
  expect(beat).toMatchObject({ stream: 'r', replay: true, at: second(1) });
  expect(fold(client.frames)).toMatchObject({ seq: beat.seq, epoch: beat.epoch });
});
