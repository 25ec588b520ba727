import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/model/time.ts';
import type { FeedDef } from '#shared/model/definition.ts';
import { createSchedule } from '../../server/feeds/schedule.ts';
import {
  appointment,
  CANARY,
  CANARY_TEXT,
  feedOf,
  NOW,
  queue,
  searchset,
  service,
  siteOf,
  slot,
  slotIncludes,
  telephony,
  urgentCare,
} from '../fixtures/feeds/samples.ts';
import { createTestClock, setUpPolling, type Polling, type PollingOptions } from '../fixtures/feeds/polling.ts';
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
const nine = '2026-09-14T09:00:00.000+00:00';

describe('the poller', () => {
  it('polls every instance at the start, then each on its schedule of the product clock', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const { poller, of } = setUp({ units: [site], feeds: [phones()], clock: createTestClock(60) });
    poller.start();
    await until(() => of('phones').length >= 4, 'four polls came in');
    expect(of('phones')[0]).toMatchObject({ state: 'ok', unchanged: false, rejected: 0, observedAt: NOW - 10_000 });
    expect(poller.conditions()).toEqual([expect.objectContaining({ part: 'poller', status: 'ok' })]);
  });

  it('spreads the instances of one schedule over its period', async () => {
    const units = Array.from({ length: 40 }, (_, i) => siteOf(`P8${2000 + i}`));
    for (const { id } of units) supplier.on(`/${id}/Slot`, sendJson(searchset([])));
    const schedule = '0 */5 * * * *';
    const feed = feedOf('bars-slots', {
      id: 'slots',
      url: '${FEEDS_URL}/{ods}',
      schedule,
      sites: units.map((u) => u.id),
    });
    const { poller, clock, outcomes } = setUp({ units, feeds: [feed] });
    poller.start();
    await until(() => outcomes.length === 40, 'all were polled once');
    const expected = createSchedule(units.map(({ id }) => ({ id: `slots:${id}`, schedule })));
    expected.due(NOW);
    for (const step of [2, 1, 2]) {
      outcomes.length = 0;
      clock.advance(step * MINUTE);
      const due = expected.due(clock.now());
      expect(due.length).toBeGreaterThan(0);
      expect(due.length).toBeLessThan(40);
      await until(() => outcomes.length >= due.length, 'those whose turn it was were polled');
      expect(outcomes.map((o) => o.feed).sort()).toEqual([...due].sort());
    }
    expected.stop();
  });

  it('asks each instance once after the clock has jumped', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const { poller, clock, outcomes } = setUp({ units: [site], feeds: [phones()] });
    poller.start();
    await until(() => outcomes.length === 1, 'the first poll');
    clock.advance(48 * 60 * MINUTE);
    await until(() => outcomes.length === 2, 'one more poll');
    clock.advance(15_000);
    await until(() => outcomes.length === 3, 'the next turn');
    expect(supplier.seen()).toHaveLength(3);
  });

  it('polls other feeds on while twenty hang, also of the same supplier', async () => {
    supplier.on('/phones', sendJson(telephony(queue('P81001'))));
    const hanging = Array.from({ length: 20 }, (_, i) => {
      supplier.on(`/hung/${i}`, () => undefined);
      const owner = i < 10 ? 'norhall-telecom' : `supplier-${i}`;
      return phones({ id: `hung-${i}`, url: `\${FEEDS_URL}/hung/${i}`, supplier: owner, timeoutMs: 30_000 });
    });
    const { poller, of, outcomes } = setUp({
      units: [site],
      feeds: [...hanging, phones()],
      clock: createTestClock(60),
      limits: { perSupplier: 4, overall: 8 },
    });
    poller.start();
    await until(() => of('phones').length >= 5 && supplier.open() === 20, 'five polls beside twenty that hang');
    expect(outcomes.every((outcome) => outcome.feed === 'phones')).toBe(true);
    for (let i = 0; i < 20; i++) expect(supplier.seen(`/hung/${i}`)).toHaveLength(1);
  });

  it('keeps to the limit of a supplier while its instances are slow', async () => {
    const units = Array.from({ length: 12 }, (_, i) => siteOf(`P8${3000 + i}`));
    let most = 0;
    const release: (() => void)[] = [];
    for (const { id } of units)
      supplier.on(`/${id}/Slot`, (request, response) => {
        most = Math.max(most, supplier.open());
        release.push(() => sendJson(searchset([]))(request, response));
      });
    const feed = feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', sites: units.map((u) => u.id) });
    const { poller, outcomes } = setUp({ units, feeds: [feed], limits: { perSupplier: 3 } });
    poller.start();
    await until(() => {
      if (release.length === 3 || outcomes.length + release.length === 12) for (const go of release.splice(0)) go();
      return outcomes.length === 12;
    }, 'all were polled');
    expect(most).toBe(3);
  });

  it('never has two polls of one instance under way', async () => {
    const release: (() => void)[] = [];
    supplier.on('/phones', (request, response) => {
      release.push(() => sendJson(telephony(queue('P81001')))(request, response));
    });
    const { poller } = setUp({ units: [site], feeds: [phones()], clock: createTestClock(600) });
    poller.start();
    const both = [poller.pollNow('phones'), poller.pollNow('phones')];
    await until(() => release.length > 0, 'the request arrived');
    expect(supplier.seen()).toHaveLength(1);
    for (const go of release) go();
    const [one, two] = await Promise.all(both);
    expect(one).toBe(two);
  });

  it('leaves nothing running once stopped', async () => {
    supplier.on('/phones', () => undefined);
    const { poller, outcomes } = setUp({
      units: [site],
      feeds: [phones({ timeoutMs: 60_000 })],
      clock: createTestClock(60),
    });
    poller.start();
    await until(() => supplier.open() === 1, 'a poll hangs');
    await poller.stop();
    await until(() => supplier.connections() === 0, 'its connections are closed');
    expect(outcomes).toEqual([]);
    expect(poller.conditions()).toEqual([expect.objectContaining({ status: 'down' })]);
    const seen = supplier.seen().length;
    await until(
      () => process.getActiveResourcesInfo().filter((r) => r === 'TCPSocketWrap').length <= 1,
      'sockets ended',
    );
    expect(supplier.seen()).toHaveLength(seen);
  });

  it('refuses an id that is no instance', async () => {
    const { poller } = setUp({ units: [site], feeds: [phones()] });
    await expect(poller.pollNow('nothing')).rejects.toMatchObject({ code: 'UNKNOWN_FEED' });
  });
});

