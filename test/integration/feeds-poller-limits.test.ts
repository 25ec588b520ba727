import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedDef, SupplierDef } from '#shared/model/definition.ts';
import { createTestClock, setUpPolling, type Polling, type PollingOptions } from '../fixtures/feeds/polling.ts';
import { feedOf, queue, searchset, siteOf, telephony } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, until, type Supplier } from '../fixtures/feeds/supplier.ts';

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
  polling = setUpPolling({ ...options, secrets: { FEEDS_URL: supplier.origin, ...options.secrets } });
  return polling;
}
const site = siteOf('P81001');
const phones = (more: Partial<FeedDef> = {}) =>
  feedOf('telephony-queues', { id: 'phones', url: '${FEEDS_URL}/phones', sites: ['P81001'], ...more });
const norhall = (more: Partial<SupplierDef>): SupplierDef => ({
  id: 'norhall-telecom',
  name: 'Norhall Telecom',
  perMinute: null,
  perSecond: null,
  contact: null,
  fields: {},
  ...more,
});

describe('the quota of a supplier', () => {
  it('holds across all its feeds, their pages and those asked for at once, and nobody else waits for it', async () => {
    const units = Array.from({ length: 12 }, (_, i) => siteOf(`P8${4000 + i}`));
    const arrived: number[] = [];
    const count = () => arrived.push(performance.now());
    for (const { id } of units)
      supplier.on(`/${id}/Slot`, (request, response) => {
        count();
        const more = request.url?.includes('page=2') ? {} : { link: [{ relation: 'next', url: `/${id}/Slot?page=2` }] };
        sendJson(searchset([], more))(request, response);
      });
    supplier.on('/phones', (request, response) => {
      count();
      sendJson(telephony(queue('P81001')))(request, response);
    });
    supplier.on('/other', sendJson(telephony(queue('P81001'))));
    const slots = feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', sites: units.map(({ id }) => id) });
    const other = phones({ id: 'other', url: '${FEEDS_URL}/other', supplier: 'calder-voice' });
    const { poller, of, outcomes } = setUp({
      units: [...units, site],
      feeds: [slots, phones(), other],
      suppliers: [norhall({ perSecond: 10 })],
    });
    const began = performance.now();
    poller.start();
    expect(poller.control.pollNow(['slots', 'phones'], false)).toBe(13);
    await until(() => of('other').length > 0, 'the other supplier was asked');
    expect(outcomes.filter(({ feed }) => feed.startsWith('slots')).length).toBeLessThan(12);
    await until(() => new Set(outcomes.map(({ feed }) => feed)).size === 14, 'all were asked');
    // In any stretch from the first on: what may burst, and what flows in since.
    arrived.forEach((at, i) => expect(i + 1).toBeLessThanOrEqual(2 + ((at - began) / 1000) * 10));
    expect(outcomes.every(({ state }) => state === 'ok')).toBe(true);
  });

  it('moves the time of the next poll when there is more to ask than it lets through', async () => {
    const units = Array.from({ length: 30 }, (_, i) => siteOf(`P8${5000 + i}`));
    for (const { id } of units) supplier.on(`/${id}`, sendJson(telephony(queue(id))));
    const feed = phones({ url: '${FEEDS_URL}/{ods}', sites: units.map(({ id }) => id), schedule: '* * * * * *' });
    const { poller, outcomes } = setUp({ units, feeds: [feed], suppliers: [norhall({ perMinute: 20 })] });
    poller.start();
    await until(() => outcomes.length === 1, 'the first was asked');
    const [first] = outcomes;
    // 29 others come first, three seconds each.
    expect((first?.nextPollAt ?? 0) - (first?.at ?? 0)).toBeGreaterThan(80_000);
    expect(poller.conditions()).toEqual([expect.objectContaining({ part: 'poller', status: 'ok' })]);
  });

  it('ends no later than the poller, whatever waits for it', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const { poller } = setUp({ units: [site], feeds: [phones()], suppliers: [norhall({ perMinute: 1 })] });
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'ok' });
    const waiting = poller.pollNow('phones');
    await poller.stop();
    expect(await waiting).toMatchObject({ state: 'poller-stopped' });
    expect(supplier.seen()).toHaveLength(1);
  });
});

