import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY_TEXT, feedOf, queue, siteOf, telephony } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';
import { setUpPolling } from '../fixtures/feeds/polling.ts';

const GOOD = telephony(queue('P81001'));
const BODY = JSON.stringify(GOOD);
const MB = 1024 * 1024;
const json = { 'content-type': 'application/json' };
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

/** One poll of an address, by a poller of its own. */
async function pollOnce(url: string, more: { allowPrivate?: boolean; timeoutMs?: number } = {}) {
  const feed = feedOf('telephony-queues', { url, sites: ['P81001'], timeoutMs: more.timeoutMs ?? 3000, maxBytes: MB });
  const { allowPrivate = true } = more;
  const polling = setUpPolling({ units: [siteOf('P81001')], feeds: [feed], allowPrivate });
  const result = await polling.poller.pollNow(feed.id);
  await polling.poller.stop();
  return { result, logged: polling.logged.join('\n') };
}

const status =
  (code: number, body: unknown = null, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    response.writeHead(code, { ...json, ...headers }).end(body === null ? '' : JSON.stringify(body));
  };
const send =
  (body: string | Buffer, headers: Record<string, string> = json): Behaviour =>
  (_, response) => {
    response.writeHead(200, headers).end(body);
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
    ['JSON of another kind', send('{"rows":[]}'), 'invalid'],
    ['a list', send('[1,2]'), 'invalid'],
    ['damaged gzip', send(gzipSync(BODY).subarray(0, 40), { ...json, 'content-encoding': 'gzip' }), 'damaged'],
    ['a compression nobody asked for', send(BODY, { ...json, 'content-encoding': 'zstd' }), 'wrong-type'],
    ['a gzip bomb', send(gzipSync(Buffer.alloc(100 * MB)), { ...json, 'content-encoding': 'gzip' }), 'too-large'],
    ['an unknown length beyond the cap', (_, r) => flood(r, null), 'too-large'],
    ['200 MB, announced', (_, r) => flood(r, 200 * MB), 'too-large'],
    ['a redirect that goes round', (_, r) => void r.writeHead(302, { location: '/case' }).end(), 'redirected'],
  ])('%s', async (_, behaviour, state) => {
    supplier.on('/case', behaviour);
    const { result, logged } = await pollOnce(`${supplier.origin}/case`);
    expect(result.state).toBe(state);
    expect(result.fault).not.toBe('');
    expect(result.readings).toEqual([]);
    expect(result.observedAt).toBeNull();
    expect(JSON.stringify(result) + logged).not.toMatch(/Quillfeather|9434765919|127\.0\.0\.1/);
  });

  it('reads no more of 200 MB than it may', async () => {
    let sent = 0;
    supplier.on('/flood', (_, response) => {
      sent = 0;
      flood(response, null, (bytes) => (sent += bytes));
    });
    await pollOnce(`${supplier.origin}/flood`);
    // What the kernel's buffers take in beyond the cap is not ours to count.
    expect(sent).toBeLessThan(30 * MB);
  });

  it('follows a redirect within the origin, and never one to another', async () => {
    supplier.on('/moved', (_, response) => void response.writeHead(307, { location: '/here' }).end());
    supplier.on('/here', sendJson(GOOD));
    expect((await pollOnce(`${supplier.origin}/moved`)).result.state).toBe('ok');
    supplier.on('/away', (_, response) => void response.writeHead(302, { location: `${elsewhere.origin}/feed` }).end());
    expect((await pollOnce(`${supplier.origin}/away`)).result.state).toBe('redirected');
    expect(elsewhere.seen()).toHaveLength(0);
  });

  it.each(['gzip', 'deflate', 'br'] as const)('reads a good answer in %s', async (encoding) => {
    const { brotliCompressSync, deflateSync } = await import('node:zlib');
    const body = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[encoding](BODY);
    supplier.on('/packed', send(body, { ...json, 'content-encoding': encoding }));
    expect((await pollOnce(`${supplier.origin}/packed`)).result.state).toBe('ok');
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
    expect((await pollOnce(`${supplier.origin}/case`, { timeoutMs: 400 })).result.state).toBe(state);
  });

  it('a closed port is refused', async () => {
    const gone = await startSupplier();
    await gone.close();
    expect((await pollOnce(`${gone.origin}/feed`)).result.state).toBe('refused');
  });

  it('a name that nobody knows is a fault of its name', async () => {
    expect((await pollOnce('http://feeds.invalid/feed')).result.state).toBe('dns');
  });

  it('a server without TLS behind https is a fault of TLS', async () => {
    const url = supplier.origin.replace('http:', 'https:');
    expect((await pollOnce(`${url}/feed`)).result.state).toBe('tls');
  });

  it('something that is not HTTP is malformed', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('+OK POP3 ready\r\n'));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    expect((await pollOnce(`http://127.0.0.1:${port}/feed`)).result.state).toBe('malformed');
    await new Promise((done) => server.close(done));
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://[::ffff:169.254.169.254]/'])(
    'the metadata address %s is never asked, even where private ones may be',
    async (url) => {
      expect((await pollOnce(url)).result.state).toBe('blocked');
    },
  );

  it('loopback is not asked where private addresses are not allowed, by address or by name', async () => {
    const before = supplier.seen().length;
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = supplier.origin.replace('127.0.0.1', host);
      expect((await pollOnce(`${url}/feed`, { allowPrivate: false })).result.state).toBe('blocked');
    }
    expect(supplier.seen()).toHaveLength(before);
  });

  it.each(['not an address', 'ftp://127.0.0.1/feed', 'http://user:pass@127.0.0.1/feed'])(
    'an address that cannot be used (%s) is blocked',
    async (url) => {
      expect((await pollOnce(url)).result.state).toBe('blocked');
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
