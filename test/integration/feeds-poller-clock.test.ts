import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/model/time.ts';
import type { FeedDef } from '#shared/model/definition.ts';
import { createRealClock, setUpPolling, type Polling, type PollingOptions } from '../fixtures/feeds/polling.ts';
import { feedOf, NOW, queue, siteOf, telephony } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';

let supplier: Supplier;
let polling: Polling | null = null;
beforeEach(async () => {
  supplier = await startSupplier();
});
afterEach(async () => {
  await polling?.poller.stop();
  polling = null;
  await supplier.close();
});

function setUp(options: PollingOptions): Polling {
  polling = setUpPolling({ ...options, secrets: { FEEDS_URL: supplier.origin } });
  return polling;
}
const site = siteOf('P81001');
const phones = (more: Partial<FeedDef> = {}) =>
  feedOf('telephony-queues', { id: 'phones', url: '${FEEDS_URL}/phones', sites: ['P81001'], ...more });
const instant = (at: number) => new Date(at).toISOString();
const http = (at: number) => new Date(at).toUTCString();
/** A document of a supplier whose clock is off by so much. */
const off =
  (offMs: number): Behaviour =>
  (request, response) => {
    const at = Date.now() + offMs;
    const body = { ...telephony(queue('P81001', { waiting: 3 })), generatedAt: instant(at) };
    sendJson(body, { date: http(at) })(request, response);
  };

describe('a supplier whose clock is wrong', () => {
  it.each([
    [10 * MINUTE, 'the clock of this feed is 10 minutes ahead'],
    [-10 * MINUTE, 'the clock of this feed is 10 minutes behind'],
  ])('is told so (%i ms), its readings count, and nothing is from the future', async (offMs, words) => {
    supplier.on('/phones', off(offMs));
    const { poller } = setUp({ units: [site], feeds: [phones()], clock: createRealClock() });
    const outcome = await poller.pollNow('phones');
    expect(outcome).toMatchObject({ state: 'clock-off', fault: words, rejected: 0 });
    expect(outcome.readings).toContainEqual({ site: 'P81001', metric: 'calls.waiting', value: 3 });
    expect(outcome.observedAt).toBeLessThanOrEqual(outcome.at);
    expect(poller.rejections('phones')).toEqual([]);
    expect(outcome.failures).toBeUndefined();
  });

  it('is not blamed when all suppliers agree that it is ours', async () => {
    for (const path of ['/a', '/b', '/c']) supplier.on(path, off(-10 * MINUTE));
    const feeds = ['a', 'b', 'c'].map((id) => phones({ id, url: `\${FEEDS_URL}/${id}`, supplier: `supplier-${id}` }));
    const { poller } = setUp({ units: [site], feeds, clock: createRealClock() });
    await poller.pollNow('a');
    for (const id of ['b', 'c', 'a']) expect(await poller.pollNow(id)).toMatchObject({ state: 'ok', fault: '' });
    expect(poller.conditions()).toContainEqual({
      part: 'clock',
      status: 'degraded',
      reason: 'our clock is 10 minutes ahead: 3 suppliers agree on another time',
    });
    expect(poller.clockOffset()).toMatchObject({ suppliers: 3 });
    supplier.on('/b', off(0));
    expect(await poller.pollNow('b')).toMatchObject({ state: 'ok' });
    expect(await poller.pollNow('a')).toMatchObject({ state: 'clock-off' });
    expect(poller.conditions()).toContainEqual({ part: 'clock', status: 'ok', reason: '' });
  });
});

