import { describe, expect, test } from 'vitest';
import { CANARY_FAMILIES } from '../canaries.ts';
import { BARS, base64, DAY, INCLUDES, SLOTS, startSample as start } from './running-sample.ts';

interface Bundle {
  total: number;
  link: { relation: string; url: string }[];
  entry: { fullUrl: string; resource: Record<string, unknown> & { resourceType: string; id: string } }[];
}

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

  test('through the proxy the target is named by the header alone', async () => {
    const { get } = await start('2026-01-12T09:00:00.000Z');
    const path = SLOTS.replace('/S10001', '');
    expect((await get(path, BARS)).text.length).toBe((await get(SLOTS, BARS)).text.length - '/S10001'.length);
    expect((await get(path, { ...BARS, 'NHSD-Target-Identifier': '' })).status).toBe(404);
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
