import { describe, expect, test } from 'vitest';
import { CANARY_FAMILIES } from '../canaries.ts';
import { FREE, statusesAt } from '../world/slot-book.ts';
import { startSample } from './running-sample.ts';

const BASE = '/birch-systems/S10001/STU3/1/gpconnect/fhir/Slot';
const claims = Buffer.from(JSON.stringify({ reason_for_request: 'directcare' })).toString('base64url');
const SSP = {
  'Ssp-TraceID': '629ea9ba-a077-4d99-b289-7a9b19fd4e03',
  'Ssp-From': '209900000001',
  'Ssp-To': '200000000000',
  'Ssp-InteractionID': 'urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1',
  Authorization: `Bearer e30.${claims}.`,
};
const FILTERS = [
  `searchFilter=${encodeURIComponent('https://fhir.nhs.uk/Id/ods-organization-code|A11111')}`,
  `searchFilter=${encodeURIComponent('https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1|urgent-care')}`,
].join('&');
const INCLUDES = [
  '_include=Slot:schedule',
  '_include:recurse=Schedule:actor:Practitioner',
  '_include:recurse=Schedule:actor:Location',
  '_include:recurse=Location:managingOrganization',
].join('&');
const window = (from: string, to: string) => `start=ge${from.replace('+', '%2B')}&end=le${to.replace('+', '%2B')}`;
const search = (from: string, to: string, filters = FILTERS) =>
  `${BASE}?status=free&${window(from, to)}&${INCLUDES}&${filters}`;
const TODAY = search('2026-01-12T00:00:00+00:00', '2026-01-13T00:00:00+00:00');

interface Resource {
  resourceType: string;
  id: string;
  start: string;
  end: string;
  status: string;
  schedule: { reference: string };
  [key: string]: unknown;
}
const resources = (json: unknown, type: string) =>
  ((json as { entry: { resource: Resource }[] }).entry ?? []).flatMap(({ resource }) =>
    resource.resourceType === type ? [resource] : [],
  );

