import { describe, expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import {
  appointment,
  CANARY,
  contextOf,
  feedOf,
  NOW,
  overTheWire,
  searchset,
  siteOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import type { Reading } from '../../domain/ports.ts';
import { fhirAppointments, type AppointmentMemory } from './fhir-appointments.ts';

const adapter = fhirAppointments(feedOf('fhir-appointments'), TOOLS);

const site = siteOf('P81001');
const instance = {
  id: 'appointments:P81001',
  feed: feedOf('fhir-appointments', { url: '${FEEDS_URL}/alder/{ods}/FHIR/R4' }),
  sites: [site],
};

function read(payload: unknown, memory: AppointmentMemory = adapter.memory(), at = NOW, page = 0) {
  const result = adapter.read(overTheWire(payload), { ...contextOf('fhir-appointments', [site], at), page }, memory);
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const counts = (payload: unknown, memory?: AppointmentMemory, at?: number) => four(read(payload, memory, at).readings);
/** Booked, attended, did not attend, cancelled. */
const four = (readings: readonly Reading[]) => readings.slice(0, 4).map((r) => r.value);
const url = (memory: AppointmentMemory, now: number) =>
  decodeURIComponent(adapter.request({ instance, now, requester: 'X' }, memory).url);

describe('fhir-appointments', () => {
  it('counts today by status: booked, attended, did not attend, cancelled', () => {
    const statuses = [
      'booked',
      'arrived',
      'checked-in',
      'fulfilled',
      'noshow',
      'cancelled',
      'entered-in-error',
      'waitlist',
    ];
    expect(counts(searchset(statuses.map((status, i) => appointment(`a${i}`, status))))).toEqual([5, 3, 1, 1]);
  });

  it('takes an empty searchset as a true zero', () => {
    expect(counts({ resourceType: 'Bundle', type: 'searchset', total: 0 })).toEqual([0, 0, 0, 0]);
  });

  it('counts by the London day: half past midnight in summer is today although it is yesterday in UTC', () => {
    const entries = [
      appointment('a', 'booked', '2026-09-13T23:30:00.000Z'),
      appointment('b', 'booked', '2026-09-13T22:59:59.000Z'),
      appointment('c', 'booked', '2026-09-14T23:00:00.000Z'),
    ];
    expect(counts(searchset(entries))).toEqual([1, 0, 0, 0]);
  });

  it('asks for the whole day first, then for changes with an overlap, hourly and on a new day whole again', () => {
    const fresh = adapter.memory();
    expect(url(fresh, NOW)).toBe(
      '${FEEDS_URL}/alder/P81001/FHIR/R4/Appointment?date=ge2026-09-13T23:00:00+00:00&date=lt2026-09-14T23:00:00+00:00',
    );
    const { memory } = read(searchset([appointment('a', 'booked')]));
    expect(url(memory, NOW + 15 * MINUTE)).toContain('&_lastUpdated=ge2026-09-14T08:25:00+00:00');
    expect(url(memory, NOW + HOUR)).not.toContain('_lastUpdated');
    expect(url(memory, NOW + 24 * HOUR)).not.toContain('_lastUpdated');
    expect(url(memory, NOW - MINUTE)).not.toContain('_lastUpdated');
  });

  it('asks for changes of later days too: one that was moved away from today must be seen to go', () => {
    const { memory } = read(searchset([appointment('a', 'booked'), appointment('b', 'booked')]));
    const asked = url(memory, NOW + 15 * MINUTE);
    expect(asked).toContain('date=ge2026-09-13T23:00:00+00:00');
    expect(asked).not.toContain('date=lt');
    const moved = [appointment('a', 'booked', '2026-09-21T09:00:00+01:00')];
    expect(counts(searchset(moved), memory, NOW + 15 * MINUTE)).toEqual([1, 0, 0, 0]);
    const back = [
      appointment('a', 'booked', '2026-09-14T17:00:00+01:00'),
      appointment('c', 'booked', '2026-09-22T09:00:00Z'),
    ];
    expect(counts(searchset(back), memory, NOW + 15 * MINUTE)).toEqual([2, 0, 0, 0]);
  });

  it('asks for changes by the clock that wrote them, however late it is', () => {
    const behind = { timestamp: '2026-09-14T08:20:00Z' };
    const { memory } = read(searchset([appointment('a', 'booked')], behind));
    expect(url(memory, NOW + 15 * MINUTE)).toContain('&_lastUpdated=ge2026-09-14T08:15:00+00:00');
    const old = read(searchset([appointment('a', 'booked')], { timestamp: '2021-01-01T00:00:00Z' })).memory;
    expect(url(old, NOW + 15 * MINUTE)).toContain('&_lastUpdated=ge2026-09-14T07:25:00+00:00');
  });

  it('keeps a cancelled one of today that has lost its time, and lets other untimed ones go', () => {
    const { memory } = read(searchset(['a', 'b', 'c'].map((id) => appointment(id, 'booked'))));
    const changes = [
      appointment('a', 'cancelled', undefined, { start: undefined }),
      appointment('b', 'waitlist', undefined, { start: undefined }),
      appointment('z', 'cancelled', undefined, { start: undefined }),
    ];
    expect(counts(searchset(changes), memory, NOW + 15 * MINUTE)).toEqual([1, 0, 0, 1]);
  });

  it.each([
    [
      'forward',
      '2026-03-29T12:00:00Z',
      ['2026-03-29T00:00:00Z', '2026-03-29T23:59:59+01:00'],
      '2026-03-30T00:00:00+01:00',
    ],
    ['back', '2026-10-25T12:00:00Z', ['2026-10-25T00:00:00+01:00', '2026-10-25T23:59:59Z'], '2026-10-26T00:00:00Z'],
    [
      'as ever, on a leap day',
      '2028-02-29T12:00:00Z',
      ['2028-02-29T00:00:00Z', '2028-02-29T23:59:59Z'],
      '2028-03-01T00:00:00Z',
    ],
  ])('counts the whole London day and no more when the clocks go %s', (_, noon, inside, outside) => {
    const entries = [...inside, outside].map((start, i) => appointment(`a${i}`, 'booked', start));
    expect(counts(searchset(entries), undefined, fromInstant(noon))).toEqual([2, 0, 0, 0]);
  });

  it('is as old as the oldest of its pages', () => {
    const first = read(
      searchset([appointment('a', 'booked')], {
        timestamp: '2026-09-14T08:20:00Z',
        link: [{ relation: 'next', url: '/2' }],
      }),
    );
    const second = read(searchset([], { timestamp: '2026-09-14T08:29:00Z' }), first.memory, NOW, 1);
    expect(second.observedAt).toBe(fromInstant('2026-09-14T08:20:00Z'));
    expect(second.memory.observedAt).toBeNull();
  });

  it('keeps what it knows between whole reads and moves an appointment when its status changes', () => {
    const { memory } = read(searchset([appointment('a', 'booked'), appointment('b', 'booked')]));
    const later = NOW + 15 * MINUTE;
    expect(counts(searchset([appointment('a', 'fulfilled'), appointment('c', 'booked')]), memory, later)).toEqual([
      3, 1, 0, 0,
    ]);
    expect(counts(searchset([appointment('a', 'booked', '2026-09-15T09:00:00Z')]), memory, later)).toEqual([
      1, 0, 0, 0,
    ]);
  });

  it('forgets what a whole read no longer holds', () => {
    const { memory } = read(searchset([appointment('a', 'booked'), appointment('b', 'booked')]));
    expect(counts(searchset([appointment('b', 'booked')]), memory, NOW + HOUR)).toEqual([1, 0, 0, 0]);
  });

  it('goes by the time of asking: changes that arrive after the hour are not taken for the whole day', () => {
    const { memory } = read(searchset([appointment('a', 'booked'), appointment('b', 'booked')]));
    const asked = NOW + HOUR - 1000;
    const context = { ...contextOf('fhir-appointments', [site], NOW + HOUR + 1000), askedAt: asked };
    const result = adapter.read(searchset([appointment('a', 'fulfilled')]), context, memory);
    expect(result.ok && four(result.readings)).toEqual([2, 1, 0, 0]);
  });

  it('adds the pages up and speaks only after the last one', () => {
    const next = [{ relation: 'next', url: 'http://127.0.0.1/next' }];
    const first = read(searchset([appointment('a', 'booked')], { link: next }));
    expect(first.next).toBe('http://127.0.0.1/next');
    expect(first.readings).toEqual([]);
    const second = read(searchset([appointment('b', 'noshow')]), first.memory, NOW, 1);
    expect(four(second.readings)).toEqual([2, 0, 1, 0]);
  });

  it('lets no person through', () => {
    const result = read(
      searchset([
        appointment('a', 'booked'),
        appointment(CANARY.nhsNumber, CANARY.name),
        appointment('c', 'booked', CANARY.phone),
        { resource: { resourceType: 'Patient', id: CANARY.nhsNumber, name: [{ family: CANARY.name }] } },
      ]),
    );
    const { memory, ...said } = result;
    expect(memory.appointments.size).toBe(1);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(said)).not.toContain(word);
  });
});
