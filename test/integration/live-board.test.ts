import { describe, expect, it } from 'vitest';
import { request } from 'undici';
import { toInstant } from '#shared/model/time.ts';
import type { BoardBody } from '#shared/protocol/api.ts';
import { createBoard } from '../../server/board/board.ts';
import type { Journal, PollOutcome } from '../../server/domain/ports.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import { NO_NATIONAL, practiceIds, smallDefinition } from '../support/definition.ts';
import { connectSocketIo, connectWs, fold, type TestClient } from '../support/live-clients.ts';
import { MONDAY_8AM } from '../support/memory-board.ts';
import { manualClock, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const SEED = 20_261_123;

/** A small generator with a seed: the same night of polls on every machine. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function outcome(at: number, random: (below: number) => number): PollOutcome {
  const fails = random(6) === 0;
  const readings = practiceIds(3).flatMap((site) => [
    { site, metric: 'calls.waiting' as const, value: random(5) === 0 ? null : random(12) },
    { site, metric: 'calls.longest-wait' as const, value: random(900) },
    { site, metric: 'calls.inbound' as const, value: Math.floor((at - MONDAY_8AM) / 10_000) + random(3) },
  ]);
  return {
    feed: 'telephony-test',
    at,
    state: fails ? 'timeout' : 'ok',
    fault: fails ? 'no answer within 2 seconds' : '',
    observedAt: fails ? null : at,
    readings: fails ? [] : readings,
    slots: [],
    unchanged: false,
    rejected: 0,
    latencyMs: 10,
    bytes: 100,
  };
}

function setUp() {
  const clock = manualClock();
  const definition = smallDefinition({ practices: 3 });
  const journal: Journal = { append: () => undefined, checkpoint: () => undefined };
  const normal = createPublishedNormal(definition, NO_NATIONAL);
  const board = createBoard({ definition, clock, normal, epoch: 'e1', journal });
  const random = createRandom(SEED);
  const live = (minutes: number) => {
    for (let i = 0; i < minutes * 4; i += 1) {
      clock.set(clock.now() + 15_000);
      if (random(4) > 0) board.apply(outcome(clock.now(), random));
      board.tick();
    }
  };
  return { board, clock, live };
}

const subscriptions: readonly [key: string, scope: string, view: 'full' | 'overview'][] = [
  ['all', 'small', 'full'],
  ['over', 'small', 'overview'],
  ['one', 'P2', 'full'],
  ['none', 'OOH1', 'full'],
];
const position = (client: TestClient, key: string) => {
  const last = client.frames.findLast((f) => f.type !== 'error' && f.key === key);
  return last !== undefined && last.type !== 'error' ? last.seq : -1;
};

describe('the real board on the wire', () => {
  it.each([
    ['plain WebSocket', (url: string): Promise<TestClient> => connectWs(url)],
    ['Socket.IO', (url: string): Promise<TestClient> => connectSocketIo(url)],
  ])('by %s folds to /api/board, and every scope to a fresh snapshot of itself', async (_name, connect) => {
    const { board, clock, live } = setUp();
    const server = await startServer(board, { clock });
    const client = await connect(server.url);
    for (const [key, scope, view] of subscriptions) client.ask({ type: 'subscribe', scope, view, key });
    await until('four snapshots', () => client.frames.filter((f) => f.type === 'snapshot').length === 4);
    for (let hour = 0; hour < 4; hour += 1) live(30);
    expect(board.seq).toBeGreaterThan(100);
    await until('every commit', () => subscriptions.every(([key]) => position(client, key) === board.seq));
    const body = (await (await request(`${server.url}/api/board`)).body.json()) as BoardBody;
    expect(body.at).toBe(toInstant(board.at));
    expect(fold(client.frames, 'all')).toEqual({ epoch: 'e1', seq: body.seq, units: body.units, feeds: body.feeds });
    const fresh = await connect(server.url);
    for (const [key, scope, view] of subscriptions) fresh.ask({ type: 'subscribe', scope, view, key });
    await until('four snapshots', () => fresh.frames.length === 4);
    for (const [key] of subscriptions) expect([key, fold(client.frames, key)]).toEqual([key, fold(fresh.frames, key)]);
  });

  it('resumes at every position that it remembers, to the same state', async () => {
    const { board, clock, live } = setUp();
    const server = await startServer(board, { clock });
    const whole = await connectWs(server.url);
    whole.ask({ type: 'subscribe', scope: 'small' });
    await whole.next('snapshot');
    live(10);
    await until('every commit', () => position(whole, '') === board.seq);
    for (let cut = 1; cut <= whole.frames.length; cut += 7) {
      const known = fold(whole.frames.slice(0, cut));
      const client = await connectWs(server.url);
      client.ask({ type: 'subscribe', scope: 'small', epoch: known.epoch, since: known.seq });
      await until('the present', () => position(client, '') === board.seq);
      expect(fold(client.frames, '', known)).toEqual(fold(whole.frames));
      client.close();
    }
  });
});
