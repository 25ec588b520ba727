import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp, type Question } from '../../server/feeds/http.ts';
import { askOnce, json, QUESTION, send } from '../fixtures/feeds/asking.ts';
import { queue, telephony } from '../fixtures/feeds/samples.ts';
import { sendJson, startSupplier, type Behaviour, type Supplier } from '../fixtures/feeds/supplier.ts';

const GOOD = telephony(queue('P81001'));
const BODY = JSON.stringify(GOOD);

let supplier: Supplier;
beforeAll(async () => {
  supplier = await startSupplier();
});
afterAll(() => supplier.close());

describe('a question', () => {
  it('with a body is sent as JSON, unless it says otherwise', async () => {
    supplier.on('/query', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () =>
        sendJson({ method: request.method, type: request.headers['content-type'], body })(request, response),
      );
    });
    const body = '{"interval":"day"}';
    const { answer } = await askOnce(`${supplier.origin}/query`, { method: 'POST', body });
    expect(answer).toMatchObject({ payload: { method: 'POST', type: 'application/json', body } });
    const form = await askOnce(`${supplier.origin}/query`, {
      method: 'POST',
      body: 'a=b',
      headers: { 'content-type': 'x/y' },
    });
    expect(form.answer).toMatchObject({ payload: { type: 'x/y', body: 'a=b' } });
  });

  it('with a body follows only the redirects that keep it', async () => {
    supplier.on('/seen', sendJson(GOOD));
    for (const [code, state] of [
      [307, 'ok'],
      [308, 'ok'],
      [301, 'redirected'],
      [302, 'redirected'],
      [303, 'redirected'],
    ] as const) {
      supplier.on('/post', (_, response) => void response.writeHead(code, { location: '/seen' }).end());
      expect((await askOnce(`${supplier.origin}/post`, { method: 'POST', body: '{}' })).state).toBe(state);
    }
  });

  it('for CSV is answered in text, and not by JSON or a web page', async () => {
    supplier.on('/csv', send('ods,waiting\nP81001,3\n', { 'content-type': 'text/csv' }));
    const { answer } = await askOnce(`${supplier.origin}/csv`, { format: 'csv' });
    expect(answer).toMatchObject({ kind: 'fresh', payload: 'ods,waiting\nP81001,3\n' });
    supplier.on('/csv', sendJson(GOOD));
    expect((await askOnce(`${supplier.origin}/csv`, { format: 'csv' })).state).toBe('wrong-type');
  });

  it('ends at once when its signal does, also while the answer is on its way', async () => {
    const stopping = new AbortController();
    supplier.on('/hang', () => stopping.abort());
    const found = await askOnce(`${supplier.origin}/hang`, { signal: stopping.signal, timeoutMs: 60_000 });
    expect(found.state).toBe('poller-stopped');
    expect((await askOnce(`${supplier.origin}/hang`, { signal: stopping.signal })).state).toBe('poller-stopped');
  });

  it.each([[{ 'x-key': 'two\r\nlines' }], [{ 'bad name': 'x' }]])(
    'with a header that cannot be sent (%j) is a fault of the feed as it is written',
    async (headers) => {
      expect((await askOnce(`${supplier.origin}/feed`, { headers })).state).toBe('blocked');
    },
  );
});

describe('what an address answered last time', () => {
  const at = (time: string, waiting = 7) =>
    JSON.stringify({ ...telephony(queue('P81001', { waiting })), generatedAt: time });
  const first = '2026-09-14T08:29:50Z';
  const later = '2026-09-14T08:30:05Z';

  /** Two questions in a row, the second with what is known from the first. */
  async function askTwice(before: Behaviour, after: Behaviour, more: Partial<Question> & { keptBytes?: number } = {}) {
    const { keptBytes, ...question } = more;
    const http = createHttp({ allowPrivate: true, ...(keptBytes === undefined ? {} : { keptBytes }) });
    const url = `${supplier.origin}/twice`;
    try {
      supplier.on('/twice', before);
      const known = await http.get({ ...QUESTION, url, ...question });
      if (known.kind !== 'fresh') throw new Error(known.kind);
      supplier.on('/twice', after);
      return await http.get({ ...QUESTION, url, ...question, known: known.validators });
    } finally {
      await http.close();
    }
  }
  const timeKeys = ['generatedAt'];

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['plain', {}, {}],
    ['with an ETag made of the whole body', { etag: 'W/"1"' }, { etag: 'W/"2"' }],
  ])('is not read again where only its time has changed: %s', async (_, one, two) => {
    const answer = await askTwice(send(at(first), { ...json, ...one }), send(at(later), { ...json, ...two }), {
      timeKeys,
    });
    expect(answer).toMatchObject({ kind: 'unchanged', confirmed: false, time: later });
  });

  it('is compared as it is once decompressed', async () => {
    const packed = { ...json, 'content-encoding': 'gzip' };
    const answer = await askTwice(send(gzipSync(at(first)), packed), send(gzipSync(at(later)), packed), { timeKeys });
    expect(answer).toMatchObject({ kind: 'unchanged', time: later });
  });

  it('is read again where a figure has changed with it', async () => {
    const answer = await askTwice(send(at(first)), send(at(later, 8)), { timeKeys });
    expect(answer).toMatchObject({ kind: 'fresh' });
  });

  it('says its time also where nothing at all has changed', async () => {
    const answer = await askTwice(send(at(first)), send(at(first)), { timeKeys });
    expect(answer).toMatchObject({ kind: 'unchanged', confirmed: false, time: first });
  });

  it('is told by a digest where it has no time, or there is no room to keep it', async () => {
    expect(await askTwice(send(at(first)), send(at(first)))).toMatchObject({ kind: 'unchanged', time: null });
    const full = { timeKeys, keptBytes: 10 };
    expect(await askTwice(send(at(first)), send(at(first)), full)).toMatchObject({ kind: 'unchanged', time: null });
    expect(await askTwice(send(at(first)), send(at(later)), full)).toMatchObject({ kind: 'fresh' });
  });

  it('is confirmed by a 304', async () => {
    const conditional: Behaviour = (request, response) => {
      const known = request.headers['if-none-match'] === '"1"';
      response.writeHead(known ? 304 : 200, { ...json, etag: '"1"' }).end(known ? '' : BODY);
    };
    expect(await askTwice(conditional, conditional, { timeKeys })).toMatchObject({
      kind: 'unchanged',
      confirmed: true,
    });
  });
});
