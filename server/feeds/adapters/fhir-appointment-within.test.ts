import { describe, expect, it } from 'vitest';
import { fromInstant } from '#shared/model/time.ts';
import {
  appointment,
  contextOf,
  feedOf,
  NOW,
  overTheWire,
  searchset,
  siteOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { fhirAppointments } from './fhir-appointments.ts';

const NINE = '2026-09-14T09:00:00Z';
const ROUTINE = { serviceType: [{ text: 'General Consultation Routine' }] };
const NAMES = ['measured', 'within-48h', 'within-7d', 'within-14d'] as const;

/** Those that the 2-week measure counts, and of them those made at most 2, 7 and 14 days before. */
function within(entries: readonly unknown[], now = NOW) {
  const adapter = fhirAppointments(feedOf('fhir-appointments'), TOOLS);
  const payload = overTheWire(searchset(entries));
  const result = adapter.read(payload, contextOf('fhir-appointments', [siteOf('P1')], now), adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  const values = NAMES.map((name) => {
    const reading = result.readings.find(({ metric }) => metric === `appointments.${name}`);
    return reading?.value ?? reading?.detail;
  });
  return { values, rejected: result.rejectedCount };
}
const made = (created: unknown, type: object = ROUTINE, start = NINE) =>
  appointment('a', 'booked', start, { ...type, created });

describe('the 2-week measure', () => {
  it.each([
    ['on the day', '2026-09-14T07:00:00Z', [1, 1, 1, 1]],
    ['two days before, by dates', '2026-09-12T00:00:00+01:00', [1, 1, 1, 1]],
    ['three days before, just', '2026-09-11T23:59:59+01:00', [1, 0, 1, 1]],
    ['a week before, said as a date', '2026-09-07', [1, 0, 1, 1]],
    ['eight days before', '2026-09-06', [1, 0, 0, 1]],
    ['two weeks before', '2026-08-31T08:00:00+01:00', [1, 0, 0, 1]],
    ['fifteen days before', '2026-08-30', [1, 0, 0, 0]],
    ['after its own time, as some are written down later', '2026-09-15', [1, 1, 1, 1]],
  ])('made %s', (_, created, expected) => {
    expect(within([made(created)]).values).toEqual(expected);
  });

  it.each([
    ['forward', '2026-03-30T08:00:00Z', '2026-03-28T00:30:00Z'],
    ['back', '2026-10-26T09:00:00Z', '2026-10-23T23:30:00Z'],
  ])('counts days, not hours, when the clocks go %s between', (_, start, created) => {
    expect(within([made(created, ROUTINE, start)], fromInstant(start)).values).toEqual([1, 1, 1, 1]);
  });

  it('leaves out what it does not count: clinics, the cancelled, types nobody mapped', () => {
    const entries = [
      made('2026-09-13'),
      appointment('b', 'booked', NINE, { serviceType: [{ text: 'Planned clinics' }], created: '2026-06-01' }),
      appointment('c', 'cancelled', NINE, { ...ROUTINE, created: '2026-06-01' }),
      appointment('d', 'booked', NINE, { serviceType: [{ text: 'Dr Ito, Tuesdays' }], created: '2026-06-01' }),
      appointment('e', 'noshow', NINE, { ...ROUTINE, created: '2026-08-01' }),
    ];
    expect(within(entries).values).toEqual([2, 1, 1, 1]);
  });

  it('is zero of zero on a day without appointments', () => {
    expect(within([]).values).toEqual([0, 0, 0, 0]);
  });

  const unsaid = NAMES.map(() => 'missing-field');
  it.each<[string, unknown, number]>([
    ['does not say when it was made', undefined, 0],
    ['says no date', 'last week', 1],
    ['says a day that no month has', '2026-02-31', 1],
    ['says a month that no year has', '2026-13-01', 1],
    ['says a time without its offset', '2026-09-10T09:00:00', 1],
  ])('cannot be told where one that counts %s', (_, created, refused) => {
    const { values, rejected } = within([
      made('2026-09-13'),
      appointment('b', 'booked', NINE, { ...ROUTINE, created }),
    ]);
    expect(values).toEqual(unsaid);
    expect(rejected).toBe(refused);
  });

  it('cannot be told where no appointment names a type', () => {
    expect(within([appointment('a', 'booked', NINE, { created: '2026-09-14' })]).values).toEqual(unsaid);
  });
});
