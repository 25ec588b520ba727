import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  feedOf,
  NOW,
  overTheWire,
  searchset,
  siteOf,
  slot,
  slotIncludes,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { barsSlots } from './bars-slots.ts';

const adapter = barsSlots(feedOf('bars-slots'), TOOLS);

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/fixtures/fhir/bars-1.4.0/${name}.json`, import.meta.url), 'utf8'));

function read(payload: unknown, kind: SiteKind = 'practice', at = NOW, dos?: string) {
  const site = siteOf('P81001', kind, dos === undefined ? {} : { dos });
  const result = adapter.read(overTheWire(payload), contextOf('bars-slots', [site], at), adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const values = (payload: unknown, kind?: SiteKind, at?: number) =>
  Object.fromEntries(read(payload, kind, at).readings.map((r) => [r.metric, r.value]));
const type = (text: string) => ({ serviceType: [{ text }] });
const nine = '2026-09-14T09:00:00.000+00:00';

describe('bars-slots', () => {
  it('reads the published example: three free slots, whatever total says', () => {
    const at = fromInstant('2021-10-06T08:30:00Z');
    const result = read(published('slots-GET-success'), 'hub', at, '2000099999');
    expect(result.rejected).toEqual([{ place: '/timestamp', reason: 'is ahead of our clock' }]);
    expect(Object.fromEntries(result.readings.map((r) => [r.metric, r.value]))).toEqual({
      'slots.free': 3,
      'slots.booked': 0,
      'slots.held': 0,
      'slots.free-minutes': 120,
      'slots.free-4h': 3,
    });
    expect(result.slots[0]?.groups[0]).toEqual({
      start: fromInstant('2021-10-06T09:00:00Z'),
      minutes: 60,
      channel: 'telephone',
      role: 'doctor',
      service: 'emergency-medical',
      free: 1,
      busy: 0,
      held: 0,
    });
  });

  it('counts free and held from now on, booked over the whole day, and folds equal slots into one group', () => {
    const result = read(
      searchset([
        ...slotIncludes(),
        slot('free', '2026-09-14T08:15:00.000+00:00'),
        slot('free', nine),
        slot('free', nine),
        slot('busy', '2026-09-14T07:00:00.000+00:00'),
        slot('busy', nine),
        slot('busy-tentative', nine),
        slot('free', '2026-09-14T15:00:00.000+00:00'),
        slot('busy-unavailable', nine),
        slot('entered-in-error', nine),
      ]),
    );
    expect(result.readings.map((r) => r.value)).toEqual([3, 2, 1, 45, 2]);
    expect(result.slots[0]?.groups).toContainEqual({
      start: fromInstant(nine),
      minutes: 15,
      channel: null,
      role: 'R0260',
      service: 'general-consultation-acute',
      free: 2,
      busy: 1,
      held: 1,
    });
  });

  it.each([[searchset([])], [{ resourceType: 'Bundle', type: 'searchset', total: 0 }]])(
    'takes an empty searchset as a true zero',
    (payload) => {
      expect(values(payload)['slots.free']).toBe(0);
      expect(read(payload).slots[0]?.groups).toEqual([]);
    },
  );

  it('knows that a free slot is gone once its start has passed, without another answer', () => {
    const { memory } = read(searchset([slot('free', nine)]));
    const again = (at: number) =>
      adapter.again?.(contextOf('bars-slots', [siteOf('P81001')], at), memory).readings[0]?.value;
    expect(again(NOW)).toBe(1);
    expect(again(fromInstant(nine))).toBe(1);
    expect(again(fromInstant(nine) + 1)).toBe(0);
  });

  it('finds the schedule of a slot wherever it stands in the bundle', () => {
    const roles = [
      slotIncludes().concat(slot('free', nine) as never),
      [slot('free', nine), ...slotIncludes().toReversed()],
    ].map((entries) => read(searchset(entries)).slots[0]?.groups[0]?.role);
    expect(roles).toEqual(['R0260', 'R0260']);
  });

  it('leaves out slots of other days, which were not asked for', () => {
    const entries = ['2026-09-13T22:59:00Z', '2026-09-14T23:00:00Z', '2026-09-13T23:00:00Z'].map((at) =>
      slot('busy', at),
    );
    expect(values(searchset(entries))['slots.booked']).toBe(1);
  });

  it.each([
    ['General Consultation Acute', 1, 0],
    ['walk-in', 1, 0],
    ['Care Home Visit', 1, 0],
    ['124', 1, 0],
    ['Planned Clinics', 0, 0],
    ['Non-contractual chargeable work', 0, 0],
    ['Structured Medication Review', 0, 0],
    ['Duty doctor list of Tuesdays', 0, 1],
  ])('at a practice, a slot of type "%s" counts %i (refused %i)', (text, free, refused) => {
    const payload = searchset([slot('free', nine, type(text))]);
    expect(values(payload)['slots.free']).toBe(free);
    expect(read(payload).rejectedCount).toBe(refused);
  });

  it('counts every bookable slot of a hub, and a practice slot that names no type', () => {
    expect(values(searchset([slot('free', nine, type('Duty doctor list'))]), 'hub')['slots.free']).toBe(1);
    expect(values(searchset([slot('free', nine, { serviceType: undefined, schedule: undefined })]))['slots.free']).toBe(
      1,
    );
  });

  it('refuses slots of another service than the one asked for', () => {
    const payload = searchset([...slotIncludes('2000000001'), slot('free', nine)]);
    const result = read(payload, 'hub', NOW, '2000099999');
    expect(result.readings[0]?.value).toBe(0);
    expect(result.rejected).toEqual([
      { place: '/entry/4/resource/schedule', reason: 'belongs to another service than the one asked for' },
    ]);
  });

  it('adds the pages up, each slot once, and is as old as the oldest of them', () => {
    const link = [{ relation: 'next', url: 'http://feed/2' }];
    const again = slot('busy', nine);
    const times = ['2026-09-14T08:20:00Z', '2026-09-14T08:29:00Z'];
    const page = (n: number, payload: unknown, memory = adapter.memory()) => {
      const context = { ...contextOf('bars-slots', [siteOf('P81001')]), page: n };
      const result = adapter.read(payload, context, memory);
      if (!result.ok) throw new Error(result.fault);
      return result;
    };
    const first = page(0, searchset([again, slot('free', nine)], { link, timestamp: times[0] }));
    expect([first.next, first.readings]).toEqual(['http://feed/2', []]);
    const second = page(1, searchset([again, slot('free', nine)], { timestamp: times[1] }), first.memory);
    expect(second.readings.slice(0, 2).map((r) => r.value)).toEqual([2, 1]);
    expect([second.rejectedCount, second.duplicates, second.volume]).toEqual([1, 1, 2]);
    expect(second.observedAt).toBe(fromInstant(times[0] ?? ''));
    expect(second.memory.seen.size).toBe(0);
  });

  it.each([
    ['forward', '2026-03-29T12:00:00Z', ['2026-03-29T00:00:00Z', '2026-03-29T22:59:59.999Z'], '2026-03-29T23:00:00Z'],
    ['back', '2026-10-25T12:00:00Z', ['2026-10-24T23:00:00Z', '2026-10-25T23:59:59.999Z'], '2026-10-26T00:00:00Z'],
  ])('counts the whole London day and no more when the clocks go %s', (_, noon, inside, outside) => {
    const payload = searchset([...inside, outside].map((at) => slot('busy', at)));
    expect(values(payload, 'hub', fromInstant(noon))['slots.booked']).toBe(2);
  });

  it('asks for the days of its horizon and then says what is free ahead, today’s numbers as before', () => {
    const feed = feedOf('bars-slots', { url: 'http://feed', horizonDays: 14 });
    const ahead = barsSlots(feed, TOOLS);
    const instance = { id: 'x', feed, sites: [siteOf('P81001')] };
    const starts = new URL(ahead.request({ instance, now: NOW, requester: 'X' }, ahead.memory()).url).searchParams;
    expect(starts.getAll('start')).toEqual(['ge2026-09-13T23:00:00+00:00', 'le2026-09-27T23:00:00+00:00']);
    const slots = ['2026-09-14T09:00:00Z', '2026-09-15T09:00:00Z', '2026-09-18T09:00:00Z', '2026-09-24T09:00:00Z'];
    const entries = [...slots.map((at) => slot('free', at)), slot('busy', '2026-09-15T10:00:00Z')];
    const result = ahead.read(searchset(entries), { instance, askedAt: NOW, now: NOW, page: 0 }, ahead.memory());
    if (!result.ok) throw new Error(result.fault);
    expect(Object.fromEntries(result.readings.map((r) => [r.metric, r.value]))).toMatchObject({
      'slots.free': 1,
      'slots.booked': 0,
      'slots.free-48h': 2,
      'slots.free-7d': 3,
      'slots.free-14d': 4,
    });
    // Of the rest of this week all, so that a hub's minutes can be told; of the next nothing.
    expect(result.slots[0]?.groups.map((group) => [group.start, group.free, group.busy])).toEqual([
      [Date.parse('2026-09-14T09:00:00Z'), 1, 0],
      [Date.parse('2026-09-15T09:00:00Z'), 1, 0],
      [Date.parse('2026-09-15T10:00:00Z'), 0, 1],
      [Date.parse('2026-09-18T09:00:00Z'), 1, 0],
    ]);
  });

  it('takes what older receivers send: no includes, no types, no time of its own, ids that are words', () => {
    const older = (id: string, start: string, end: string) => ({
      fullUrl: `http://receiver.test:443/poc/Slot/${id}`,
      resource: {
        resourceType: 'Slot',
        id,
        meta: { profile: ['https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Slot-1'] },
        identifier: [{ system: 'https://tools.ietf.org/html/rfc4122', value: '0b2f9a52-0a1c-4a53-9c1e-6d1b3f9f7d11' }],
        schedule: { reference: 'Schedule/sched1111' },
        status: 'free',
        start,
        end,
      },
    });
    const entries = [
      older('slot005', nine, '2026-09-14T09:15:00.000+00:00'),
      older('slot006', '2026-09-14T09:15:00.000+00:00', '2026-09-14T09:29:59.000+00:00'),
    ];
    const link = [
      { relation: 'self', url: 'http://receiver.test:443/poc/Slot?start=ge2026-09-14T09%3A00%3A00%2000%3A00' },
    ];
    const result = read(
      searchset(entries, { link, meta: { lastUpdated: '2019-05-09T09:26:12.010+00:00' } }),
      'hub',
      NOW,
      '2000099999',
    );
    expect([result.rejectedCount, result.observedAt]).toEqual([0, null]);
    expect(result.readings.map((r) => r.value)).toEqual([2, 0, 0, 30, 2]);
  });

  it('passes over hints of the other side about the search, which are no records', () => {
    const hint = { resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational' }] };
    const result = read(searchset([slot('free', nine), { resource: hint, search: { mode: 'outcome' } }]));
    expect([result.readings[0]?.value, result.rejectedCount, result.volume]).toEqual([1, 0, 1]);
  });

  it('asks as BaRS wants it: one comma list, escaped offset, the London day, and the headers in base64', () => {
    const site = siteOf('H81001', 'hub', { dos: '2000011147' });
    const instance = {
      id: 'slots:H81001',
      feed: feedOf('bars-slots', { url: 'http://feed/{ods}/FHIR/R4/' }),
      sites: [site],
    };
    const { url, headers } = adapter.request({ instance, now: NOW, requester: 'QOP' }, adapter.memory());
    expect(url).toMatch(/^http:\/\/feed\/H81001\/FHIR\/R4\/Slot\?status=free,busy&/);
    expect(new URL(url).searchParams.getAll('start')).toEqual([
      'ge2026-09-13T23:00:00+00:00',
      'le2026-09-14T23:00:00+00:00',
    ]);
    expect(new URL(url).searchParams.getAll('_include')).toContain('Slot:schedule');
    const plain = (name: string): unknown => JSON.parse(Buffer.from(headers[name] ?? '', 'base64').toString('utf8'));
    expect(plain('nhsd-target-identifier')).toEqual({
      value: '2000011147',
      system: 'https://fhir.nhs.uk/Id/dos-service-id',
    });
    expect(plain('nhsd-end-user-organisation')).toMatchObject({
      resourceType: 'Organization',
      identifier: [{ value: 'QOP' }],
    });
    expect(plain('nhsd-requesting-software')).toMatchObject({ resourceType: 'Device' });
    expect(headers['accept']).toBe('application/fhir+json; version=1.4.0');
  });

  it('asks for a day of 25 hours when the clocks go back', () => {
    const instance = { id: 'x', feed: feedOf('bars-slots'), sites: [siteOf('H81001', 'hub')] };
    const at = fromInstant('2026-10-25T12:00:00Z');
    const starts = new URL(adapter.request({ instance, now: at, requester: 'X' }, adapter.memory()).url).searchParams
      .getAll('start')
      .map((text) => fromInstant(text.slice(2)));
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(25 * HOUR);
  });

  it('lets no clinician and no patient through, in memory neither', () => {
    const result = read(
      searchset([
        ...slotIncludes(),
        slot('free', nine),
        slot('free', nine, type(CANARY_TEXT)),
        slot(CANARY.name, nine),
        slot('free', CANARY.phone),
        slot('free', nine, {
          schedule: { reference: CANARY_TEXT },
          extension: [{ url: 'DeliveryChannel', valueCode: CANARY.name }],
        }),
      ]),
    );
    for (const word of Object.values(CANARY)) expect(JSON.stringify(result)).not.toContain(word);
  });
});
