import { describe, expect, test } from 'vitest';
import { fromInstant } from '#shared/model/time.ts';
import { CANARY_FAMILIES } from '../canaries.ts';
import { sampleDefinition } from '../sample.ts';
import { BARS, SLOTS, startSample, startSystem } from './running-sample.ts';

const QUEUES = [0, 1, 2].map((i) => `00000000-0000-4000-a000-${String(i).padStart(12, '0')}`);
const CONNECT = {
  Filters: { Channels: ['VOICE'], Queues: QUEUES.slice(0, 2) },
  Groupings: ['QUEUE'],
  CurrentMetrics: [{ Name: 'CONTACTS_IN_QUEUE', Unit: 'COUNT' }],
};
const NAME = new RegExp(CANARY_FAMILIES.join('|'));
const NUMBER = /\b999\d{7}\b/;
const PHONE = /07700 900\d{3}/;
const BORN = /\b(19|20)\d\d-\d\d-\d\d\b(?!T)/;
const TEXT = /Canarytext/;
const PATIENT = /Patient\/[0-9a-f-]{36}/;

/** What real suppliers send along, in every format that has a place for it: adapters must not take any of it. */
describe('people in the payloads', () => {
  const caller = [NAME, NUMBER, PHONE, BORN, TEXT, PATIENT];
  test.each([
    ['/norhall-telecom/queues', caller],
    ['/fell-urgent-care/iuc', caller],
    ['/linden-online/online', caller],
    ['/pennine-connect/export/totals.csv', [TEXT, PHONE]],
    [SLOTS, [NAME, NUMBER]],
    ['/alder-clinical/S10001/FHIR/R4/Appointment?_count=500', caller],
  ])('%s', async (path, kinds) => {
    const { get } = await startSystem('2026-01-13T10:30:00.000Z', sampleDefinition(60));
    const slots = path.replaceAll('2026-01-13', '2026-01-14').replaceAll('2026-01-12', '2026-01-13');
    const { status, text } = await get(slots, BARS);
    expect(status).toBe(200);
    for (const kind of kinds) expect(text).toMatch(kind);
  });

  test('an NHS number comes as a text and as a number', async () => {
    const { get } = await startSample('2026-01-12T10:30:00.000Z');
    expect((await get('/fell-urgent-care/iuc')).text).toMatch(/"nhsNumber":"999\d{7}","patientId":999\d{7}/);
  });

  test('a cloud’s queues', async () => {
    const { post } = await startSample('2026-01-12T08:25:00.000Z');
    const { text } = await post('/pennine-connect/metrics/current/demonstration', CONNECT);
    for (const kind of caller) expect(text).toMatch(kind);
  });

  test('who declares, and what they write', async () => {
    const { get } = await startSystem('2026-01-12T12:30:00.000Z', sampleDefinition(120), [
      { type: 'staff-absence', from: '07:30', to: '18:30', target: 'all', share: 0.6 },
    ]);
    const { text } = await get('/rowan-sitrep/declared');
    for (const kind of [NAME, PHONE, TEXT]) expect(text).toMatch(kind);
  });
});

interface Counted {
  generatedAt: string;
  practices?: { sinceMidnight: Record<string, number> }[];
  queues?: { sinceMidnight: Record<string, number> }[];
}

describe('days of 23 and 25 hours', () => {
  test.each([
    ['autumn, 1:30 twice', ['2025-10-26T00:30:00Z', '2025-10-26T01:30:00Z', '2025-10-26T09:30:00Z']],
    ['spring, 1am to 2am is none', ['2026-03-29T00:59:00Z', '2026-03-29T01:01:00Z', '2026-03-29T08:30:00Z']],
  ])('%s: documents say the true time, and no count falls', async (_, times) => {
    const { get, clock } = await startSample(times[0] ?? '');
    for (const path of ['/norhall-telecom/queues', '/linden-online/online']) {
      let before: number[] = [];
      for (const time of times) {
        clock.set(time);
        const document = (await get(path)).json() as Counted;
        expect(fromInstant(document.generatedAt)).toBe(fromInstant(time));
        const counts = (document.queues ?? document.practices ?? []).flatMap((r) => Object.values(r.sinceMidnight));
        expect(counts.length).toBeGreaterThan(7);
        before.forEach((count, i) => expect(counts[i]).toBeGreaterThanOrEqual(count));
        before = counts;
      }
    }
  });

  test.each([
    ['2025-10-25T22:59:50Z', '2025-10-25T23:00:05Z'],
    ['2025-10-26T23:59:50Z', '2025-10-27T00:00:05Z'],
    ['2026-03-28T23:59:50Z', '2026-03-29T00:00:05Z'],
    ['2026-03-29T22:59:50Z', '2026-03-29T23:00:05Z'],
  ])('counts begin again at London midnight, between %s and %s', async (before, after) => {
    const { get, clock } = await startSystem(before, sampleDefinition(30));
    const inbound = async () => {
      const { queues = [] } = (await get('/norhall-telecom/queues')).json() as Counted;
      return queues.reduce((sum, queue) => sum + (queue.sinceMidnight['inbound'] ?? 0), 0);
    };
    const late = await inbound();
    clock.set(after);
    const early = await inbound();
    expect(late).toBeGreaterThan(early);
    expect(early).toBeLessThan(5);
  });
});
