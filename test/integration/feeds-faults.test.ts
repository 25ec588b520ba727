import { createServer, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOnce, json, MB, send } from '../fixtures/feeds/asking.ts';
import { CANARY_TEXT, queue, telephony } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';

const GOOD = telephony(queue('P81001'));
const BODY = JSON.stringify(GOOD);
const BOMB = Buffer.alloc(100 * MB);
const PAST = 'Mon, 14 Sep 2026 08:00:00 GMT';
const outcome = (code: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ details: { coding: [{ code }] }, diagnostics: CANARY_TEXT }],
});

let supplier: Supplier;
let elsewhere: Supplier;
beforeAll(async () => {
  [supplier, elsewhere] = await Promise.all([startSupplier(), startSupplier()]);
  elsewhere.on('/feed', sendJson(GOOD));
});
afterAll(async () => {
  await Promise.all([supplier.close(), elsewhere.close()]);
});

const status =
  (code: number, body: unknown = null, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    response.writeHead(code, { ...json, ...headers }).end(body === null ? '' : JSON.stringify(body));
  };
describe('an answer that comes, but wrong', () => {
  it.each<[string, Behaviour, string]>([
    ['401', status(401), 'unauthorised'],
    ['403', status(403), 'forbidden'],
    ['404', status(404), 'not-found'],
    ['404 that says the service never joined', status(404, outcome('PROXY_NOT_FOUND')), 'not-onboarded'],
    ['408 of the service behind the proxy', status(408, outcome('REC_TIMEOUT')), 'receiver-timeout'],
    ['429', status(429, outcome('SEND_TOO_MANY_REQUESTS')), 'throttled'],
    ['429 with Retry-After', status(429, null, { 'retry-after': '60' }), 'throttled'],
    ['500', status(500), 'server-error'],
    [
      '500 with a web page',
      (_, r) => void r.writeHead(500, { 'content-type': 'text/html' }).end('<html>'),
      'server-error',
    ],
    ['503 of the service behind the proxy', status(503, outcome('REC_UNAVAILABLE')), 'unavailable'],
    ['418', status(418), 'unexpected-status'],
    ['304 that nobody asked for', (_, r) => void r.writeHead(304).end(), 'unexpected-status'],
    ['a web page', send('<!doctype html><p>Sign in', { 'content-type': 'text/html' }), 'wrong-type'],
    ['a web page that says it is JSON', send('\n <html>'), 'wrong-type'],
    ['CSV', send('odsCode,waiting\n', { 'content-type': 'text/csv' }), 'wrong-type'],
    ['half a JSON', send(BODY.slice(0, BODY.length / 2)), 'malformed'],
    ['nothing', send(''), 'malformed'],
    ['an error report with a 200', sendJson(outcome('REC_UNAVAILABLE')), 'unavailable'],
    ['an error report of which nothing is known', sendJson(outcome('Mrs Quillfeather')), 'invalid'],
    ['JSON nested without end', send('['.repeat(MB / 2)), 'malformed'],
    ['JSON nested very deep', send('['.repeat(MB / 4) + ']'.repeat(MB / 4)), 'too-large'],
    ['damaged gzip', send(gzipSync(BODY).subarray(0, 40), { ...json, 'content-encoding': 'gzip' }), 'damaged'],
    ['a compression nobody asked for', send(BODY, { ...json, 'content-encoding': 'zstd' }), 'wrong-type'],
    [
      'damaged brotli',
      send(brotliCompressSync(BODY).subarray(0, 40), { ...json, 'content-encoding': 'br' }),
      'damaged',
    ],
    ['damaged deflate', send(deflateSync(BODY).subarray(0, 40), { ...json, 'content-encoding': 'deflate' }), 'damaged'],
    ['gzip that is none', send(BODY, { ...json, 'content-encoding': 'gzip' }), 'damaged'],
    ['a gzip bomb', send(gzipSync(BOMB), { ...json, 'content-encoding': 'gzip' }), 'too-large'],
    ['a deflate bomb', send(deflateSync(BOMB), { ...json, 'content-encoding': 'deflate' }), 'too-large'],
    ['a brotli bomb', send(brotliCompressSync(BOMB), { ...json, 'content-encoding': 'br' }), 'too-large'],
    ['an unknown length beyond the cap', (_, r) => flood(r, null), 'too-large'],
    ['200 MB, announced', (_, r) => flood(r, 200 * MB), 'too-large'],
    ['a redirect that goes round', (_, r) => void r.writeHead(302, { location: '/case' }).end(), 'redirected'],
  ])('%s', async (_, behaviour, state) => {
    supplier.on('/case', behaviour);
    const found = await askOnce(`${supplier.origin}/case`);
    expect(found.state).toBe(state);
    expect(found.fault).not.toBe('');
    expect(found.fault).not.toMatch(/Quillfeather|9434765919|127\.0\.0\.1/);
  });

  it('reads no more of 200 MB than it may', async () => {
    let sent = 0;
    supplier.on('/flood', (_, response) => {
      sent = 0;
      flood(response, null, (bytes) => (sent += bytes));
    });
    await askOnce(`${supplier.origin}/flood`);
    // What the kernel's buffers take in beyond the cap is not ours to count.
    expect(sent).toBeLessThan(30 * MB);
  });

  it('follows a redirect within the origin, and never one to another', async () => {
    supplier.on('/moved', (_, response) => void response.writeHead(307, { location: '/here' }).end());
    supplier.on('/here', sendJson(GOOD));
    const moved = await askOnce(`${supplier.origin}/moved`);
    expect(moved.answer).toMatchObject({ kind: 'fresh', payload: GOOD, url: `${supplier.origin}/here` });
    supplier.on('/away', (_, response) => void response.writeHead(302, { location: `${elsewhere.origin}/feed` }).end());
    expect((await askOnce(`${supplier.origin}/away`)).state).toBe('redirected');
    expect(elsewhere.seen()).toHaveLength(0);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    '//metadata.google.internal/',
    'file:///etc/passwd',
    'gopher://x/',
  ])('never is led to %s', async (location) => {
    supplier.on('/away', (_, response) => void response.writeHead(302, { location }).end());
    expect((await askOnce(`${supplier.origin}/away`)).state).toBe('redirected');
  });

  it('ends redirects that never end after a few', async () => {
    let hops = 0;
    supplier.on('/on', (_, r) => void r.writeHead(302, { location: `/on?${++hops}` }).end());
    expect((await askOnce(`${supplier.origin}/on`)).state).toBe('redirected');
    expect(hops).toBe(4);
  });

  it('takes redirects out of the same time limit', async () => {
    supplier.on('/slow', (_, r) => void setTimeout(() => r.writeHead(302, { location: '/slow' }).end(), 250));
    const found = await askOnce(`${supplier.origin}/slow`, { timeoutMs: 400 });
    expect(found.state).toBe('timeout');
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('reads a good answer in %s', async (encoding, pack) => {
    supplier.on('/packed', send(pack(BODY), { ...json, 'content-encoding': encoding }));
    expect((await askOnce(`${supplier.origin}/packed`)).answer).toMatchObject({ kind: 'fresh', payload: GOOD });
  });

  it.each<[string, Record<string, string>, number | null, string]>([
    ['in seconds', { 'retry-after': '90' }, 90_000, 'to wait 90 seconds'],
    [
      'by a date, measured by its own clock',
      { date: 'Mon, 14 Sep 2026 08:00:00 GMT', 'retry-after': 'Mon, 14 Sep 2026 08:02:00 GMT' },
      120_000,
      'to wait 120 seconds',
    ],
    [
      'by a date that has passed',
      { date: PAST, 'retry-after': 'Mon, 14 Sep 2026 07:00:00 GMT' },
      null,
      'names no time',
    ],
    ['in words', { 'retry-after': 'soon' }, null, 'names no time'],
    ['not at all', {}, null, 'names no time'],
  ])('says how long a supplier asks to be left alone: %s', async (_, headers, wait, words) => {
    supplier.on('/quota', status(429, null, headers));
    const { answer, fault } = await askOnce(`${supplier.origin}/quota`);
    expect(answer).toMatchObject({ kind: 'fault', retryAfterMs: wait, scope: 'supplier' });
    expect(fault).toContain(words);
  });

  it('hands the head and body of a fault on, for whoever wants to see what came', async () => {
    supplier.on('/bad', send('{"a":', { ...json, age: '30', date: PAST }));
    const { answer } = await askOnce(`${supplier.origin}/bad`);
    expect(answer).toMatchObject({ kind: 'fault', head: { status: 200, ageMs: 30_000, dateMs: Date.parse(PAST) } });
    expect(answer.kind === 'fault' && answer.raw?.toString()).toBe('{"a":');
  });
});

describe('an answer that does not come', () => {
  it.each<[string, Behaviour, string]>([
    ['silence', () => undefined, 'timeout'],
    ['silence in the middle of the body', (_, r) => void r.writeHead(200, json).write(BODY.slice(0, 50)), 'too-slow'],
    ['a body that drips for ever', (_, r) => drip(r), 'too-slow'],
    ['a connection cut before the answer', (request) => void request.socket.destroy(), 'reset'],
    ['a connection cut in the middle', (_, r) => cut(r), 'reset'],
  ])('%s', async (_, behaviour, state) => {
    supplier.on('/case', behaviour);
    expect((await askOnce(`${supplier.origin}/case`, { timeoutMs: 400 })).state).toBe(state);
  });

  it('a closed port is refused', async () => {
    const gone = await startSupplier();
    await gone.close();
    expect((await askOnce(`${gone.origin}/feed`)).state).toBe('refused');
  });

  it('a name that nobody knows is a fault of its name', async () => {
    expect((await askOnce('http://feeds.invalid/feed')).state).toBe('dns');
  });

  it('a server without TLS behind https is a fault of TLS', async () => {
    const url = supplier.origin.replace('http:', 'https:');
    expect((await askOnce(`${url}/feed`)).state).toBe('tls');
  });

  it('something that is not HTTP is malformed', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('+OK POP3 ready\r\n'));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    expect((await askOnce(`http://127.0.0.1:${port}/feed`)).state).toBe('malformed');
    await new Promise((done) => server.close(done));
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://[::ffff:169.254.169.254]/'])(
    'the metadata address %s is never asked, even where private ones may be',
    async (url) => {
      expect((await askOnce(url)).state).toBe('blocked');
    },
  );

  it('loopback is not asked where private addresses are not allowed, by address or by name', async () => {
    const before = supplier.seen().length;
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = supplier.origin.replace('127.0.0.1', host);
      expect((await askOnce(`${url}/feed`, { allowPrivate: false })).state).toBe('blocked');
    }
    expect(supplier.seen()).toHaveLength(before);
  });

  it.each(['not an address', 'ftp://127.0.0.1/feed', 'http://user:pass@127.0.0.1/feed'])(
    'an address that cannot be used (%s) is blocked',
    async (url) => {
      expect((await askOnce(url)).state).toBe('blocked');
    },
  );
});

type Response = Parameters<Behaviour>[1];

/** Sends without end (or up to the announced length) for as long as the other side listens. */
function flood(response: Response, length: number | null, count: (bytes: number) => void = () => undefined): void {
  response.writeHead(200, { ...json, ...(length === null ? {} : { 'content-length': String(length) }) });
  const chunk = Buffer.alloc(256 * 1024, ' ');
  let left = length ?? 200 * MB;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      count(chunk.length);
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    if (!response.destroyed) response.end();
  };
  more();
}

function drip(response: Response): void {
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}

function cut(response: Response): void {
  response.writeHead(200, { ...json, 'content-length': String(BODY.length) });
  response.write(BODY.slice(0, 50), () => response.socket?.resetAndDestroy());
}
