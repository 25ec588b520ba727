import { describe, expect, it } from 'vitest';
import type { LiveFrame } from '#shared/protocol/live.ts';
import { smallDefinition } from '../../test/support/definition.ts';
import { createMemoryBoard, MONDAY_8AM } from '../../test/support/memory-board.ts';
import { createHub } from './hub.ts';
import type { LiveLimits } from './limits.ts';
import { understand } from './requests.ts';
import type { LiveClient } from './client.ts';

/** A client whose line the test opens and shuts: what is sent waits until `take`. */
function line() {
  const waiting: string[] = [];
  const got: LiveFrame[] = [];
  const state = { ended: null as string | null, drained: (): void => undefined };
  const client: LiveClient = {
    actor: { id: 'someone', role: 'local-operator', tier: 'all' },
    waiting: () => waiting.reduce((sum, text) => sum + text.length, 0),
    send: (text) => void waiting.push(text),
    end: (reason) => void (state.ended = reason),
  };
  return {
    client,
    state,
    got,
    waiting: client.waiting,
    /** Lets `count` frames through (all that come, by default). */
    take(count = Infinity) {
      for (let i = 0; i < count && waiting.length > 0; i += 1) {
        got.push(JSON.parse(waiting.shift() ?? '') as LiveFrame);
        state.drained();
      }
    },
    seen: () => got.map((f) => (f.type === 'error' ? f.code : `${f.type} ${f.seq}`)),
  };
}

function setUp(limits: Partial<LiveLimits> = {}, ring = 100) {
  const board = createMemoryBoard(smallDefinition(), { ring });
  const clock = { now: () => MONDAY_8AM, speed: 1, simulated: true, realMsUntil: () => 0 };
  let real = 0;
  const hub = createHub({ board, clock, build: 'test', open: null, trouble: () => [], limits, monotonic: () => real });
  board.onCommit(() => undefined);
  const connect = () => {
    const own = line();
    const session = hub.connect(own.client);
    own.state.drained = () => session.drained();
    const ask = (request: object) => session.receive(understand({ type: 'subscribe', scope: 'small', ...request }));
    return { ...own, session, ask };
  };
  return { board, hub, connect, pass: (ms: number) => (real += ms) };
}

const big = (i: number) => [{ id: 'N1', sentence: `${i}${'x'.repeat(1000)}` }];

describe('a session', () => {
  it('sends a snapshot part only when the last has left, and then what was missed meanwhile', () => {
    const { board, hub, connect } = setUp({ partBytes: 800, paceBytes: 100 });
    hub.start();
    const client = connect();
    client.ask({});
    client.take(2);
    board.change([{ id: 'P1', level: 2 }]);
    board.change([{ id: 'P1', level: 3 }]);
    client.take();
    const snapshots = client.got.filter((f) => f.type === 'snapshot');
    expect(snapshots.length).toBeGreaterThan(3);
    expect(snapshots.map((f) => (f.type === 'snapshot' ? f.part.index : -1))).toEqual([...snapshots.keys()]);
    expect(client.seen().slice(snapshots.length)).toEqual(['patch 1', 'patch 2']);
    hub.stop();
  });

  it('takes another snapshot when the first took longer than the board remembers', () => {
    const { board, hub, connect } = setUp({ partBytes: 800, paceBytes: 100 }, 3);
    hub.start();
    const client = connect();
    client.ask({});
    client.take(1);
    for (let i = 0; i < 10; i += 1) board.change([{ id: 'P1', score: i }]);
    client.take();
    const parts = client.got.flatMap((f) => (f.type === 'snapshot' ? [`${f.seq}/${f.part.index}`] : []));
    expect(parts).toContain('0/0');
    expect(parts).toContain('10/0');
    expect(client.got.at(-1)).toMatchObject({ type: 'snapshot', seq: 10 });
    board.change([]);
    client.take();
    expect(client.seen().at(-1)).toBe('patch 11');
    hub.stop();
  });

  it('stops at the guard, waits until all has left, and comes back by one snapshot for each subscription', () => {
    const { board, hub, connect } = setUp({ guardBytes: 5000 });
    hub.start();
    const client = connect();
    client.ask({});
    client.ask({ scope: 'N2', key: 'other' });
    client.take();
    for (let i = 0; i < 50; i += 1) board.change(big(i));
    expect(hub.stats()).toMatchObject({ stale: 1, staled: 1 });
    const held = client.waiting();
    expect(held).toBeLessThan(5000 + 3000);
    for (let i = 0; i < 50; i += 1) board.change(big(i));
    expect(client.waiting()).toBe(held);
    const before = client.got.length;
    client.take();
    const after = client.got.slice(before).filter((f) => f.type === 'snapshot');
    expect(after.map((f) => (f.type === 'snapshot' ? [f.key, f.seq] : []))).toEqual([
      ['', 100],
      ['other', 100],
    ]);
    expect(hub.stats().stale).toBe(0);
    hub.stop();
  });

  it('is ended once nothing has left for the limit, and not before', () => {
    const { board, hub, connect, pass } = setUp({ guardBytes: 5000 });
    hub.start();
    const client = connect();
    client.ask({});
    client.take();
    pass(100_000);
    for (let i = 0; i < 50; i += 1) board.change(big(i));
    pass(29_999);
    client.session.sweep(() => '');
    expect(client.state.ended).toBeNull();
    pass(1);
    client.session.sweep(() => '');
    expect(client.state.ended).toBe('stale');
    hub.stop();
  });

  it('does not let error frames pile up behind a client that reads nothing', () => {
    const { hub, connect } = setUp({ guardBytes: 1000 });
    const client = connect();
    for (let i = 0; i < 1000; i += 1) client.ask({ scope: 'nowhere' });
    expect(client.waiting()).toBeLessThan(1500);
    expect(hub.stats().refused).toBe(1000);
  });

  it('makes a room for each view of each scope and key, and none once everybody has left', () => {
    const { hub, connect } = setUp();
    const [a, b] = [connect(), connect()];
    a.ask({});
    b.ask({});
    b.ask({ view: 'overview', key: 'o' });
    expect(hub.stats()).toMatchObject({ clients: 2, rooms: 2 });
    b.ask({ scope: 'N1', key: 'o' });
    expect(hub.stats().rooms).toBe(2);
    hub.disconnect(a.session);
    hub.disconnect(b.session);
    expect(hub.stats()).toMatchObject({ clients: 0, rooms: 0 });
  });

  it('serves everybody in slices, each in order', async () => {
    const { board, hub, connect } = setUp({ sliceClients: 3 });
    hub.start();
    const clients = Array.from({ length: 10 }, () => connect());
    for (const client of clients) client.ask({});
    for (const client of clients) client.take();
    board.change([{ id: 'P1', level: 1 }]);
    board.change([{ id: 'P1', level: 2 }]);
    expect(clients.filter((c) => c.waiting() > 0)).toHaveLength(3);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    for (const client of clients) {
      client.take();
      expect(client.seen()).toEqual(['snapshot 0', 'patch 1', 'patch 2']);
    }
    hub.stop();
  });
});
