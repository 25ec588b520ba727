import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AuthPart } from '#shared/model/definition.ts';
import { createSecret } from '../../server/config.ts';
import * as signing from '../fixtures/feeds/signing-in.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';
import { startOAuthServer, type OAuthServer } from '../support/oauth-server.ts';

const { CANARY, CLIENT, keys, newKey, pem, secretOf, signedJwt } = signing;

let oauth: OAuthServer;
let supplier: Supplier;
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

const setUp = (auth: AuthPart, more: Partial<signing.SigningIn> = {}) =>
  signing.setUpSigningIn({ url: `${supplier.origin}/feed`, auth, ...more });

describe('a private-key JWT', () => {
  it('is exchanged for a token that the feed accepts', async () => {
    register(oauth, keys.first.publicKey);
    const client = setUp(signedJwt(oauth.tokenUrl));
    expect(await client.poll()).toMatchObject({ kind: 'fresh', payload: { client: CLIENT } });
  });

  it.each([
    ['RS256', newKey()],
    ['PS256', newKey()],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ] as const)('is signed with %s where the feed says so', async (algorithm, { publicKey, privateKey }) => {
    register(oauth, publicKey);
    const auth = { ...signedJwt(oauth.tokenUrl), algorithm } as AuthPart;
    expect(await setUp(auth, { secret: secretOf({ KEY: pem(privateKey) }) }).poll()).toMatchObject({ kind: 'fresh' });
  });

  it('is signed with a key in the older form as well', async () => {
    register(oauth, keys.first.publicKey);
    const secret = secretOf({ KEY: pem(keys.first.privateKey, 'pkcs1') });
    expect(await setUp(signedJwt(oauth.tokenUrl), { secret }).poll()).toMatchObject({ kind: 'fresh' });
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
    const client = setUp(signedJwt(oauth.tokenUrl), { secret });
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
    const client = setUp(signedJwt(oauth.tokenUrl), { secret: secretOf(secrets) });
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
    const client = setUp({ ...auth, tokenUrl: oauth.tokenUrl, scope: 'queues:read' });
    expect(await client.poll()).toMatchObject({ kind: 'fresh', payload: { client: CLIENT } });
  });

  it('that is wrong, and a scope that is not given, are faults of their own', async () => {
    const wrong = setUp({ ...auth, tokenUrl: oauth.tokenUrl }, { secret: secretOf({ SECRET: 'wrong' }) });
    expect(await wrong.poll()).toMatchObject({ fault: { fault: expect.stringContaining('401 (invalid_client)') } });
    const scope = setUp({ ...auth, tokenUrl: oauth.tokenUrl, scope: 'queues:write' });
    expect(await scope.poll()).toMatchObject({ fault: { fault: expect.stringContaining('400 (invalid_scope)') } });
  });
});

describe('a token', () => {
  it('is asked for once, however many polls want it, and used until shortly before its end', async () => {
    const server = await startOAuthServer({ lifetime: 600 });
    onTestFinished(() => server.close());
    register(server, keys.first.publicKey);
    const client = setUp(signedJwt(server.tokenUrl));
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
    const client = setUp(signedJwt(oauth.tokenUrl));
    await client.poll();
    const before = oauth.asked();
    await oauth.revokeAll();
    expect(await client.poll()).toMatchObject({ kind: 'fresh' });
    expect(oauth.asked()).toBe(before + 1);
  });

  it('is not asked for at every poll of a feed that refuses it whatever it is', async () => {
    register(oauth, keys.first.publicKey);
    supplier.on('/never', (_, response) => void response.writeHead(401).end());
    const client = setUp(signedJwt(oauth.tokenUrl), { url: `${supplier.origin}/never` });
    const before = oauth.asked();
    for (let i = 0; i < 5; i++) expect(await client.poll()).toMatchObject({ fault: { state: 'unauthorised' } });
    expect(oauth.asked()).toBe(before + 2);
    client.later(61_000);
    await client.poll();
    expect(oauth.asked()).toBe(before + 3);
  });

  it('that was refused long after another poll renewed it is not dropped a second time', async () => {
    register(oauth, keys.first.publicKey);
    const { authority, feed, signal, poll } = setUp(signedJwt(oauth.tokenUrl));
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
    const { authority, feed, signal } = setUp(signedJwt(server.tokenUrl));
    const ending = new AbortController();
    const ended = authority.authorise(feed, ending.signal);
    const other = authority.authorise(feed, signal);
    ending.abort();
    expect(await ended).toMatchObject({ state: 'poller-stopped' });
    go();
    expect(await other).toMatchObject({ headers: { authorization: expect.stringMatching(/^Bearer /) } });
  });
});
