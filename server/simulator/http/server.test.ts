import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { ScenarioEvent } from '#shared/model/scenario.ts';
import { fromInstant } from '#shared/model/time.ts';
import { BARS, base64, SLOTS, startSample as start } from './running-sample.ts';

const whole = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false };
const Telephony = Type.Object(
  {
    generatedAt: Type.String(),
    queues: Type.Array(
      Type.Object(
        {
          odsCode: Type.String(),
          waiting: whole,
          longestWaitSeconds: whole,
          handlersOnCall: whole,
          handlersFree: whole,
          callbacksWaiting: whole,
          oldestCallbackSeconds: whole,
          sinceMidnight: Type.Object(
            {
              inbound: whole,
              endedInIvr: whole,
              answered: whole,
              answeredWithin2Minutes: whole,
              missed: whole,
              callbacksRequested: whole,
              callbacksMade: whole,
            },
            closed,
          ),
          // What a supplier may send along, and nobody may read.
          lastCaller: Type.Optional(Type.Object({ name: Type.String() })),
        },
        closed,
      ),
    ),
  },
  closed,
);
const Iuc = Type.Object(
  {
    generatedAt: Type.String(),
    services: Type.Array(
      Type.Object(
        {
          odsCode: Type.String(),
          last15Minutes: Type.Object(
            { offered: whole, answered: whole, abandoned: whole, answeredIn60Seconds: whole },
            closed,
          ),
          queues: Type.Array(
            Type.Object(
              { name: Type.String(), targetMinutes: whole, waiting: whole, longestWaitMinutes: whole },
              closed,
            ),
          ),
          shifts: Type.Object({ planned: whole, filled: whole }, closed),
          longestWaitingCase: Type.Object({ name: Type.String() }),
        },
        closed,
      ),
    ),
  },
  closed,
);

describe('documents of a supplier', () => {
  test('telephony queues are in the contract, with the supplier’s own practices and the product’s time', async () => {
    const { get } = await start('2026-01-12T08:20:33.000Z');
    const answer = await get('/norhall-telecom/queues');
    const document = Value.Parse(Telephony, answer.json());
    expect(document.queues.map((queue) => queue.odsCode)).toHaveLength(8);
    expect(document.queues.reduce((sum, queue) => sum + queue.sinceMidnight.inbound, 0)).toBeGreaterThan(50);
    expect(fromInstant(document.generatedAt)).toBe(fromInstant('2026-01-12T08:20:30Z'));
    expect(answer.headers['date']).toBe('Mon, 12 Jan 2026 08:20:33 GMT');
  });

  test('urgent-care queues are in the contract', async () => {
    const { get } = await start('2026-01-12T19:40:00.000Z');
    const document = Value.Parse(Iuc, (await get('/fell-urgent-care/iuc')).json());
    expect(document.services.map((service) => service.odsCode)).toEqual(['S111', 'SOOH']);
    for (const { last15Minutes: window, shifts } of document.services) {
      expect(window.answered + window.abandoned).toBe(window.offered);
      expect(shifts.filled).toBeLessThanOrEqual(shifts.planned);
    }
  });

  test('an unchanged document is 304 with no body; the next tick is a new one', async () => {
    const { get, clock } = await start('2026-01-12T09:00:00.000Z');
    const etag = String((await get('/calder-voice/queues')).headers['etag']);
    const again = await get('/calder-voice/queues', { 'If-None-Match': etag });
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
    clock.set('2026-01-12T09:00:15.000Z');
    expect((await get('/calder-voice/queues', { 'If-None-Match': etag })).status).toBe(200);
  });

  test('unknown suppliers and paths are 404, other methods are refused', async () => {
    const { get, base } = await start('2026-01-12T09:00:00.000Z');
    for (const path of ['/nobody/queues', '/', '/alder-clinical', '/alder-clinical/S10001/FHIR/R4/Patient']) {
      expect((await get(path)).status).toBe(404);
    }
    const post = await request(`${base}/norhall-telecom/queues`, { method: 'POST' });
    expect(post.statusCode).toBe(405);
    await post.body.dump();
    expect((await get('/health')).json()).toMatchObject({ status: 'ok' });
  });
});

describe('feeds that fail by script', () => {
  const outage = (mode: Extract<ScenarioEvent, { type: 'feed-outage' }>['mode'], target = 'norhall-telecom') =>
    ({ type: 'feed-outage', from: '08:00', to: '09:00', target, mode }) as const;

  test('a status with Retry-After, a web page and half a JSON are answered as such, and others are well', async () => {
    const { get } = await start(
      '2026-01-12T08:30:00.000Z',
      { ...outage('status'), status: 429, retryAfterSeconds: 30 },
      outage('html', 'calder-voice'),
      outage('half-json', 'fell-urgent-care'),
      outage('status', 'S10001'),
    );
    const limited = await get('/norhall-telecom/queues');
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '30']);
    const page = await get('/calder-voice/queues');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const half = await get('/fell-urgent-care/iuc');
    expect(half.status).toBe(200);
    expect(half.text.length).toBeGreaterThan(20);
    expect(half.json).toThrow();
    const site = await get(SLOTS, BARS);
    expect(site.json()).toMatchObject({ issue: [{ details: { coding: [{ code: 'REC_UNAVAILABLE' }] } }] });
    const other = base64({ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '2000000001' });
    expect((await get(SLOTS.replace('S10001', 'S10002'), { ...BARS, 'NHSD-Target-Identifier': other })).status).toBe(
      200,
    );
  });

  test('the line drops with reset, hangs with hang, and never ends with huge', async () => {
    const { base } = await start(
      '2026-01-12T08:30:00.000Z',
      outage('reset'),
      outage('hang', 'calder-voice'),
      outage('huge', 'fell-urgent-care'),
    );
    await expect(request(`${base}/norhall-telecom/queues`)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(request(`${base}/calder-voice/queues`, { headersTimeout: 1100 })).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
    const { body } = await request(`${base}/fell-urgent-care/iuc`);
    let bytes = 0;
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > 20_000_000) break;
    }
    expect(bytes).toBeGreaterThan(20_000_000);
  });

  test('it is over when its time is', async () => {
    const { get, clock } = await start('2026-01-12T08:59:59.000Z', outage('status'));
    expect((await get('/norhall-telecom/queues')).status).toBe(503);
    clock.set('2026-01-12T09:00:00.000Z');
    expect((await get('/norhall-telecom/queues')).status).toBe(200);
  });
});
