import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AuthPart } from '#shared/model/definition.ts';
import { createSecret } from '../../server/config.ts';
import { createAuthority } from '../../server/feeds/auth/authority.ts';
import { createHttp } from '../../server/feeds/http.ts';
import { feedOf } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';
import { startOAuthServer, type OAuthServer } from '../support/oauth-server.ts';

const CLIENT = 'headroom-client';
const CANARY = 'canary-of-a-secret';
const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' = 'pkcs8') => String(key.export({ type, format: 'pem' }));

let oauth: OAuthServer;
let supplier: Supplier;
const keys = { first: newKey(), second: newKey() };
beforeAll(async () => {
  [oauth, supplier] = await Promise.all([startOAuthServer(), startSupplier()]);
  supplier.on('/feed', guarded(oauth));
});
afterAll(() => Promise.all([oauth.close(), supplier.close()]));

/** A feed that only lets in whom the OAuth server has let in. */
function guarded(server: OAuthServer): Behaviour {
  return (request, response) => {
    void server.clientOf(request.headers.authorization).then((client) => {
      if (client === null) return response.writeHead(401).end();
      return sendJson({ client })(request, response);
    });
  };
}

function register(server: OAuthServer, key: KeyObject, kid = 'key-1'): void {
  server.register({
    client_id: CLIENT,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig' }] },
  });
}

const signedJwt = (tokenUrl: string): AuthPart => ({
  type: 'nhs-signed-jwt',
  tokenUrl,
  clientId: '${CLIENT}',
  keyId: '${KEY_ID}',
  key: '${KEY}',
});

interface SetUp {
  readonly auth: AuthPart;
  readonly secret?: (name: string) => string | undefined;
  readonly allowPrivate?: boolean;
}

/** One feed's client and sign-in as the poller uses them, on a monotonic clock that the test can push on. */
function setUp({ auth, secret = secretOf(), allowPrivate = true }: SetUp) {
  const logged: string[] = [];
  let ahead = 0;
  const log = (fields: object, message: string): void => void logged.push(`${JSON.stringify(fields)} ${message}`);
  const http = createHttp({ allowPrivate });
  onTestFinished(() => http.close());
  const logger = { debug: log, info: log, warn: log, error: log };
  const monotonic = () => performance.now() + ahead;
  const authority = createAuthority({ http, secret, logger, monotonic });
  const feed = feedOf('telephony-queues', { url: `${supplier.origin}/feed`, auth: [auth] });
  const { signal } = new AbortController();
  return {
    authority,
    feed,
    logged,
    signal,
    later: (ms: number) => void (ahead += ms),
    async poll(url = feed.url) {
      for (let again = false; ; again = true) {
        const signedIn = await authority.authorise(feed, signal);
        if ('state' in signedIn) return { kind: 'fault' as const, fault: signedIn };
        const { headers, tls } = signedIn;
        const answer = await http.get({ url, headers, tls, timeoutMs: 5000, maxBytes: 4096, signal, known: null });
        const refused = answer.kind === 'fault' && answer.head?.status === 401 && authority.refused(feed, signedIn);
        if (!refused || again) return answer;
      }
    },
  };
}

const secretOf =
  (more: Record<string, string> = {}) =>
  (name: string) =>
    ({ CLIENT, KEY_ID: 'key-1', KEY: pem(keys.first.privateKey), SECRET: `${CANARY}: +%&=/`, ...more })[name];