describe('what did not change', () => {
  it('is asked for with its ETag, and 304 means that it stands', async () => {
    supplier.on('/P81001/Slot', (request, response) => {
      if (request.headers['if-none-match'] === '"one"') return void response.writeHead(304).end();
      sendJson(searchset([slot('free', nine)]), { etag: '"one"' })(request, response);
    });
    const feed = feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', sites: ['P81001'] });
    const { poller, clock } = setUp({ units: [site], feeds: [feed] });
    expect(await poller.pollNow('slots:P81001')).toMatchObject({ unchanged: false, observedAt: NOW });
    clock.advance(5 * MINUTE);
    // A searchset without a time of its own: the answer that it is unchanged is what makes it fresh.
    expect(await poller.pollNow('slots:P81001')).toMatchObject({
      unchanged: true,
      state: 'ok',
      readings: [],
      observedAt: NOW + 5 * MINUTE,
    });
    clock.advance(30 * MINUTE);
    const later = await poller.pollNow('slots:P81001');
    expect(later).toMatchObject({ unchanged: false, bytes: 0 });
    expect(later.readings[0]).toMatchObject({ metric: 'slots.free', value: 0 });
    expect(later.slots[0]?.groups).toHaveLength(1);
  });

  it('is not parsed again when the very same bytes come, and is no younger than it says', async () => {
    const body = telephony(queue('P81001', { waiting: -1 }));
    supplier.on('/phones', sendJson(body));
    const { poller, clock } = setUp({ units: [site], feeds: [phones()] });
    const first = await poller.pollNow('phones');
    clock.advance(MINUTE);
    const second = await poller.pollNow('phones');
    expect(second).toMatchObject({ unchanged: true, state: 'partly-rejected', fault: first.fault, rejected: 1 });
    expect(second.observedAt).toBe(first.observedAt);
    expect(poller.rejections('phones')).toEqual([
      { place: '/queues/0/waiting', reason: expect.stringMatching(/^must be a whole number/) as string },
    ]);
  });

  it('still stands after a fault in between', async () => {
    let broken = false;
    supplier.on('/phones', (request, response) => {
      if (broken) return void response.writeHead(500).end();
      if (request.headers['if-none-match']) return void response.writeHead(304).end();
      sendJson(telephony(queue('P81001')), { etag: '"x"' })(request, response);
    });
    const { poller } = setUp({ units: [site], feeds: [phones()] });
    await poller.pollNow('phones');
    broken = true;
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'server-error', unchanged: false });
    broken = false;
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'ok', unchanged: true });
  });
});

