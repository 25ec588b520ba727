import { describe, expect, it } from 'vitest';
import type { SlotTypes } from '#shared/model/definition.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
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

const ACUTE = { serviceType: [{ coding: [{ display: 'General Consultation Acute' }] }] };
const today = { created: '2026-09-14T08:05:00+01:00' };
const nine = '2026-09-14T09:00:00+01:00';

/** Urgent, made on the day, of a type without a mapping; undefined where the site is not said anything of. */
function urgent(entries: readonly unknown[], { kind = 'practice', slotTypes = null, now = NOW }: Given = {}) {
  const adapter = fhirAppointments(feedOf('fhir-appointments'), { ...TOOLS, slotTypes });
  const payload = overTheWire(searchset(entries));
  const result = adapter.read(payload, contextOf('fhir-appointments', [siteOf('P1', kind)], now), adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  const of = (name: string) => result.readings.find(({ metric }) => metric === `appointments.${name}`);
  return { readings: [of('urgent'), of('urgent-same-day'), of('unmapped')], rejected: result.rejected };
}
interface Given {
  kind?: SiteKind;
  slotTypes?: SlotTypes | null;
  now?: number;
}
const counts = (entries: readonly unknown[], given?: Given) => urgent(entries, given).readings.map((r) => r?.value);

describe('urgent appointments', () => {
  it('are those of General Consultation Acute, whatever came of them, and not the cancelled', () => {
    const statuses = [
      'booked',
      'arrived',
      'checked-in',
      'fulfilled',
      'noshow',
      'cancelled',
      'waitlist',
      'entered-in-error',
    ];
    expect(counts(statuses.map((s, i) => appointment(`a${i}`, s, nine, { ...ACUTE, ...today })))).toEqual([5, 5, 0]);
  });

  it('are found by type, appointment type or category, one or a list of them', () => {
    const named = { text: 'general consultation - ACUTE' };
    const ways = [
      { serviceType: [named] },
      { serviceType: named },
      { appointmentType: named },
      { serviceCategory: [named] },
    ];
    expect(counts(ways.map((way, i) => appointment(`a${i}`, 'booked', nine, { ...way, ...today })))).toEqual([4, 4, 0]);
    const both = { serviceType: [{ text: 'Telephone list' }], serviceCategory: [named] };
    expect(counts([appointment('a', 'booked', nine, { ...both, ...today })])).toEqual([1, 1, 0]);
  });

  it("go by the practice's own mapping first", () => {
    const slotTypes = {
      reviewed: '2026-08-01',
      types: [
        { name: 'On the day', category: 'general-consultation-acute', patientFacing: true },
        { name: 'General Consultation Acute', category: 'planned-clinics', patientFacing: false },
      ],
    };
    const entries = [
      appointment('a', 'booked', nine, { serviceType: [{ text: 'ON-THE-DAY' }], ...today }),
      appointment('b', 'booked', nine, ACUTE),
    ];
    expect(counts(entries, { slotTypes })).toEqual([1, 1, 0]);
    expect(counts(entries)).toEqual([1, null, 1]);
  });

  it.each([
    ['on the day', '2026-09-14T00:00:00+01:00', 1],
    ['on the day, said as a date', '2026-09-14', 1],
    ['just before midnight', '2026-09-13T23:59:59+01:00', 0],
    ['the day before, said as a date', '2026-09-13', 0],
    ['on the day in London, the day before in UTC', '2026-09-13T23:00:00Z', 1],
  ])('made %s', (_, created, sameDay) => {
    expect(counts([appointment('a', 'booked', nine, { ...ACUTE, created })])).toEqual([1, sameDay, 0]);
  });

  it.each([
    ['forward', '2026-03-29T09:00:00+01:00', ['2026-03-29T00:00:00Z', '2026-03-28T23:59:59Z']],
    ['back', '2026-10-25T09:00:00Z', ['2026-10-25T00:00:00+01:00', '2026-10-24T23:59:59+01:00']],
  ])('made on the day and the day before when the clocks go %s', (_, start, made) => {
    const entries = made.map((created, i) => appointment(`a${i}`, 'booked', start, { ...ACUTE, created }));
    expect(counts(entries, { now: fromInstant(start) })).toEqual([2, 1, 0]);
  });

  it('made nobody knows when leave open how many were made on the day', () => {
    const entries = [appointment('a', 'booked', nine, { ...ACUTE, ...today }), appointment('b', 'booked', nine, ACUTE)];
    const [all, sameDay] = urgent(entries).readings;
    expect(all?.value).toBe(2);
    expect(sameDay).toMatchObject({ value: null, absence: 'not-reported', detail: 'missing-field' });
  });

  it('are counted although the time of making is refused', () => {
    const entries = [appointment('a', 'booked', nine, { ...ACUTE, created: 'last week' })];
    expect(counts(entries)).toEqual([1, null, 0]);
    expect(urgent(entries).rejected).toEqual([
      { place: '/entry/0/resource/created', reason: 'must be a date, or a date and time with its offset' },
    ]);
  });

  it('cannot be told where no appointment names a type: that is not zero', () => {
    const readings = urgent([appointment('a', 'booked'), appointment('b', 'fulfilled')]).readings;
    for (const reading of readings) expect(reading).toMatchObject({ value: null, absence: 'not-reported' });
  });

  it('leave those of unknown types, and of none, to be counted as unmapped', () => {
    const entries = [
      appointment('a', 'booked', nine, { ...ACUTE, ...today }),
      appointment('b', 'booked', nine, { serviceType: [{ text: 'Dr Ito, Tuesdays' }] }),
      appointment('c', 'booked'),
      appointment('d', 'cancelled', nine, { serviceType: [{ text: 'Dr Ito, Tuesdays' }] }),
      appointment('e', 'booked', nine, { serviceType: [{ text: 'Planned clinics' }] }),
    ];
    expect(counts(entries)).toEqual([1, 1, 2]);
  });

  it('are none on a day without appointments, and nothing that is said of a hub', () => {
    expect(counts([])).toEqual([0, 0, 0]);
    expect(counts([appointment('a', 'booked', nine, ACUTE)], { kind: 'hub' })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
