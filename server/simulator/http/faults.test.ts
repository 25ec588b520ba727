import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import type { ScenarioEvent } from '#shared/model/scenario.ts';
import { fromInstant } from '#shared/model/time.ts';
import { BARS, SLOTS, startSample } from './running-sample.ts';

type Outage = Extract<ScenarioEvent, { type: 'feed-outage' }>;
const outage = (mode: Outage['mode'], more: Partial<Outage> = {}): Outage => ({
  type: 'feed-outage',
  from: '08:00',
  to: '12:00',
  target: 'norhall-telecom',
  mode,
  ...more,
});
const AT = '2026-01-12T08:40:20.000Z';
const PATH = '/norhall-telecom/queues';

interface Document {
  generatedAt: string;
  queues: { odsCode: string; waiting: unknown; sinceMidnight: Record<string, unknown> }[];
}
const bytesOf = async (base: string, enough = Infinity) => {
  const { statusCode, headers, body } = await request(`${base}${PATH}`, { headers: { 'accept-encoding': 'gzip' } });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= enough) break;
  }
  return { statusCode, headers, bytes: Buffer.concat(chunks) };
};

describe('answers that are broken on their way', () => {
  test('bad gzip says it is compressed and cannot be unpacked', async () => {
    const { base } = await startSample(AT, outage('bad-gzip'));
    const { headers, bytes } = await bytesOf(base);
    expect(headers['content-encoding']).toBe('gzip');
    expect(() => gunzipSync(bytes)).toThrow();
  });

  test('a gzip bomb is small on the wire and large when unpacked', async () => {
    const { base } = await startSample(AT, outage('gzip-bomb'));
    const { headers, bytes } = await bytesOf(base, 30_000);
    expect(headers['content-encoding']).toBe('gzip');
    const member = bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08]), 10);
    expect(member).toBeGreaterThan(1000);
    expect(member).toBeLessThan(20_000);
    expect(gunzipSync(bytes.subarray(0, member)).length).toBe(8 * 1024 * 1024);
  });

  test('a slow drip begins well and comes byte by byte', async () => {
    const { base } = await startSample(AT, outage('slow-drip'));
    const { headers, bytes } = await bytesOf(base, 2);
    expect(Number(headers['content-length'])).toBeGreaterThan(500);
    expect(bytes.toString()).toMatch(/^\{"?g?/);
    expect(bytes.length).toBeLessThan(10);
  });

  test('a redirect leads round in a circle of ever new addresses, on the same host', async () => {
    const { get, base } = await startSample(AT, outage('redirect-loop'));
    let path = PATH;
    const seen = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const answer = await get(path);
      expect(answer.status).toBe(302);
      expect(seen.has(path)).toBe(false);
      seen.add(path);
      path = String(answer.headers['location']);
      expect(new URL(path, base).pathname).toBe(PATH);
    }
  });

  test('another type than what was asked for', async () => {
    const { get } = await startSample(AT, outage('wrong-type'), outage('wrong-type', { target: 'pennine-connect' }));
    expect((await get(PATH)).headers['content-type']).toMatch(/^text\/csv/);
    expect((await get('/pennine-connect/export/totals.csv')).headers['content-type']).toMatch(/^application\/json/);
  });

  test.each([
    [401, undefined, 'SEND_UNAUTHORIZED'],
    [403, undefined, 'SEND_FORBIDDEN'],
    [404, undefined, 'REC_NOT_FOUND'],
    [404, 'PROXY_NOT_FOUND', 'PROXY_NOT_FOUND'],
    [408, undefined, 'REC_TIMEOUT'],
    [429, undefined, 'SEND_TOO_MANY_REQUESTS'],
    [500, undefined, 'REC_SERVER_ERROR'],
    [503, undefined, 'REC_UNAVAILABLE'],
  ])('status %s of a slot search carries %s as %s', async (status, code, said) => {
    const { get } = await startSample(
      AT,
      outage('status', { target: '#1', feed: 'bars-slots', status, ...(code === undefined ? {} : { code }) }),
    );
    const answer = await get(SLOTS, BARS);
    expect([answer.status, answer.headers['retry-after']]).toEqual([status, undefined]);
    expect(answer.json()).toMatchObject({ issue: [{ details: { coding: [{ code: said }] } }] });
    expect((await get('/alder-clinical/S10001/FHIR/R4/Appointment')).status).toBe(200);
  });
});