describe('a private-key JWT', () => {
  it('is exchanged for a token that the feed accepts', async () => {
    register(oauth, keys.first.publicKey);
    const client = setUp({ auth: signedJwt(oauth.tokenUrl) });
    expect(await client.poll()).toMatchObject({ kind: 'fresh', payload: { client: CLIENT } });
  });

  it.each([
    ['RS256', newKey()],
    ['PS256', newKey()],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ] as const)('is signed with %s where the feed says so', async (algorithm, { publicKey, privateKey }) => {
    register(oauth, publicKey);
    const auth = { ...signedJwt(oauth.tokenUrl), algorithm } as AuthPart;
    expect(await setUp({ auth, secret: secretOf({ KEY: pem(privateKey) }) }).poll()).toMatchObject({ kind: 'fresh' });
  });

  it('is signed with a key in the older form as well', async () => {
    register(oauth, keys.first.publicKey);
    const secret = secretOf({ KEY: pem(keys.first.privateKey, 'pkcs1') });
    expect(await setUp({ auth: signedJwt(oauth.tokenUrl), secret }).poll()).toMatchObject({ kind: 'fresh' });
  });

  it('is signed with the new key once its file has changed, without a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-key-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    let now = 0;
    const secret = createSecret(
      {
        CLIENT,
        KEY_FILE: file('key.pem', pem(keys.first.privateKey)),
        KEY_ID_FILE: file('key-id', 'key-1\n'),
      },
      () => now,
    );
    register(oauth, keys.first.publicKey);
    const client = setUp({ auth: signedJwt(oauth.tokenUrl), secret });
    expect(await client.poll()).toMatchObject({ kind: 'fresh' });
    // The old key is gone at the server, and what was given for it is worthless.
    register(oauth, keys.second.publicKey, 'key-2');
    await oauth.revokeAll();
    expect(await client.poll()).toMatchObject({ kind: 'fault', fault: { state: 'unauthorised' } });
    file('key.pem', pem(keys.second.privateKey));
    file('key-id', 'key-2\n');
    now += 1000;
    expect(await client.poll()).toMatchObject({ kind: 'fresh', payload: { client: CLIENT } });
  });

  it.each([
    ['a key that cannot be read', { KEY: `-----BEGIN PRIVATE KEY-----\n${CANARY}` }, 'cannot be used to sign'],
    ['a key that the server does not know', { KEY: pem(keys.second.privateKey) }, 'answered 401 (invalid_client)'],
    ['a client that the server does not know', { CLIENT: 'nobody' }, 'answered 401 (invalid_client)'],
    ['no key', { KEY: '' }, 'KEY, named in the sign-in of this feed, is not set'],
  ])('with %s is a fault of its own, in plain words', async (_, secrets, words) => {
    register(oauth, keys.first.publicKey);
    const client = setUp({ auth: signedJwt(oauth.tokenUrl), secret: secretOf(secrets) });
    const answer = await client.poll();
    expect(answer).toMatchObject({ kind: 'fault', fault: { state: 'unauthorised' } });
    expect(answer.kind === 'fault' && answer.fault.fault).toContain(words);
    expect(JSON.stringify(answer) + client.logged.join()).not.toMatch(/canary|BEGIN|headroom-client/);
  });
});

describe('a client secret', () => {
  const auth: AuthPart = { type: 'oauth-client', tokenUrl: '', clientId: '${CLIENT}', clientSecret: '${SECRET}' };

  it('is exchanged for a token, whatever characters it is made of', async () => {
    oauth.register({
      client_id: CLIENT,
      client_secret: `${CANARY}: +%&=/`,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: 'queues:read',
    });
    const client = setUp({ auth: { ...auth, tokenUrl: oauth.tokenUrl, scope: 'queues:read' } });
    expect(await client.poll()).toMatchObject({ kind: 'fresh', payload: { client: CLIENT } });
  });

  it('that is wrong, and a scope that is not given, are faults of their own', async () => {
    const wrong = setUp({ auth: { ...auth, tokenUrl: oauth.tokenUrl }, secret: secretOf({ SECRET: 'wrong' }) });
    expect(await wrong.poll()).toMatchObject({ fault: { fault: expect.stringContaining('401 (invalid_client)') } });
    const scope = setUp({ auth: { ...auth, tokenUrl: oauth.tokenUrl, scope: 'queues:write' } });
    expect(await scope.poll()).toMatchObject({ fault: { fault: expect.stringContaining('400 (invalid_scope)') } });
  });
});