describe('a supplier that asks for less', () => {
  it('is left alone as long as its Retry-After says, in all its feeds, and then polled again', async () => {
    let busy = true;
    supplier.on('/phones', (request, response) => {
      if (busy) return void response.writeHead(429, { 'retry-after': '1' }).end();
      sendJson(telephony(queue('P81001')))(request, response);
    });
    supplier.on('/other', sendJson(telephony(queue('P81001'))));
    supplier.on('/elsewhere', sendJson(telephony(queue('P81001'))));
    const other = phones({ id: 'other', url: '${FEEDS_URL}/other' });
    const elsewhere = phones({ id: 'elsewhere', url: '${FEEDS_URL}/elsewhere', supplier: 'calder-voice' });
    const { poller } = setUp({ units: [site], feeds: [phones(), other, elsewhere] });
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'throttled' });
    busy = false;
    expect(await poller.pollNow('phones')).toMatchObject({ state: 'throttled', bytes: 0 });
    expect(await poller.pollNow('other')).toMatchObject({ state: 'throttled' });
    expect(await poller.pollNow('elsewhere')).toMatchObject({ state: 'ok' });
    expect(supplier.seen('/phones')).toHaveLength(1);
    expect(supplier.seen('/other')).toHaveLength(0);
    poller.start();
    await until(
      () => supplier.seen('/phones').length > 1 && supplier.seen('/other').length > 0,
      'both are polled again',
    );
  });

  it('may mean one service behind it only', async () => {
    const unavailable = {
      resourceType: 'OperationOutcome',
      issue: [{ details: { coding: [{ code: 'REC_UNAVAILABLE' }] } }],
    };
    supplier.on('/P81001/Slot', sendJson(unavailable, { 'retry-after': '60' }, 503));
    supplier.on('/P81002/Slot', sendJson(searchset([])));
    const feed = feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', sites: ['P81001', 'P81002'] });
    const { poller } = setUp({ units: [site, siteOf('P81002')], feeds: [feed] });
    expect(await poller.pollNow('slots:P81001')).toMatchObject({ state: 'unavailable' });
    expect(await poller.pollNow('slots:P81002')).toMatchObject({ state: 'ok' });
  });

  it('is asked again soon, a few times, after a fault that may pass', async () => {
    let broken = 2;
    supplier.on('/phones', (request, response) => {
      if (broken-- > 0) return void request.socket.destroy();
      sendJson(telephony(queue('P81001')))(request, response);
    });
    // The clock stands still: no turn of the schedule comes, so what follows are retries.
    const { poller, outcomes } = setUp({ units: [site], feeds: [phones({ schedule: '0 0 */6 * * *' })] });
    poller.start();
    await until(() => outcomes.length === 3, 'it was asked again twice');
    expect(outcomes.map((o) => o.state)).toEqual(['reset', 'reset', 'ok']);
  });
});

