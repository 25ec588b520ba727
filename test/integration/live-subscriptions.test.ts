import { describe, expect, it } from 'vitest';
import { smallDefinition } from '../support/definition.ts';
import { connectWs, fold } from '../support/live-clients.ts';
import { createMemoryBoard } from '../support/memory-board.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const board = () => createMemoryBoard(smallDefinition());
const metric = (value: number) => ({ 'calls.waiting': { value, absence: null, observedAt: null } });

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
    const hub = snapshot.units.find((u) => u.id === 'HUB1') ?? {};
    expect(hub).toHaveProperty('slotHours');
    expect(hub).not.toHaveProperty('metrics');
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