describe('an answer of another time', () => {
  it('is told to be older than the one before it, and its readings are handed on', async () => {
    const at = (when: number, waiting: number) =>
      sendJson({ ...telephony(queue('P81001', { waiting })), generatedAt: instant(when) });
    const { poller } = setUp({ units: [site], feeds: [phones()] });
    supplier.on('/phones', at(NOW - 10_000, 4));
    await poller.pollNow('phones');
    supplier.on('/phones', at(NOW - 40_000, 5));
    const older = await poller.pollNow('phones');
    expect(older).toMatchObject({ state: 'out-of-order', observedAt: NOW - 40_000 });
    expect(older.readings).toContainEqual({ site: 'P81001', metric: 'calls.waiting', value: 5 });
  });

  it('is an old copy when its time does not move on, with the refusals it has', async () => {
    const body = { ...telephony(queue('P81001', { waiting: -1 })), generatedAt: instant(NOW) };
    supplier.on('/phones', sendJson(body));
    const { poller, clock } = setUp({ units: [site], feeds: [phones()] });
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'partly-rejected' });
    clock.advance(2 * MINUTE);
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'partly-rejected', unchanged: true });
    clock.advance(2 * MINUTE);
    expect(await poller.pollNow('phones')).toMatchObject({
      state: 'stale-cache',
      observedAt: NOW,
      rejected: 1,
      fault: expect.stringMatching(/^an old copy comes again.*; 1 record or field was refused/) as string,
    });
  });

  it('that differs from the last in its time alone makes what it said as young as it', async () => {
    const at = (when: number) => sendJson({ ...telephony(queue('P81001')), generatedAt: instant(when) });
    const { poller, clock } = setUp({ units: [site], feeds: [phones()] });
    supplier.on('/phones', at(NOW - 5000));
    expect(await poller.pollNow('phones')).toMatchObject({ unchanged: false, volume: 1 });
    for (let i = 1; i <= 3; i++) {
      clock.advance(2 * MINUTE);
      supplier.on('/phones', at(clock.now() - 5000));
      expect(await poller.pollNow('phones')).toMatchObject({
        state: 'ok',
        unchanged: true,
        readings: [],
        volume: 1,
        observedAt: clock.now() - 5000,
      });
    }
    // A time that lies ahead of us is no younger than now, and said.
    supplier.on('/phones', at(clock.now() + 10 * MINUTE));
    expect(await poller.pollNow('phones')).toMatchObject({
      state: 'clock-off',
      unchanged: true,
      observedAt: clock.now(),
    });
  });

  it('is read again though not a byte has changed where its figures go by the time of asking', async () => {
    const waitsSince = instant(NOW - 60_000);
    supplier.on('/phones', sendJson({ waitsSince }));
    const mapping = `{ "observations": { "site": "P81001", "metric": "calls.longest-wait",
      "value": ($toMillis($askedAt) - $toMillis(waitsSince)) / 1000 } }`;
    const feed = feedOf('mapped-json', {
      url: `${supplier.origin}/phones`,
      sites: ['P81001'],
      mapping,
      brings: ['calls.longest-wait'],
    });
    const { poller, clock } = setUp({ units: [site], feeds: [feed] });
    const waits = async () => (await poller.pollNow('mapped-json')).readings.map(({ value }) => value);
    expect(await waits()).toEqual([60]);
    clock.advance(2 * MINUTE);
    expect(await waits()).toEqual([180]);
  });

  it('holds a record twice', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'), queue('P81001'))));
    const { poller } = setUp({ units: [site], feeds: [phones()] });
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'duplicate', rejected: 1, volume: 2 });
  });
});

describe('the next poll', () => {
  it('is the next turn of the schedule, and after a fault the retry before it', async () => {
    let broken = false;
    supplier.on('/phones', (request, response) => {
      if (broken) return void request.socket.destroy();
      sendJson(telephony(queue('P81001')))(request, response);
    });
    const { poller } = setUp({ units: [site], feeds: [phones({ schedule: '0 */10 * * * *' })] });
    const good = await poller.pollNow('phones');
    const wait = (good.nextPollAt ?? 0) - good.at;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(10 * MINUTE);
    broken = true;
    const bad = await poller.pollNow('phones');
    expect(bad).toMatchObject({ failures: 1 });
    expect((bad.nextPollAt ?? 0) - bad.at).toBeLessThanOrEqual(1000);
  });
});
