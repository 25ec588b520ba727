import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromInstant } from '#shared/model/time.ts';
import {
  appointment,
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
import { freeSlot, practiceIncludes } from '../../../test/fixtures/fhir/gp-connect.ts';
import { redact } from '../redact.ts';
import type { ReadContext, SyncAdapter } from './adapter.ts';
import { barsSlots } from './bars-slots.ts';
import { fhirAppointments } from './fhir-appointments.ts';
import { gpConnectSlots } from './gp-connect-slots.ts';

const slotTypes = {
  reviewed: '2026-09-01',
  types: [{ name: 'Duty doctor', category: 'general-consultation-acute', patientFacing: true }],
};
const tools = { ...TOOLS, slotTypes };
const bars = barsSlots(feedOf('bars-slots'), tools);
const gpConnect = gpConnectSlots(feedOf('gp-connect-slots'), tools);
const appointments = fhirAppointments(feedOf('fhir-appointments'), tools);

/** What of reading must come out the same from a redacted copy. */
function said<Memory>(adapter: SyncAdapter<Memory>, payload: unknown, context: ReadContext) {
  const result = adapter.read(payload, context, adapter.memory());
  if (!result.ok) return { state: result.state };
  const { observedAt, readings, slots, rejected, rejectedCount, volume, duplicates } = result;
  return { observedAt, readings, slots, rejected, rejectedCount, volume, duplicates };
}

function expectSame<Memory>(adapter: SyncAdapter<Memory>, payload: unknown, context: ReadContext): void {
  const came = overTheWire(payload);
  const copy = redact(came, adapter.redaction);
  expect(said(adapter, copy, context)).toEqual(said(adapter, came, context));
  for (const word of Object.values(CANARY)) expect(JSON.stringify(copy)).not.toContain(word);
}

const words = fc.constantFrom(
  ...['General Consultation Acute', 'walk-in', 'Planned Clinics', 'DUTY - doctor', '117', 'Training', ''],
  ...['Duty list', CANARY_TEXT, CANARY.name, 'walk-in Quillfeather', 'Ж'],
);
const type = fc.oneof(
  fc.constant({}),
  words.map((text) => ({ serviceType: [{ text }] })),
  words.map((code) => ({ serviceType: [{ coding: [{ code, display: CANARY_TEXT }] }] })),
  words.map((display) => ({ serviceType: undefined, serviceCategory: [{ coding: [{ display }] }] })),
  fc.constant({ serviceType: CANARY_TEXT }),
);
const start = fc.constantFrom(
  ...['2026-09-14T09:00:00.000+00:00', '2026-09-14T17:30:00+01:00', '2026-09-14T12:00:00Z', '2026-09-14T07:00:00Z'],
  ...['2026-09-15T09:00:00Z', '2026-09-14T09:00:00', '2026-09-14', CANARY.phone, '1948-03-12', 'soon'],
);
const status = fc.constantFrom('free', 'busy', 'busy-tentative', 'busy-unavailable', 'entered-in-error', CANARY.name);
const reference = fc.constantFrom(
  'urn:uuid:schedule',
  'Schedule/sched1',
  'http://p.test/R4/Schedule/sched1',
  'x',
  '#1',
);
const channel = fc.constantFrom('Telephone', 'In-person', 'video', CANARY.name);
const entry = fc.oneof(
  { weight: 8, arbitrary: fc.record({ status, start, type, reference, channel }) },
  { weight: 1, arbitrary: fc.constantFrom(null, {}, 'x', { resource: 7 }) },
);

const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel';
const slots = fc.array(entry, { maxLength: 8 }).map((rows) =>
  rows.map((row) =>
    row && typeof row === 'object' && 'status' in row
      ? slot(row.status, row.start, {
          ...row.type,
          schedule: { reference: row.reference },
          extension: [{ url: UK_CORE, valueCode: row.channel }],
        })
      : row,
  ),
);
const repeated = <T>(list: readonly T[]) => (list.length > 2 ? [...list, list[0]] : list);

describe('a redacted copy reads like what came', () => {
  const site = siteOf('P81001', 'practice', { dos: '2000099999' });

  it('of BaRS slots, good and bad, with references of every kind', () => {
    fc.assert(
      fc.property(slots, fc.boolean(), (entries, twice) => {
        const all = [...slotIncludes(), ...(twice ? repeated(entries) : entries)];
        expectSame(bars, searchset(all, { timestamp: '2026-09-14T08:29:00Z' }), contextOf('bars-slots', [site]));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('of GP Connect slots', () => {
    const free = fc.record({ start, type, channel }).map((row) =>
      freeSlot(row.start, '2026-09-14T18:00:00+01:00', {
        ...row.type,
        extension: [
          {
            url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-DeliveryChannel-2',
            valueCode: row.channel,
          },
        ],
      }),
    );
    fc.assert(
      fc.property(fc.array(free, { maxLength: 8 }), words, (entries, session) => {
        const includes = practiceIncludes('P81001', { serviceCategory: { text: session } });
        expectSame(gpConnect, searchset([...entries, ...includes]), contextOf('gp-connect-slots', [site]));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('of appointments', () => {
    const statuses = fc.constantFrom('booked', 'fulfilled', 'noshow', 'cancelled', 'waitlist', 'free', CANARY.name);
    const made = fc.constantFrom(undefined, '2026-09-14T07:00:00Z', '2026-09-01T09:00:00Z', 'May', CANARY.phone);
    const row = fc.record({
      status: statuses,
      start,
      type,
      created: made,
      id: fc.constantFrom('a', 'b', CANARY.nhsNumber),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const entries = rows.map(({ status, start: at, type: of, created, id }) =>
          appointment(id, status, at, { ...of, ...(created === undefined ? {} : { created }) }),
        );
        expectSame(appointments, searchset(entries), contextOf('fhir-appointments', [site]));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('of appointments made on a date: when they were made is hidden, and nothing is refused for it', () => {
    const payload = searchset([appointment('a', 'booked', '2026-09-14T09:00:00Z', { created: '2026-09-14' })]);
    const copy = redact(overTheWire(payload), appointments.redaction);
    const result = appointments.read(copy, contextOf('fhir-appointments', [site]), appointments.memory());
    expect(result.ok && [result.rejectedCount, result.readings[0]?.value]).toEqual([0, 1]);
  });

  it.each([
    ['bars-1.4.0/slots-GET-success', bars, '2021-10-06T08:30:00Z', 'hub'],
    ['gp-connect-stu3/search_for_free_slots_response_example', gpConnect, '2016-08-15T08:00:00Z', 'practice'],
  ] as const)('of the published %s', (name, adapter, at, kind) => {
    const file = new URL(`../../../test/fixtures/fhir/${name}.json`, import.meta.url);
    const payload: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const now = fromInstant(at);
    const copy = redact(payload, adapter.redaction);
    const context = contextOf(adapter.name, [siteOf('A00001', kind)], now);
    const read = (what: unknown) => said<never>(adapter as unknown as SyncAdapter<never>, what, context);
    expect(read(copy)).toEqual(read(payload));
    for (const person of ['Bloggs', 'Black', 'Sarah', '111122223333', '03003035678', 'ABCD123456'])
      expect(JSON.stringify(copy)).not.toContain(person);
  });

  it('is one page, read as one: the next page’s address is not in it', () => {
    const link = [{ relation: 'next', url: `http://p.test/${CANARY.name}` }];
    const copy = redact(searchset([slot('free', '2026-09-14T09:00:00Z')], { link }), bars.redaction);
    const result = bars.read(copy, contextOf('bars-slots', [site], NOW), bars.memory());
    expect(result.ok && [result.next, result.readings[0]?.value]).toEqual([null, 1]);
  });
});
