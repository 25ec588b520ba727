import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AuthPart } from '#shared/model/definition.ts';
import { createAuthority } from '../../server/feeds/auth/authority.ts';
import { createHttp } from '../../server/feeds/http.ts';
import { feedOf } from '../fixtures/feeds/samples.ts';
import { until } from '../fixtures/feeds/supplier.ts';
import { createAuthority as createIssuer, type Authority, type IssueOptions } from '../support/certificates.ts';
import { startTlsSupplier, type TlsSupplier, type TlsSupplierOptions } from '../support/tls-supplier.ts';

let ours: Authority;
let theirs: Authority;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([createIssuer('Ours'), createIssuer('Somebody else')]);
});

const open: TlsSupplier[] = [];
afterAll(() => Promise.all(open.map((supplier) => supplier.close())));
async function supplierOf(options: TlsSupplierOptions): Promise<TlsSupplier> {
  const supplier = await startTlsSupplier(options);
  open.push(supplier);
  return supplier;
}
const showing = async (options: IssueOptions, by = ours) => supplierOf({ shows: await by.issue('Supplier', options) });

const MTLS: AuthPart = { type: 'mtls', certificate: '${CERT}', key: '${KEY}', ca: '${CA}' };

/** One feed's own client and sign-in, with secrets that the test may change. */
function setUp(secrets: Record<string, string>, auth: AuthPart[] = [MTLS]) {
  const logged: string[] = [];
  const log = (fields: object, message: string): void => void logged.push(`${JSON.stringify(fields)} ${message}`);
  const http = createHttp({ allowPrivate: true });
  onTestFinished(() => http.close());
  const logger = { debug: log, info: log, warn: log, error: log };
  const authority = createAuthority({ http, logger, secret: (name) => secrets[name] });
  const feed = feedOf('telephony-queues', { auth });
  const { signal } = new AbortController();
  return {
    logged,
    secrets,
    async ask(url: string) {
      const signedIn = await authority.authorise(feed, signal);
      if ('state' in signedIn) return signedIn;
      const answer = await http.get({
        url,
        headers: {},
        tls: signedIn.tls,
        timeoutMs: 5000,
        maxBytes: 1024,
        signal,
        known: null,
      });
      return answer.kind === 'fault' ? answer.fault : { state: 'ok', fault: '' };
    },
  };
}

async function clientOf(name: string, by = ours) {
  const { certificate, key } = await by.issue(name);
  return { CERT: certificate, KEY: key, CA: ours.certificate };
}

describe('the certificate of a feed', () => {
  it.each<[string, string, () => Promise<TlsSupplier>]>([
    ['is good', 'ok', () => showing({})],
    ['has expired', 'tls-expired', () => showing({ from: -30, until: -1 })],
    ['is not valid yet', 'tls-expired', () => showing({ from: 1, until: 30 })],
    ['is for another address', 'tls-mismatch', () => showing({ host: '127.0.0.2' })],
    ['is for a name', 'tls-mismatch', () => showing({ host: 'feeds.example.org' })],
    ['is of somebody we do not trust', 'tls', () => showing({}, theirs)],
  ])('that %s: %s', async (_, state, start) => {
    const { url } = await start();
    const found = await setUp(await clientOf('Headroom')).ask(url);
    expect(found.state).toBe(state);
    expect(found.fault).not.toContain('127.0.0');
  });

  it('of an unknown authority is not accepted where none is named', async () => {
    const { url } = await showing({});
    const found = await setUp({}, []).ask(url);
    expect(found).toMatchObject({ state: 'tls' });
    expect(found.fault).toContain('nobody we trust');
  });

  it('that is put right is accepted at the next poll', async () => {
    const supplier = await showing({ until: -0.5 });
    const client = setUp(await clientOf('Headroom'));
    expect((await client.ask(supplier.url)).state).toBe('tls-expired');
    supplier.show(await ours.issue('Supplier'));
    expect((await client.ask(supplier.url)).state).toBe('ok');
  });
});

describe('our own certificate', () => {
  const guarded = async () => supplierOf({ shows: await ours.issue('Supplier'), wantsClientsOf: ours.certificate });

  it('is shown to a feed that wants one', async () => {
    const supplier = await guarded();
    expect((await setUp(await clientOf('Headroom')).ask(supplier.url)).state).toBe('ok');
    expect(supplier.clients).toEqual(['Headroom']);
  });

  it('is refused where it is of the wrong authority, and says so', async () => {
    const supplier = await guarded();
    const found = await setUp(await clientOf('Headroom', theirs)).ask(supplier.url);
    expect(found).toMatchObject({ state: 'tls' });
    expect(found.fault).toContain('our client certificate');
    expect(supplier.clients).toEqual([]);
  });

  it('changes with its files, without a restart, and the old connections end', async () => {
    const supplier = await guarded();
    const client = setUp(await clientOf('First'));
    await client.ask(supplier.url);
    await client.ask(supplier.url);
    Object.assign(client.secrets, await clientOf('Second'));
    expect((await client.ask(supplier.url)).state).toBe('ok');
    expect(supplier.clients).toEqual(['First', 'First', 'Second']);
    await until(() => supplier.connections() === 1, 'the connections of the first certificate have ended');
  });

  it('stays the old one while only one of its two files has changed', async () => {
    const supplier = await guarded();
    const client = setUp(await clientOf('First'));
    await client.ask(supplier.url);
    const { CERT, KEY } = await clientOf('Second');
    client.secrets['CERT'] = CERT;
    await client.ask(supplier.url);
    await client.ask(supplier.url);
    client.secrets['KEY'] = KEY;
    await client.ask(supplier.url);
    expect(supplier.clients).toEqual(['First', 'First', 'First', 'Second']);
    expect(client.logged.filter((line) => line.includes('feed-certificate-unusable'))).toHaveLength(1);
  });

  it.each([
    ['that cannot be read', { CERT: 'no certificate', KEY: 'no key' }],
    ['that does not fit its key', { KEY: null }],
  ])('%s is a fault in plain words that quotes neither', async (_, wrong) => {
    const secrets = await clientOf('Headroom');
    const key = wrong.KEY ?? (await clientOf('Other')).KEY;
    const client = setUp({ ...secrets, ...wrong, KEY: key });
    const found = await client.ask('https://127.0.0.1:9/feed');
    expect(found).toMatchObject({ state: 'tls' });
    expect(found.fault + client.logged.join()).not.toMatch(/BEGIN|no key|MIG/);
  });

  it('that is not set is named', async () => {
    const { CERT, CA } = await clientOf('Headroom');
    expect(await setUp({ CERT, CA }).ask('https://127.0.0.1:9/feed')).toEqual({
      state: 'unauthorised',
      fault: 'KEY, named in the sign-in of this feed, is not set',
    });
  });
});
