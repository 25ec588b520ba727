import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthPart } from '#shared/model/definition.ts';
import * as signing from '../fixtures/feeds/signing-in.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';

const { CANARY, keys, pem, secretOf, signedJwt } = signing;

let supplier: Supplier;
beforeAll(async () => {
  supplier = await startSupplier();
});
afterAll(() => supplier.close());

const setUp = (auth: AuthPart, more: Partial<signing.SigningIn> = {}) =>
  signing.setUpSigningIn({ url: `${supplier.origin}/feed`, auth, ...more });

describe('a token address that is not well', () => {
  const token = (answer: Behaviour) => {
    supplier.on('/token', answer);
    return signedJwt(`${supplier.origin}/token`);
  };
  const status =
    (code: number, headers: Record<string, string> = {}): Behaviour =>
    (_, response) =>
      void response.writeHead(code, headers).end(CANARY);

  it.each<[string, Behaviour, string, string]>([
    ['500', status(500), 'server-error', 'no access token: the sign-in service answered 500'],
    ['503', status(503), 'unavailable', 'the sign-in service answered 503'],
    ['429', status(429, { 'retry-after': '20' }), 'throttled', 'the sign-in service answered 429'],
    ['404', status(404), 'not-found', 'the sign-in service answered 404'],
    ['400 in its own words', status(400), 'unauthorised', 'the sign-in service answered 400'],
    ['a web page', (_, r) => void r.writeHead(200).end('<p>'), 'wrong-type', 'no access token: a web page came'],
    ['no token', sendJson({ expires_in: 5, scope: CANARY }), 'unauthorised', 'answered with something else'],
    ['a token that is no header', sendJson({ access_token: `a\r\nx: ${CANARY}` }), 'unauthorised', 'something else'],
    [
      'a cut connection',
      (request) => void request.socket.destroy(),
      'reset',
      'no access token: the connection was cut',
    ],
    ['a redirect', status(302, { location: 'http://169.254.169.254/' }), 'redirected', 'no access token'],
  ])('%s: said to be the sign-in service', async (_, answer, state, words) => {
    const client = setUp(token(answer));
    const found = await client.poll();
    expect(found).toMatchObject({ kind: 'fault', fault: { state } });
    expect(found.kind === 'fault' && found.fault.fault).toContain(words);
    expect(JSON.stringify(found) + client.logged.join()).not.toContain(CANARY);
  });

  it('is left alone for a while, unless the secret changes', async () => {
    const auth = token(status(401));
    const secrets: Record<string, string> = { KEY: pem(keys.first.privateKey) };
    const client = setUp(auth, { secret: (name) => secretOf(secrets)(name) });
    const asked = () => supplier.seen('/token').length;
    const before = asked();
    for (let i = 0; i < 5; i++) await client.poll();
    expect(asked()).toBe(before + 1);
    secrets['KEY'] = pem(keys.second.privateKey);
    await client.poll();
    expect(asked()).toBe(before + 2);
    client.later(60_000);
    await client.poll();
    expect(asked()).toBe(before + 3);
  });

  it.each([
    ['for as long as it asks for', '300', 299_000, 2000],
    ['for a moment where it asks for none', '0', 0, 3000],
  ])('is left alone %s', async (_, retryAfter, notYet, then) => {
    const client = setUp(token(status(429, { 'retry-after': retryAfter })));
    const before = supplier.seen('/token').length;
    const asked = () => supplier.seen('/token').length - before;
    await client.poll();
    client.later(notYet);
    await client.poll();
    expect(asked()).toBe(1);
    client.later(then);
    await client.poll();
    expect(asked()).toBe(2);
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'BearerToken'])('may write its kind of token as %s', async (token_type) => {
    const client = setUp(token(sendJson({ access_token: 'abc', token_type })));
    const signedIn = await client.authority.authorise(client.feed, client.signal);
    expect(signedIn).toMatchObject({ headers: { authorization: 'Bearer abc' } });
  });

  it('may not be where no feed may be', async () => {
    for (const [url, allowPrivate] of [
      ['http://169.254.169.254/token', true],
      [`${supplier.origin}/token`, false],
    ] as const) {
      const found = await setUp(signedJwt(url), { allowPrivate }).poll();
      expect(found).toMatchObject({ fault: { state: 'blocked' } });
    }
  });

  it('takes seconds as text, as the national platform writes them', async () => {
    const client = setUp(token(sendJson({ access_token: 'abc', expires_in: '599', token_type: 'Bearer' })));
    const first = await client.authority.authorise(client.feed, client.signal);
    expect(first).toMatchObject({ headers: { authorization: 'Bearer abc' } });
    client.later(560_000);
    expect(client.authority.authorise(client.feed, client.signal)).toBe(first);
  });
});

describe('a sign-in without tokens', () => {
  it('is there at once, and follows its secrets', () => {
    const secrets: Record<string, string> = { TOKEN: 'one', USER: 'reader', PASSWORD: 'pä:ss' };
    const bearer = setUp({ type: 'bearer', token: '${TOKEN}' }, { secret: (name) => secrets[name] });
    const now = () => bearer.authority.authorise(bearer.feed, bearer.signal);
    expect(now()).toEqual({ headers: { authorization: 'Bearer one' }, tls: null });
    expect(now()).toBe(now());
    secrets['TOKEN'] = 'two';
    expect(now()).toEqual({ headers: { authorization: 'Bearer two' }, tls: null });
    delete secrets['TOKEN'];
    expect(now()).toEqual({ state: 'unauthorised', fault: 'TOKEN, named in the sign-in of this feed, is not set' });
    const auth: AuthPart = { type: 'basic', user: '${USER}', password: '${PASSWORD}' };
    const basic = setUp(auth, { secret: (name) => secrets[name] });
    expect(basic.authority.authorise(basic.feed, basic.signal)).toMatchObject({
      headers: { authorization: `Basic ${Buffer.from('reader:pä:ss').toString('base64')}` },
    });
  });

  it('is not asked for anew where its feed refuses it', () => {
    const client = setUp({ type: 'bearer', token: 'x' });
    const used = client.authority.authorise(client.feed, client.signal);
    expect('headers' in used && client.authority.refused(client.feed, used)).toBe(false);
  });
});
