import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Scenario, ScenarioEvent } from '#shared/model/scenario.ts';
import type { Run } from '#shared/model/run.ts';
import { fromInstant } from '#shared/model/time.ts';
import { CANARY_FAMILIES } from '../canaries.ts';
import type { RunClock } from '../run-clock.ts';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { createSimulation } from '../simulation.ts';
import { createSimulatorServer } from './server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A clock that stands where it is put. */
function standing(text: string): RunClock & { set(text: string): void } {
  let at = fromInstant(text);
  const run: Run = {
    run: 'test',
    system: 'sample',
    simulated: true,
    seed: 5,
    scenario: null,
    clock: { start: at, realEpoch: 0, speed: 1 },
    began: at,
  };
  return { now: () => at, run, set: (next) => (at = fromInstant(next)) };
}

async function start(text: string, ...events: ScenarioEvent[]) {
  const clock = standing(text);
  const scenario: Scenario | null = events.length ? { id: 't', name: 't', description: 't', events } : null;
  const faults: string[] = [];
  const server = createSimulatorServer(
    createSimulation({ definition: sampleDefinition(), national: sampleNational(), scenario }, clock),
    (fault) => faults.push(fault),
  );
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const {
      statusCode,
      headers: back,
      body,
    } = await request(path.startsWith('http') ? path : base + path, { headers });
    const text = await body.text();
    return { status: statusCode, headers: back, text, json: (): unknown => JSON.parse(text) };
  };
  return { clock, base, get, faults };
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
const BARS = {
  'NHSD-Target-Identifier': base64({ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '2000000000' }),
  'NHSD-End-User-Organisation': base64({ resourceType: 'Organization' }),
  'NHSD-Requesting-Software': base64({ resourceType: 'Device' }),
  'X-Request-Id': 'c1ab3fba-6bae-4ba4-b257-5a87c44d4a91',
  'X-Correlation-Id': '9562466f-c982-4bd5-bb0e-255e9f5e6689',
  Accept: 'application/fhir+json; version=1.4.0',
};
const DAY = 'start=ge2026-01-12T00:00:00%2B00:00&start=le2026-01-13T00:00:00%2B00:00';
const INCLUDES = '_include=Slot:schedule&_include=Schedule:actor:HealthcareService';
const SLOTS = `/alder-clinical/S10001/FHIR/R4/Slot?status=free,busy&${DAY}&${INCLUDES}`;

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
        },
        closed,
      ),
    ),
  },
  closed,
);
interface Bundle {
  total: number;
  link: { relation: string; url: string }[];
  entry: { fullUrl: string; resource: Record<string, unknown> & { resourceType: string; id: string } }[];
}

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