describe('free slots as in GP Connect (STU3)', () => {
  test('today’s are those of the practice’s own book, the same fact as its BaRS feed tells', async () => {
    const { get, simulation, clock, faults } = await startSample('2026-01-12T07:45:00.000Z');
    for (const time of ['07:45', '08:10', '08:25']) {
      clock.set(`2026-01-12T${time}:00.000Z`);
      const answer = await get(TODAY, SSP);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/fhir+json; charset=utf-8']);
      const slots = resources(answer.json(), 'Slot');
      const { world, day, wall } = simulation.now();
      const site = simulation.directory.site('birch-systems', 'gp-connect-slots', 'S10001');
      if (!site) throw new Error('no site');
      const book = world.slots(site, day);
      const statuses = statusesAt(book, wall);
      const free = book.slots.filter((slot, i) => statuses[i] === FREE && slot.release <= wall);
      expect(slots.map((slot) => Date.parse(slot.start)).sort()).toEqual(
        free.map((slot) => day.epochOf(slot.start)).sort(),
      );
      expect(free.length).toBeGreaterThan(0);
    }
    expect(faults).toEqual([]);
  });

  test('references resolve, sessions name role and category, and the practice itself comes only with slots', async () => {
    const { get } = await startSample('2026-01-12T07:45:00.000Z');
    const json = (await get(TODAY, SSP)).json();
    const schedules = new Map(resources(json, 'Schedule').map((schedule) => [`Schedule/${schedule.id}`, schedule]));
    for (const slot of resources(json, 'Slot')) {
      expect(slot.status).toBe('free');
      expect(schedules.has(slot.schedule.reference)).toBe(true);
      expect(slot['serviceType']).toEqual([{ text: expect.any(String) }]);
    }
    for (const schedule of schedules.values()) {
      expect(schedule['serviceCategory']).toEqual({ text: expect.any(String) });
      expect(JSON.stringify(schedule['extension'])).toContain('Extension-GPConnect-PractitionerRole-1');
    }
    expect(resources(json, 'Practitioner').length).toBe(schedules.size);
    expect(resources(json, 'Organization')).toHaveLength(1);
    const empty = await get(search('2026-01-12T02:00:00+00:00', '2026-01-12T03:00:00+00:00'), SSP);
    expect(empty.json()).toEqual({ resourceType: 'Bundle', type: 'searchset', entry: [] });
    const text = JSON.stringify(json);
    expect(CANARY_FAMILIES.some((family) => text.includes(family))).toBe(true);
    expect(text).toContain('07700 900');
  });

  test.each([
    ['winter', '2026-01-12T08:00:00.000Z', '2026-01-12T00:00:00+00:00', '2026-01-13T00:00:00+00:00', '+00:00'],
    ['summer', '2026-07-06T06:45:00.000Z', '2026-07-06T00:00:00+01:00', '2026-07-07T00:00:00+01:00', '+01:00'],
    ['before spring', '2026-03-27T08:00:00.000Z', '2026-03-30T00:00:00+01:00', '2026-03-31T00:00:00+01:00', '+01:00'],
    ['before autumn', '2026-10-23T07:00:00.000Z', '2026-10-26T00:00:00+00:00', '2026-10-27T00:00:00+00:00', '+00:00'],
  ])('times are those of the clock on the wall, with its offset: %s', async (_, at, from, to, offset) => {
    const { get } = await startSample(at);
    const slots = resources((await get(search(from, to), SSP)).json(), 'Slot');
    expect(slots.length).toBeGreaterThan(3);
    for (const slot of slots) {
      expect(slot.start.slice(0, 10)).toBe(from.slice(0, 10));
      expect(slot.start.endsWith(offset)).toBe(true);
      expect(Number(slot.start.slice(11, 13))).toBeGreaterThanOrEqual(8);
      expect(Number(slot.end.slice(11, 13))).toBeLessThanOrEqual(18);
    }
  });

  test('two weeks across the autumn change are two weeks, though an hour longer', async () => {
    const { get } = await startSample('2026-10-19T07:00:00.000Z');
    expect((await get(search('2026-10-19T00:00:00+01:00', '2026-11-02T00:00:00+00:00'), SSP)).status).toBe(200);
  });

  test('days ahead fill up as they come nearer, and what is taken stays taken', async () => {
    const { get, clock } = await startSample('2026-01-06T12:00:00.000Z');
    const day = search('2026-01-13T00:00:00+00:00', '2026-01-14T00:00:00+00:00');
    let before: Set<string> | null = null;
    const counts: number[] = [];
    for (const date of ['06', '08', '10', '12']) {
      clock.set(`2026-01-${date}T12:00:00.000Z`);
      const ids = new Set(resources((await get(day, SSP)).json(), 'Slot').map((slot) => slot.id));
      if (before) for (const id of ids) expect(before.has(id)).toBe(true);
      before = ids;
      counts.push(ids.size);
    }
    expect(counts[0]).toBeGreaterThan((counts[3] ?? 0) * 1.5);
    expect(counts[3]).toBeGreaterThan(0);
  });

  test('a slot that straddles an end of the window is left out; without filters only what is open to all comes', async () => {
    const { get } = await startSample('2026-01-12T07:45:00.000Z');
    const all = resources((await get(TODAY, SSP)).json(), 'Slot');
    const first = all.toSorted((a, b) => a.end.localeCompare(b.end))[0];
    if (!first) throw new Error('no slots');
    const cut = new Date(Date.parse(first.end) - 60_000).toISOString();
    const some = resources((await get(search('2026-01-12T00:00:00+00:00', cut), SSP)).json(), 'Slot');
    expect(some.map((slot) => slot.id)).not.toContain(first.id);
    const shown: number[] = [];
    for (let i = 1; i <= 12; i++) {
      const path = TODAY.replace('S10001', `S${String(10_000 + i)}`);
      const to = { ...SSP, 'Ssp-To': String(200_000_000_000 + i - 1) };
      const open = resources((await get(path.replace(FILTERS, ''), to)).json(), 'Slot').length;
      const named = resources((await get(path, to)).json(), 'Slot').length;
      expect(open).toBeLessThanOrEqual(named);
      shown.push(named - open);
    }
    expect(Math.max(...shown)).toBeGreaterThan(0);
  });

  test.each([
    ['no trace', { 'Ssp-TraceID': undefined }, TODAY, 400, 'BAD_REQUEST'],
    ['no sender', { 'Ssp-From': undefined }, TODAY, 400, 'BAD_REQUEST'],
    ['another system', { 'Ssp-To': '1' }, TODAY, 400, 'BAD_REQUEST'],
    ['another interaction', { 'Ssp-InteractionID': 'urn:x' }, TODAY, 400, 'BAD_REQUEST'],
    ['no token', { Authorization: undefined }, TODAY, 400, 'BAD_REQUEST'],
    ['a token for something else', { Authorization: 'Bearer e30.e30.' }, TODAY, 400, 'BAD_REQUEST'],
    ['no status', {}, TODAY.replace('status=free&', ''), 400, 'BAD_REQUEST'],
    ['busy', {}, TODAY.replace('status=free', 'status=free,busy'), 422, 'INVALID_PARAMETER'],
    ['no schedule', {}, TODAY.replace('_include=Slot:schedule&', ''), 400, 'BAD_REQUEST'],
    ['no end', {}, TODAY.replace(/&end=[^&]+/, ''), 422, 'INVALID_PARAMETER'],
    ['15 days', {}, search('2026-01-12T00:00:00+00:00', '2026-01-27T00:00:00+00:00'), 422, 'INVALID_PARAMETER'],
    ['a practice of nobody', {}, TODAY.replace('S10001', 'S99999'), 404, 'ORGANISATION_NOT_FOUND'],
  ])('%s is refused in the standard’s words', async (_, headers, path, status, code) => {
    const { get } = await startSample('2026-01-12T08:00:00.000Z');
    const sent = Object.entries({ ...SSP, ...headers }).filter((entry): entry is [string, string] => !!entry[1]);
    const answer = await get(path, Object.fromEntries(sent));
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ details: { coding: [{ system: expect.stringContaining('STU3'), code }] } }],
    });
  });
});