describe('a token', () => {
  it('is asked for once, however many polls want it, and used until shortly before its end', async () => {
    const server = await startOAuthServer({ lifetime: 600 });
    onTestFinished(() => server.close());
    register(server, keys.first.publicKey);
    const client = setUp({ auth: signedJwt(server.tokenUrl) });
    const { authority, feed, signal } = client;
    const all = await Promise.all(Array.from({ length: 50 }, () => authority.authorise(feed, signal)));
    expect(new Set(all).size).toBe(1);
    expect(server.asked()).toBe(1);
    // At hand, it costs no promise.
    expect(authority.authorise(feed, signal)).toBe(all[0]);
    client.later(560_000);
    expect(authority.authorise(feed, signal)).toBe(all[0]);
    client.later(20_000);
    await authority.authorise(feed, signal);
    expect(server.asked()).toBe(2);
  });

  it('that is refused is dropped and fetched anew within the poll, once', async () => {
    register(oauth, keys.first.publicKey);
    const client = setUp({ auth: signedJwt(oauth.tokenUrl) });
    await client.poll();
    const before = oauth.asked();
    await oauth.revokeAll();
    expect(await client.poll()).toMatchObject({ kind: 'fresh' });
    expect(oauth.asked()).toBe(before + 1);
  });

  it('is not asked for at every poll of a feed that refuses it whatever it is', async () => {
    register(oauth, keys.first.publicKey);
    supplier.on('/never', (_, response) => void response.writeHead(401).end());
    const client = setUp({ auth: signedJwt(oauth.tokenUrl) });
    const before = oauth.asked();
    for (let i = 0; i < 5; i++)
      expect(await client.poll(`${supplier.origin}/never`)).toMatchObject({ fault: { state: 'unauthorised' } });
    expect(oauth.asked()).toBe(before + 2);
    client.later(61_000);
    await client.poll(`${supplier.origin}/never`);
    expect(oauth.asked()).toBe(before + 3);
  });

  it('that was refused long after another poll renewed it is not dropped a second time', async () => {
    register(oauth, keys.first.publicKey);
    const { authority, feed, signal, poll } = setUp({ auth: signedJwt(oauth.tokenUrl) });
    const old = await authority.authorise(feed, signal);
    await oauth.revokeAll();
    await poll();
    const before = oauth.asked();
    expect('headers' in old && authority.refused(feed, old)).toBe(true);
    await authority.authorise(feed, signal);
    expect(oauth.asked()).toBe(before);
  });

  it('that was asked for by a poll that is ended comes for the others all the same', async () => {
    let go: () => void = () => undefined;
    const held = new Promise<void>((done) => (go = done));
    const server = await startOAuthServer({ before: () => held });
    onTestFinished(() => server.close());
    register(server, keys.first.publicKey);
    const { authority, feed, signal } = setUp({ auth: signedJwt(server.tokenUrl) });
    const ending = new AbortController();
    const ended = authority.authorise(feed, ending.signal);
    const other = authority.authorise(feed, signal);
    ending.abort();
    expect(await ended).toMatchObject({ state: 'poller-stopped' });
    go();
    expect(await other).toMatchObject({ headers: { authorization: expect.stringMatching(/^Bearer /) } });
  });
});

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
    const client = setUp({ auth: token(answer) });
    const found = await client.poll();
    expect(found).toMatchObject({ kind: 'fault', fault: { state } });
    expect(found.kind === 'fault' && found.fault.fault).toContain(words);
    expect(JSON.stringify(found) + client.logged.join()).not.toContain(CANARY);
  });

  it('is left alone for a while, unless the secret changes', async () => {
    const auth = token(status(401));
    const secrets: Record<string, string> = { KEY: pem(keys.first.privateKey) };
    const client = setUp({ auth, secret: (name) => secretOf(secrets)(name) });
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

  it('may not be where no feed may be', async () => {
    for (const [url, allowPrivate] of [
      ['http://169.254.169.254/token', true],
      [`${supplier.origin}/token`, false],
    ] as const) {
      const found = await setUp({ auth: signedJwt(url), allowPrivate }).poll();
      expect(found).toMatchObject({ fault: { state: 'blocked' } });
    }
  });

  it('takes seconds as text, as the national platform writes them', async () => {
    const client = setUp({ auth: token(sendJson({ access_token: 'abc', expires_in: '599', token_type: 'Bearer' })) });
    const first = await client.authority.authorise(client.feed, client.signal);
    expect(first).toMatchObject({ headers: { authorization: 'Bearer abc' } });
    client.later(560_000);
    expect(client.authority.authorise(client.feed, client.signal)).toBe(first);
  });
});

describe('a sign-in without tokens', () => {
  it('is there at once, and follows its secrets', () => {
    const secrets: Record<string, string> = { TOKEN: 'one', USER: 'reader', PASSWORD: 'pä:ss' };
    const bearer = setUp({ auth: { type: 'bearer', token: '${TOKEN}' }, secret: (name) => secrets[name] });
    const now = () => bearer.authority.authorise(bearer.feed, bearer.signal);
    expect(now()).toEqual({ headers: { authorization: 'Bearer one' }, tls: null });
    expect(now()).toBe(now());
    secrets['TOKEN'] = 'two';
    expect(now()).toEqual({ headers: { authorization: 'Bearer two' }, tls: null });
    delete secrets['TOKEN'];
    expect(now()).toEqual({ state: 'unauthorised', fault: 'TOKEN, named in the sign-in of this feed, is not set' });
    const auth: AuthPart = { type: 'basic', user: '${USER}', password: '${PASSWORD}' };
    const basic = setUp({ auth, secret: (name) => secrets[name] });
    expect(basic.authority.authorise(basic.feed, basic.signal)).toMatchObject({
      headers: { authorization: `Basic ${Buffer.from('reader:pä:ss').toString('base64')}` },
    });
  });

  it('is not asked for anew where its feed refuses it', () => {
    const client = setUp({ auth: { type: 'bearer', token: 'x' } });
    const used = client.authority.authorise(client.feed, client.signal);
    expect('headers' in used && client.authority.refused(client.feed, used)).toBe(false);
  });
});
