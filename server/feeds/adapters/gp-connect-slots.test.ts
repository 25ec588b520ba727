import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { dayStart, fromInstant } from '#shared/model/time.ts';
import { CANARY, CANARY_TEXT, NOW, overTheWire, searchset, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import { freeSlot, gpContext, gpFeed, gpSite, practiceIncludes, TEN } from '../../../test/fixtures/fhir/gp-connect.ts';
import { gpConnectSlots } from './gp-connect-slots.ts';

const adapter = gpConnectSlots(gpFeed(), TOOLS);

function read(payload: unknown, now = NOW, kind: SiteKind = 'practice') {
  const result = adapter.read(overTheWire(payload), gpContext(now, kind), adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const values = (payload: unknown, now?: number, kind?: SiteKind) =>
  Object.fromEntries(read(payload, now, kind).readings.map((r) => [r.metric, r.value]));

const published: unknown = JSON.parse(
  readFileSync(
    new URL('../../../test/fixtures/fhir/gp-connect-stu3/search_for_free_slots_response_example.json', import.meta.url),
    'utf8',
  ),
);

describe('gp-connect-slots', () => {
  it('reads the published example: its GP appointment counts, its health check is planned for somebody already', () => {
    const now = fromInstant('2016-08-15T08:00:00Z');
    const instance = { id: 'x', feed: gpFeed(), sites: [{ ...gpSite, odsCode: 'A00001' }] };
    const result = adapter.read(published, { instance, askedAt: now, now, page: 0 }, adapter.memory());
    if (!result.ok) throw new Error(result.fault);
    expect(result.rejected).toEqual([]);
    expect(result.volume).toBe(2);
    expect(Object.fromEntries(result.readings.map((r) => [r.metric, r.value]))).toEqual({
      'slots.free': 1,
      'slots.free-minutes': 10,
      'slots.free-4h': 1,
      'slots.free-48h': 1,
      'slots.free-7d': 1,
      'slots.free-14d': 1,
    });
    expect(result.memory.groups[0]).toMatchObject({
      start: fromInstant('2016-08-15T10:30:00Z'),
      channel: 'in-person',
      role: 'R0260',
      service: 'general-consultation',
    });
  });

  it('takes the other published spelling: addresses in each entry, milliseconds, ends a second short, no types', () => {
    const entries = [
      {
        fullUrl: 'Slot/1584',
        ...freeSlot('2026-09-14T11:30:00.000+01:00', '2026-09-14T11:59:59.000+01:00', { serviceType: undefined }),
      },
      {
        fullUrl: 'Schedule/14',
        resource: { resourceType: 'Schedule', id: '14', actor: [{ reference: 'Location/17' }] },
      },
    ];
    const result = read(searchset(entries));
    expect(result.rejectedCount).toBe(0);
    expect(result.readings.slice(0, 2).map((r) => r.value)).toEqual([1, 30]);
  });

  it('never says how many are booked or held, and hands the board no groups that would', () => {
    const result = read(searchset([freeSlot(...TEN)]));
    expect(result.readings.map((r) => r.metric)).not.toContain('slots.booked');
    expect(result.readings.map((r) => r.metric)).not.toContain('slots.held');
    expect(result.slots).toEqual([]);
  });

  it('takes an empty Bundle without an Organization as a true zero of the practice that was asked', () => {
    const result = read({ resourceType: 'Bundle', type: 'searchset' });
    expect(result.readings.map((r) => [r.site, r.value])).toEqual(Array.from({ length: 6 }, () => ['P81001', 0]));
  });

  it('passes over slots of the past, which may be searched for and not booked, and what lies beyond the window', () => {
    const entries = [
      freeSlot('2026-09-14T08:00:00+01:00', '2026-09-14T08:10:00+01:00'),
      freeSlot(...TEN),
      freeSlot('2026-09-14T14:00:00+01:00', '2026-09-14T14:30:00+01:00'),
      freeSlot('2026-09-16T09:00:00+01:00', '2026-09-16T09:10:00+01:00'),
      freeSlot('2026-09-20T23:50:00+01:00', '2026-09-21T00:00:00+01:00'),
      freeSlot('2026-09-21T00:00:00+01:00', '2026-09-21T00:10:00+01:00'),
      freeSlot('2026-09-28T00:00:00+01:00', '2026-09-28T00:10:00+01:00'),
    ];
    expect(values(searchset(entries))).toEqual({
      'slots.free': 2,
      'slots.free-minutes': 40,
      'slots.free-4h': 1,
      'slots.free-48h': 3,
      'slots.free-7d': 4,
      'slots.free-14d': 5,
    });
  });

  it('knows that a free slot is gone once its start has passed, without another answer', () => {
    const { memory } = read(searchset([freeSlot(...TEN)]));
    const again = (at: number) => adapter.again?.(gpContext(at), memory).readings.map((r) => r.value);
    expect(again(fromInstant(TEN[0]))).toEqual([1, 10, 1, 1, 1, 1]);
    expect(again(fromInstant(TEN[0]) + 1)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each([
    ['forward', '2026-03-29', ['2026-03-29T00:30:00+00:00', '2026-03-29T02:30:00+01:00', '2026-03-29T23:30:00+01:00']],
    ['back', '2026-10-25', ['2026-10-25T00:30:00+01:00', '2026-10-25T01:30:00+00:00', '2026-10-25T23:30:00+00:00']],
  ])('counts the whole London day when the clocks go %s', (_, date, starts) => {
    const slots = starts.map((start) => freeSlot(start, new Date(Date.parse(start) + 600_000).toISOString()));
    const before = freeSlot(
      new Date(dayStart(fromInstant(`${date}T12:00:00Z`)) - 600_000).toISOString(),
      new Date(dayStart(fromInstant(`${date}T12:00:00Z`))).toISOString(),
    );
    const midnight = dayStart(fromInstant(`${date}T12:00:00Z`));
    const today = gpConnectSlots(gpFeed({ horizonDays: 1 }), TOOLS);
    const result = today.read(searchset([...slots, before]), gpContext(midnight), today.memory());
    expect(result.ok && result.readings[0]).toMatchObject({ metric: 'slots.free', value: 3 });
  });

  it('counts on a leap day and on a bank holiday like on any other', () => {
    const leap = freeSlot('2028-02-29T23:50:00+00:00', '2028-03-01T00:00:00+00:00');
    expect(values(searchset([leap]), fromInstant('2028-02-29T09:00:00Z'))['slots.free']).toBe(1);
    const boxing = freeSlot('2026-12-28T09:00:00+00:00', '2026-12-28T09:10:00+00:00');
    expect(values(searchset([boxing]), fromInstant('2026-12-28T08:00:00Z'))['slots.free']).toBe(1);
  });

  it('refuses an answer that is about another practice, and takes it from the host of a hub', () => {
    const payload = searchset([freeSlot(...TEN), ...practiceIncludes('P81999')]);
    const result = adapter.read(payload, gpContext(NOW), adapter.memory());
    expect(result).toEqual({
      ok: false,
      state: 'invalid',
      fault: 'the answer is about another organisation than the one that was asked',
    });
    expect(values(payload, NOW, 'hub')['slots.free']).toBe(1);
    expect(values(searchset([freeSlot(...TEN), ...practiceIncludes('p81001')]))['slots.free']).toBe(1);
  });

  it('goes by the session where a slot names no type of its own', () => {
    const untyped = { serviceType: undefined };
    const session = (text: string) => practiceIncludes('P81001', { serviceCategory: { text } });
    const free = (text: string) => read(searchset([freeSlot(...TEN, untyped), ...session(text)]));
    expect(free('General GP Appointments').readings[0]?.value).toBe(1);
    expect(free('Staff meeting').readings[0]?.value).toBe(0);
    expect(free('Clinic of Thursdays')).toMatchObject({
      rejectedCount: 1,
      rejected: [{ place: '/entry/0/resource/serviceCategory', reason: 'is a slot type that is not in our mapping' }],
    });
  });

  it("reads by the practice's own mapping before ours", () => {
    const types = [
      { name: 'Duty doctor (AM)', category: 'general-consultation-acute', patientFacing: true },
      { name: 'walk in', category: 'planned-clinics', patientFacing: false },
    ];
    const mapped = gpConnectSlots(gpFeed(), { ...TOOLS, slotTypes: { reviewed: '2026-09-01', types } });
    const payload = searchset([
      freeSlot(...TEN, { serviceType: [{ text: 'DUTY DOCTOR - am' }] }),
      freeSlot(...TEN, { serviceType: [{ text: 'Walk-in' }] }),
      freeSlot(...TEN, { serviceType: [{ text: 'Clinical triage' }] }),
    ]);
    const result = mapped.read(payload, gpContext(NOW), mapped.memory());
    expect(result.ok && result.readings[0]?.value).toBe(2);
  });

  it('lets no clinician, patient or telephone number through', () => {
    const result = read(
      searchset([
        ...practiceIncludes('P81001'),
        freeSlot(...TEN, { comment: CANARY_TEXT }),
        freeSlot(...TEN, { serviceType: [{ text: CANARY_TEXT }] }),
        freeSlot(CANARY.phone, CANARY.name),
      ]),
    );
    expect(result.rejectedCount).toBe(2);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(result)).not.toContain(word);
  });
});