describe('pages', () => {
  const feed = () => feedOf('fhir-appointments', { id: 'diary', url: '${FEEDS_URL}/{ods}', sites: ['P81001'] });
  const page = (id: string, next: string) =>
    searchset([appointment(id, 'booked')], { link: [{ relation: 'next', url: next }] });

  it('are followed and counted together', async () => {
    supplier.on('/P81001/Appointment', (request, response) =>
      sendJson(page('a', `${supplier.origin}/two`))(request, response),
    );
    supplier.on('/two', (request, response) => sendJson(page('b', '/three'))(request, response));
    supplier.on('/three', sendJson(searchset([appointment('c', 'fulfilled')])));
    const { poller } = setUp({ units: [site], feeds: [feed()] });
    const { readings } = await poller.pollNow('diary:P81001');
    expect(readings.slice(0, 4).map((r) => r.value)).toEqual([3, 1, 0, 0]);
  });

  it('never lead to another origin, nor take the sign-in there', async () => {
    const elsewhere = await startSupplier();
    supplier.on('/P81001/Appointment', sendJson(page('a', `${elsewhere.origin}/two`)));
    const { poller } = setUp({
      units: [site],
      feeds: [{ ...feed(), auth: [{ type: 'bearer', token: '${TOKEN}' }] }],
      secrets: { TOKEN: 'open-sesame' },
    });
    expect(await poller.pollNow('diary:P81001')).toMatchObject({ state: 'blocked', readings: [] });
    expect(elsewhere.seen()).toHaveLength(0);
    await elsewhere.close();
  });

  it('come to an end, however many there are', async () => {
    let n = 0;
    supplier.on('/P81001/Appointment', (request, response) =>
      sendJson(page(`a${n}`, `/P81001/Appointment?page=${++n}`))(request, response),
    );
    const { poller } = setUp({ units: [site], feeds: [feed()] });
    expect(await poller.pollNow('diary:P81001')).toMatchObject({ state: 'too-large' });
    expect(supplier.seen().length).toBeLessThanOrEqual(50);
  });

  it('that fail half-way leave what was known as it was', async () => {
    supplier.on('/P81001/Appointment', sendJson(searchset([appointment('a', 'booked'), appointment('b', 'booked')])));
    const { poller, clock } = setUp({ units: [site], feeds: [feed()] });
    await poller.pollNow('diary:P81001');
    clock.advance(15 * MINUTE);
    supplier.on('/P81001/Appointment', sendJson(page('c', '/broken')));
    expect(await poller.pollNow('diary:P81001')).toMatchObject({ state: 'not-found', readings: [] });
    supplier.on('/P81001/Appointment', sendJson(searchset([appointment('a', 'fulfilled')])));
    const { readings } = await poller.pollNow('diary:P81001');
    expect(readings.slice(0, 4).map((r) => r.value)).toEqual([2, 1, 0, 0]);
  });
});