describe('answers whose content is broken', () => {
  test('a clock that is off shows in Date and in the payload, and in no figure', async () => {
    const well = (await (await startSample(AT)).get(PATH)).json() as Document;
    const { get } = await startSample(AT, outage('clock-off', { minutes: 7 }));
    const answer = await get(PATH);
    expect(answer.headers['date']).toBe('Mon, 12 Jan 2026 08:47:20 GMT');
    const document = answer.json() as Document;
    expect(fromInstant(document.generatedAt)).toBe(fromInstant(AT) + 7 * 60_000);
    expect(document.queues).toEqual(well.queues);
  });

  test('a stale cache answers with one old document for good, and its age grows', async () => {
    const { get, clock } = await startSample(AT, outage('stale-cache', { minutes: 20 }));
    const first = await get(PATH);
    clock.set('2026-01-12T09:05:00.000Z');
    const second = await get(PATH);
    expect((first.json() as Document).generatedAt).toBe('2026-01-12T07:40:00.000Z');
    expect(second.text).toBe(first.text);
    expect(second.headers['date']).toBe('Mon, 12 Jan 2026 09:05:00 GMT');
    expect([first.headers['age'], second.headers['age']]).toEqual(['3620', '5100']);
    expect((await get(PATH, { 'If-None-Match': String(first.headers['etag']) })).status).toBe(304);
  });

  test('out of order, every second document is an older one', async () => {
    const { get, clock } = await startSample(AT, outage('out-of-order', { minutes: 5 }));
    const times: number[] = [];
    for (const second of ['20', '35', '50']) {
      clock.set(`2026-01-12T08:40:${second}.000Z`);
      times.push(fromInstant(((await get(PATH)).json() as Document).generatedAt));
    }
    const [one = 0, two = 0, three = 0] = times;
    expect(two).toBe(one + 15_000 - 5 * 60_000);
    expect(three).toBe(one + 30_000);
  });

  test('a duplicate is a record twice, a missing site is one that was there before', async () => {
    const whole = (await (await startSample(AT)).get(PATH)).json() as Document;
    const double = (await (await startSample(AT, outage('duplicate'))).get(PATH)).json() as Document;
    expect(double.queues).toEqual([whole.queues[0], ...whole.queues]);
    const missing = await startSample(AT, outage('missing-sites', { share: 0.3 }));
    const left = ((await missing.get(PATH)).json() as Document).queues;
    expect(left).toHaveLength(whole.queues.length - 2);
    for (const queue of left) expect(whole.queues).toContainEqual(queue);
    const urgent = await startSample(AT, outage('missing-sites', { target: 'fell-urgent-care' }));
    expect((await urgent.get('/fell-urgent-care/iuc')).json()).toMatchObject({ services: [{}] });
  });

  test('bad records hold a text or a number below zero where a count is meant; the others are whole', async () => {
    const { get } = await startSample(AT);
    const broken = await startSample(AT, outage('bad-record', { share: 0.5 }));
    const whole = (await get(PATH)).json() as Document;
    const document = (await broken.get(PATH)).json() as Document;
    const differing = document.queues.filter((queue, i) => JSON.stringify(queue) !== JSON.stringify(whole.queues[i]));
    expect(differing).toHaveLength(4);
    for (const queue of differing) expect(JSON.stringify(queue)).toMatch(/"1h20"|:-\d/);
    const table = await startSample(AT, outage('bad-record', { target: 'pennine-connect' }));
    expect((await table.get('/pennine-connect/export/totals.csv')).text).toMatch(/,1h20,|,-3,/);
    const slots = await startSample(AT, outage('bad-record', { target: 'S10001', feed: 'bars-slots' }));
    expect((await slots.get(SLOTS, BARS)).text).toContain('"1h20"');
  });

  test('a broken document is never taken for the whole one that a client already has', async () => {
    const well = await startSample(AT);
    const etag = String((await well.get(PATH)).headers['etag']);
    const { get } = await startSample(AT, outage('duplicate'));
    expect((await get(PATH, { 'If-None-Match': etag })).status).toBe(200);
  });
});

test('a script may mean one standard of a supplier only', async () => {
  const { get, post } = await startSample(AT, outage('status', { target: 'pennine-connect', feed: 'mapped-csv' }));
  expect((await get('/pennine-connect/export/totals.csv')).status).toBe(503);
  expect((await post('/pennine-connect/metrics/current/demonstration', {})).status).toBe(400);
});