describe('a feed that keeps failing', () => {
  it('is left alone for a while after five failures, asked once by a person, and well again at once', async () => {
    let broken = true;
    supplier.on('/phones', (request, response) => {
      if (broken) return void response.writeHead(500).end();
      sendJson(telephony(queue('P81001')))(request, response);
    });
    supplier.on('/other', sendJson(telephony(queue('P81001'))));
    const other = phones({ id: 'other', url: '${FEEDS_URL}/other' });
    const { poller, of } = setUp({ units: [site], feeds: [phones(), other], clock: createTestClock(60) });
    for (let i = 0; i < 5; i++) await poller.pollNow('phones');
    const fifth = of('phones').at(-1);
    expect(fifth).toMatchObject({
      state: 'server-error',
      failures: 5,
      fault: expect.stringMatching(/; not asked again until \d+:\d\d[ap]m$/) as string,
    });
    // At least 22 real seconds, at 60 times real speed.
    expect((fifth?.nextPollAt ?? 0) - (fifth?.at ?? 0)).toBeGreaterThan(20_000 * 60);
    poller.start();
    await until(() => of('other').length >= 8, 'the schedule went round eight times');
    expect(supplier.seen('/phones')).toHaveLength(5);

    expect(poller.control.pollNow(['phones'], false)).toBe(1);
    await until(() => of('phones').length === 6, 'the probe came back');
    expect(of('phones').at(-1)).toMatchObject({ failures: 6, state: 'server-error' });
    broken = false;
    poller.control.pollNow(['phones'], false);
    await until(() => of('phones').length === 7, 'the second probe came back');
    expect(of('phones').at(-1)).toMatchObject({ state: 'ok', fault: '' });
    expect(of('phones').at(-1)?.failures).toBeUndefined();
    await until(() => of('phones').length >= 9, 'it is polled on its schedule again');
  });

  it('goes on being asked where it answers, if only that we may not', async () => {
    supplier.on('/phones', (_, response) => void response.writeHead(403).end());
    const { poller, of } = setUp({ units: [site], feeds: [phones()] });
    for (let i = 0; i < 8; i++) await poller.pollNow('phones');
    expect(supplier.seen('/phones')).toHaveLength(8);
    expect(of('phones').at(-1)).toMatchObject({ state: 'forbidden', failures: 8 });
    expect(of('phones').at(-1)?.fault).not.toContain('not asked again');
  });
});

describe('a token that is no longer taken', () => {
  it('is fetched anew within the same poll, once', async () => {
    let tokens = 0;
    const valid = () => `Bearer token-${tokens}`;
    supplier.on('/token', (request, response) =>
      sendJson({ access_token: `token-${++tokens}`, token_type: 'Bearer', expires_in: 3600 })(request, response),
    );
    let takes = true;
    supplier.on('/phones', (request, response) => {
      if (!takes || request.headers.authorization !== valid()) return void response.writeHead(401).end();
      sendJson(telephony(queue('P81001')))(request, response);
    });
    const feed = phones({
      auth: [
        { type: 'oauth-client', tokenUrl: `${supplier.origin}/token`, clientId: '${ID}', clientSecret: '${SECRET}' },
      ],
    });
    const { poller } = setUp({ units: [site], feeds: [feed], secrets: { ID: 'headroom', SECRET: 'open-sesame' } });
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'ok' });
    tokens = 7;
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'ok' });
    expect(supplier.seen('/token')).toHaveLength(2);
    expect(supplier.seen('/phones')).toHaveLength(3);
    takes = false;
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'unauthorised' });
    expect(supplier.seen('/phones').length).toBeLessThanOrEqual(5);
  });
});

describe('what was not taken in', () => {
  it('is read whole again, never passed off as known', async () => {
    supplier.on('/phones', (request, response) => {
      if (request.headers['if-none-match']) return void response.writeHead(304).end();
      sendJson(telephony(queue('P81001')), { etag: '"x"' })(request, response);
    });
    let full = true;
    const taken: boolean[] = [];
    const { poller } = setUp({
      units: [site],
      feeds: [phones()],
      onOutcome: ({ unchanged }) => {
        if (full) throw new Error('no room');
        taken.push(unchanged);
      },
    });
    await poller.pollNow('phones');
    full = false;
    await poller.pollNow('phones');
    await poller.pollNow('phones');
    expect(taken).toEqual([false, true]);
  });
});