describe('sign-in and secrets', () => {
  it('sends the filled headers of the feed, and the names of the site in them', async () => {
    supplier.on('/phones/P81001', sendJson(telephony()));
    const feed = phones({
      url: '${FEEDS_URL}/phones/{ods}',
      headers: { 'X-Practice': '{ods}', 'X-Key': '${KEY}' },
      auth: [{ type: 'basic', user: 'headroom', password: '${PASSWORD}' }],
    });
    const { poller } = setUp({ units: [site], feeds: [feed], secrets: { KEY: 'k-123', PASSWORD: 'open-sesame' } });
    await poller.pollNow('phones:P81001');
    expect(supplier.seen()[0]?.headers).toMatchObject({
      'x-practice': 'P81001',
      'x-key': 'k-123',
      authorization: `Basic ${Buffer.from('headroom:open-sesame').toString('base64')}`,
    });
  });

  it('gives every request of a standard that wants them ids of its own', async () => {
    const two = searchset([], { link: [{ relation: 'next', url: '/P81001/Slot?page=2' }] });
    supplier.on('/P81001/Slot', (request, response) =>
      sendJson(request.url?.includes('page=2') ? searchset([]) : two)(request, response),
    );
    const feed = feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', sites: ['P81001'] });
    const { poller } = setUp({ units: [site], feeds: [feed] });
    for (let i = 0; i < 2; i++) await poller.pollNow('slots:P81001');
    const seen = supplier.seen();
    expect(seen).toHaveLength(4);
    for (const name of ['x-request-id', 'x-correlation-id'])
      for (const { headers } of seen)
        expect(headers[name]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}$/);
    // A correlation id ties the pages of one poll together; a request id is one request's.
    expect(new Set(seen.map(({ headers }) => headers['x-request-id'])).size).toBe(4);
    expect(new Set(seen.map(({ headers }) => headers['x-correlation-id'])).size).toBe(2);
  });

  it('names the secret that is missing, asks nothing, and never says one that is there', async () => {
    supplier.on('/phones', (_, response) => void response.writeHead(401).end('open-sesame'));
    const auth = (token: string) => ({ auth: [{ type: 'bearer' as const, token }] });
    const feeds = [
      phones(auth('${TOKEN}')),
      phones({ id: 'unset', ...auth('${NOT_SET}') }),
      phones({ id: 'nowhere', url: '${NO_URL}/x' }),
    ];
    const { poller, outcomes, logged } = setUp({ units: [site], feeds, secrets: { TOKEN: 'open-sesame' } });
    for (const feed of feeds) await poller.pollNow(feed.id);
    expect(outcomes.map((o) => o.state)).toEqual(['unauthorised', 'unauthorised', 'blocked']);
    expect(outcomes[1]?.fault).toContain('NOT_SET');
    expect(outcomes[2]?.fault).toContain('NO_URL');
    expect(supplier.seen()).toHaveLength(1);
    expect(JSON.stringify(outcomes) + logged.join()).not.toContain('open-sesame');
  });
});

describe('people in the payloads', () => {
  it('are in no outcome, no refusal and no log, whatever came', async () => {
    supplier.on(
      '/phones',
      sendJson({ ...telephony(queue('P81001', { caller: CANARY_TEXT, waiting: CANARY_TEXT })), by: CANARY_TEXT }),
    );
    supplier.on(
      '/iuc',
      sendJson(urgentCare(service('P81001', { queues: [{ name: CANARY_TEXT, waiting: CANARY.phone }] }))),
    );
    supplier.on('/P81001/Slot', sendJson(searchset([...slotIncludes(), slot('free', nine), slot(CANARY.name, nine)])));
    supplier.on(
      '/P81001/Appointment',
      sendJson(searchset([appointment('a', 'booked'), appointment(CANARY.nhsNumber, CANARY.name)])),
    );
    supplier.on(
      '/half',
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"a":"${CANARY_TEXT}`),
    );
    supplier.on('/error', sendJson({ error: CANARY_TEXT }, { 'x-user': CANARY.name }, 500));
    supplier.on(
      '/page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${CANARY_TEXT}`),
    );
    const at = { sites: ['P81001'] };
    const feeds = [
      phones(),
      feedOf('iuc-queues', { id: 'iuc', url: '${FEEDS_URL}/iuc', ...at }),
      feedOf('bars-slots', { id: 'slots', url: '${FEEDS_URL}/{ods}', ...at }),
      feedOf('fhir-appointments', { id: 'diary', url: '${FEEDS_URL}/{ods}', ...at }),
      ...['half', 'error', 'page'].map((id) => phones({ id, url: `\${FEEDS_URL}/${id}` })),
    ];
    const { poller, outcomes, logged } = setUp({ units: [site], feeds });
    for (const id of ['phones', 'iuc', 'slots:P81001', 'diary:P81001', 'half', 'error', 'page'])
      await poller.pollNow(id);
    expect(outcomes).toHaveLength(7);
    const refused = outcomes.map((o) => poller.rejections(o.feed));
    expect(refused.flat().length).toBeGreaterThan(0);
    const said = JSON.stringify([outcomes, refused, poller.conditions()]) + logged.join();
    for (const word of Object.values(CANARY)) expect(said).not.toContain(word);
  });
});
