import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthPart } from '#shared/model/definition.ts';
import { setUpPolling } from '../fixtures/feeds/polling.ts';
import { feedOf, queue, siteOf, telephony } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';

const SECRETS = {
  IN_ADDRESS: 'canary-address',
  IN_HEADER: 'canary-header',
  TOKEN: 'canary-token',
  USER: 'canary-user',
  PASSWORD: 'canary-password',
  CLIENT: 'canary-client',
  KEY: 'canary-key',
};
const BASIC = Buffer.from('canary-user:canary-password').toString('base64');
const CANARIES = new RegExp(`canary-|${BASIC}`);

let supplier: Supplier;
beforeAll(async () => {
  supplier = await startSupplier();
});
afterAll(() => supplier.close());

const BEARER: AuthPart = { type: 'bearer', token: '${TOKEN}' };
const PASSWORD: AuthPart = { type: 'basic', user: '${USER}', password: '${PASSWORD}' };
const status =
  (code: number, headers = {}): Behaviour =>
  (_, response) =>
    void response.writeHead(code, headers).end();

/** A supplier that repeats what it was sent, as many an error page does. */
const echo =
  (code: number): Behaviour =>
  (request, response) => {
    const said = { path: request.url, headers: request.headers, resourceType: 'OperationOutcome' };
    response.writeHead(code, { 'content-type': 'application/json', 'x-echo': request.url }).end(JSON.stringify(said));
  };

describe('the secrets of a feed are sent to it and found nowhere else', () => {
  it.each<[string, Behaviour, AuthPart]>([
    ['a good answer', sendJson(telephony(queue('P81001'))), BEARER],
    ['401', status(401), BEARER],
    ['401 that repeats them', echo(401), PASSWORD],
    ['500 that repeats them', echo(500), BEARER],
    ['200 that repeats them', echo(200), PASSWORD],
    ['a redirect elsewhere', status(302, { location: 'http://169.254.169.254/canary-' }), BEARER],
    ['a redirect round', (request, response) => status(302, { location: request.url })(request, response), BEARER],
    ['a cut connection', (request) => void request.socket.destroy(), PASSWORD],
    ['silence', () => undefined, BEARER],
  ])('with %s', async (_, behaviour, auth) => {
    supplier.on('/feed', behaviour);
    const feed = feedOf('telephony-queues', {
      url: `${supplier.origin}/feed?key=\${IN_ADDRESS}`,
      headers: { 'X-Api-Key': '${IN_HEADER}' },
      auth: [auth],
      sites: ['P81001'],
      timeoutMs: 400,
    });
    const { poller, logged, outcomes } = setUpPolling({ units: [siteOf('P81001')], feeds: [feed], secrets: SECRETS });
    const before = supplier.seen('/feed').length;
    poller.control.pollNow([feed.id], true);
    await poller.pollNow(feed.id);
    await poller.pollNow(feed.id);
    const kept = poller.control.answer(feed.id);
    await poller.stop();
    const request = supplier.seen('/feed')[before];
    expect(request?.url).toContain('canary-address');
    expect(request?.headers).toMatchObject({ 'x-api-key': 'canary-header' });
    expect(request?.headers.authorization).toBe(auth === BEARER ? 'Bearer canary-token' : `Basic ${BASIC}`);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(
      JSON.stringify([outcomes, kept, poller.conditions(), poller.rejections(feed.id)]) + logged.join(),
    ).not.toMatch(CANARIES);
  });

  it.each<[string, AuthPart]>([
    [
      'a key that cannot be read',
      {
        type: 'nhs-signed-jwt',
        tokenUrl: 'http://127.0.0.1:9/token',
        clientId: '${CLIENT}',
        keyId: '${CLIENT}',
        key: '${KEY}',
      },
    ],
    [
      'a token address that is not there',
      { type: 'oauth-client', tokenUrl: 'http://127.0.0.1:9/token', clientId: '${CLIENT}', clientSecret: '${KEY}' },
    ],
    ['a certificate that is none', { type: 'mtls', certificate: '${TOKEN}', key: '${KEY}' }],
  ])('with %s', async (_, auth) => {
    const feed = feedOf('telephony-queues', { url: `${supplier.origin}/feed`, auth: [auth], sites: ['P81001'] });
    const { poller, logged, outcomes } = setUpPolling({ units: [siteOf('P81001')], feeds: [feed], secrets: SECRETS });
    const outcome = await poller.pollNow(feed.id);
    await poller.stop();
    expect(outcome.fault).not.toBe('');
    expect(JSON.stringify(outcomes) + logged.join()).not.toMatch(CANARIES);
  });
});