describe('slots as in BaRS 1.4', () => {
  test('total counts every entry, references resolve, times carry milliseconds, the service is the DoS id', async () => {
    const { get } = await start('2026-01-12T07:45:00.000Z');
    const answer = await get(SLOTS, BARS);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/fhir\+json/);
    expect(answer.headers['x-request-id']).toBe(BARS['X-Request-Id']);
    expect(answer.headers['x-correlation-id']).toBe(BARS['X-Correlation-Id']);
    const bundle = answer.json() as Bundle;
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: bundle.entry.length });
    const byUrl = new Map(bundle.entry.map((entry) => [entry.fullUrl, entry.resource]));
    expect(byUrl.size).toBe(bundle.entry.length);
    const slots = bundle.entry.filter((entry) => entry.resource.resourceType === 'Slot');
    expect(slots.length).toBeGreaterThan(10);
    for (const { resource } of slots) {
      expect(['free', 'busy', 'busy-tentative']).toContain(resource['status']);
      expect(resource['start']).toMatch(/^2026-01-12T\d\d:\d\d:00\.000\+00:00$/);
      const schedule = byUrl.get((resource['schedule'] as { reference: string }).reference);
      expect(schedule?.resourceType).toBe('Schedule');
    }
    const types = new Set(bundle.entry.map((entry) => entry.resource.resourceType));
    expect([...types].sort()).toEqual(['HealthcareService', 'Schedule', 'Slot']);
    expect(bundle.entry.find((e) => e.resource.resourceType === 'HealthcareService')?.resource.id).toBe('2000000000');
  });

  test('only what is asked for comes: free alone, a window, more includes; what is not supported is left out of the link', async () => {
    const { get } = await start('2026-01-12T11:00:00.000Z');
    const free = (await get(SLOTS.replace('free,busy', 'free'), BARS)).json() as Bundle;
    for (const { resource } of free.entry)
      if (resource.resourceType === 'Slot') expect(resource['status']).toBe('free');
    const morning = SLOTS.replace(DAY, 'start=ge2026-01-12T09:00:00%2B00:00&start=le2026-01-12T10:00:00%2B00:00');
    const some = (
      await get(`${morning}&_include=Schedule:actor:PractitionerRole&_include=Slot:moon`, BARS)
    ).json() as Bundle;
    for (const { resource } of some.entry) {
      if (resource.resourceType === 'Slot') expect(String(resource['start'])).toMatch(/T(09|10:00)/);
    }
    expect(some.entry.some((entry) => entry.resource.resourceType === 'PractitionerRole')).toBe(true);
    expect(some.link[0]?.url).not.toContain('moon');
  });

  test('slots follow the clock change: 9am in July is 08:00 UTC', async () => {
    const { get } = await start('2026-07-06T06:00:00.000Z');
    const day = 'start=ge2026-07-05T23:00:00%2B00:00&start=le2026-07-06T23:00:00%2B00:00';
    const bundle = (await get(SLOTS.replace(DAY, day), BARS)).json() as Bundle;
    const starts = bundle.entry.flatMap((e) =>
      e.resource.resourceType === 'Slot' ? [String(e.resource['start'])] : [],
    );
    expect(starts.sort()[0]).toMatch(/^2026-07-06T07:/);
  });

  test('an unchanged book is 304, a booking makes it new', async () => {
    const { get, clock } = await start('2026-01-12T07:45:00.000Z');
    const etag = String((await get(SLOTS, BARS)).headers['etag']);
    clock.set('2026-01-12T07:55:00.000Z');
    expect((await get(SLOTS, { ...BARS, 'If-None-Match': etag })).status).toBe(304);
    clock.set('2026-01-12T11:30:00.000Z');
    expect((await get(SLOTS, { ...BARS, 'If-None-Match': etag })).status).toBe(200);
  });

  const elsewhere = base64({ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '2999999999' });
  test.each([
    ['no target', { 'NHSD-Target-Identifier': '' }, SLOTS, 400, 'SEND_BAD_REQUEST'],
    ['a target that is not JSON', { 'NHSD-Target-Identifier': 'xx' }, SLOTS, 400, 'SEND_BAD_REQUEST'],
    ['another target', { 'NHSD-Target-Identifier': elsewhere }, SLOTS, 404, 'PROXY_NOT_FOUND'],
    ['a request id that is no UUID', { 'X-Request-Id': '1' }, SLOTS, 400, 'SEND_BAD_REQUEST'],
    ['another version', { Accept: 'application/json' }, SLOTS, 406, 'SEND_NOT_ACCEPTABLE'],
    ['no status', {}, SLOTS.replace('status=free,busy&', ''), 400, 'SEND_BAD_REQUEST'],
    ['status twice', {}, SLOTS.replace('free,busy', 'free&status=busy'), 400, 'SEND_BAD_REQUEST'],
    ['one start', {}, SLOTS.replace(/&start=le[^&]+/, ''), 400, 'SEND_BAD_REQUEST'],
    ['a start without offset', {}, SLOTS.replaceAll('%2B00:00', ''), 400, 'SEND_BAD_REQUEST'],
    ['no include', {}, SLOTS.replace(`&${INCLUDES}`, ''), 400, 'SEND_BAD_REQUEST'],
    ['an unknown site', {}, SLOTS.replace('S10001', 'S99999'), 404, 'PROXY_NOT_FOUND'],
    ['another supplier’s site', {}, SLOTS.replace('alder-clinical', 'cedar-booking'), 404, 'PROXY_NOT_FOUND'],
  ])('%s is refused in the standard’s words', async (_, headers, path, status, code) => {
    const { get, faults } = await start('2026-01-12T09:00:00.000Z');
    const answer = await get(path, { ...BARS, ...headers });
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ details: { coding: [{ code }] } }],
    });
    expect(faults).toEqual([]);
  });
});

describe('appointments', () => {
  const path =
    '/alder-clinical/S10001/FHIR/R4/Appointment?date=ge2026-01-12T00:00:00%2B00:00&date=lt2026-01-13T00:00:00%2B00:00';

  test('pages hold every appointment once, also while time goes on', async () => {
    const { get, clock } = await start('2026-01-12T10:30:00.000Z');
    const all = (await get(`${path}&_count=500`)).json() as Bundle;
    const ids: string[] = [];
    let next: string | undefined = `${path}&_count=20`;
    for (let page = 0; next !== undefined && page < 50; page++) {
      const bundle = (await get(next)).json() as Bundle;
      ids.push(...bundle.entry.map((entry) => entry.resource.id));
      next = bundle.link.find((link) => link.relation === 'next')?.url;
      clock.set(`2026-01-12T10:${String(31 + page)}:00.000Z`);
    }
    expect(ids.length).toBe(all.total);
    expect(new Set(ids)).toEqual(new Set(all.entry.map((entry) => entry.resource.id)));
  });

  test('_lastUpdated gives what changed since, and statuses move on through the day', async () => {
    const { get, clock } = await start('2026-01-12T08:00:00.000Z');
    const statuses = async (query = '') => {
      const bundle = (await get(`${path}&_count=500${query}`)).json() as Bundle;
      return bundle.entry.map((entry) => String(entry.resource['status']));
    };
    const early = await statuses();
    clock.set('2026-01-12T16:00:00.000Z');
    const late = await statuses();
    expect(late.length).toBeGreaterThan(early.length);
    expect(late.filter((status) => status === 'fulfilled').length).toBeGreaterThan(20);
    const changed = await statuses('&_lastUpdated=ge2026-01-12T15:45:00%2B00:00');
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(late.length / 2);
  });
});

test('payloads hold invented people, as real ones hold real ones: the adapters must drop them', async () => {
  const { get } = await start('2026-01-12T10:00:00.000Z');
  const slots = await get(
    `${SLOTS}&_include=Schedule:actor:Practitioner&_include=Schedule:actor:PractitionerRole`,
    BARS,
  );
  const appointments = await get('/alder-clinical/S10001/FHIR/R4/Appointment?_count=500');
  const named = (text: string) => CANARY_FAMILIES.some((family) => text.includes(family));
  expect(named(slots.text)).toBe(true);
  expect(named(appointments.text)).toBe(true);
  expect(appointments.text).toMatch(/"value":"999\d{7}"/);
  expect(appointments.text).toContain('Canarytext');
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
