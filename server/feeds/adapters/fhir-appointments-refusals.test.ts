import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  appointment,
  CANARY,
  CANARY_TEXT,
  contextOf,
  feedOf,
  overTheWire,
  searchset,
  siteOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { fhirAppointments } from './fhir-appointments.ts';

const adapter = fhirAppointments(feedOf('fhir-appointments'), TOOLS);
const context = contextOf('fhir-appointments', [siteOf('P81001')]);

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/fixtures/fhir/bars-1.4.0/${name}.json`, import.meta.url), 'utf8'));

function read(payload: unknown) {
  const result = adapter.read(overTheWire(payload), context, adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return result;
}

describe('fhir-appointments refuses', () => {
  const offset = 'must be a date and time with its offset';
  const bad: [string, object, string, string][] = [
    ['an unknown status', { status: 'done' }, '/status', 'must be equal to one of the allowed values'],
    ['a status in capitals', { status: 'BOOKED' }, '/status', 'must be equal to one of the allowed values'],
    ['a status that is null', { status: null }, '/status', 'must be equal to one of the allowed values'],
    ['no status', { status: undefined }, '', 'is incomplete: status'],
    ['no id', { id: undefined }, '', 'is incomplete: id'],
    ['an empty id', { id: '' }, '/id', 'must not have fewer than 1 characters'],
    ['an endless id', { id: 'x'.repeat(201) }, '/id', 'must not have more than 200 characters'],
    ['an id that is a number', { id: 7 }, '/id', 'must be string'],
    ['no start although booked', { start: undefined }, '/start', offset],
    ['no start although attended', { status: 'fulfilled', start: undefined }, '/start', offset],
    ['no start although nobody came', { status: 'noshow', start: undefined }, '/start', offset],
    ['a start that is a number', { start: 1_789_000_000 }, '/start', 'must be string'],
    ['a start that is null', { start: null }, '/start', 'must be string'],
    ['a start without an offset', { start: '2026-09-14T09:00:00' }, '/start', offset],
    ['a start that is a date', { start: '2026-09-14' }, '/start', offset],
    ['a start on a day that there is not', { start: '2026-02-31T09:00:00Z' }, '/start', offset],
    ['a start at an hour that there is not', { start: '2026-09-14T24:01:00Z' }, '/start', offset],
    ['a start in words', { start: CANARY_TEXT }, '/start', offset],
    ['an empty start', { start: '' }, '/start', offset],
    ['a start that cannot be although it is cancelled', { status: 'cancelled', start: 'x' }, '/start', offset],
    ['a type that is text', { serviceType: 'GP' }, '/serviceType', 'must be array'],
    ['a type whose text is a number', { serviceType: [{ text: 1 }] }, '/serviceType/0/text', 'must be string'],
    [
      'a category whose coding is no list',
      { serviceCategory: [{ coding: 'x' }] },
      '/serviceCategory/0/coding',
      'must be array',
    ],
    ['an appointment type that is text', { appointmentType: 'ROUTINE' }, '/appointmentType', 'must be object'],
    ['an appointment type that is a list', { appointmentType: [] }, '/appointmentType', 'must be object'],
    ['a time of making that is a number', { created: 5 }, '/created', 'must be string'],
  ];

  it.each(bad)('one with %s, and counts the other', (_, wrong, place, reason) => {
    const result = read(searchset([appointment('a', 'booked', undefined, wrong), appointment('b', 'booked')]));
    expect(result.rejected).toEqual([{ place: `/entry/0/resource${place}`, reason }]);
    expect([result.readings[0]?.value, result.volume]).toEqual([1, 2]);
    const { memory, ...said } = result;
    expect(memory.appointments.size).toBe(1);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(said)).not.toContain(word);
  });

  const one = appointment('a', 'booked');
  const problem = (code: string) => ({
    resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', details: { coding: [{ code }] } }] },
  });
  it.each([
    ['an entry that is null', [null, one], '/entry/0/resource', 'must be an object', 1],
    ['an entry without a resource', [{ fullUrl: 'urn:uuid:x' }, one], '/entry/0/resource', 'must be an object', 1],
    ['the same one again', [one, one], '/entry/1/resource', 'comes twice; the first one was taken', 1],
    [
      'an error among them',
      [one, problem('REC_TIMEOUT')],
      '/entry/1/resource',
      'is an error that the feed reports of itself (REC_TIMEOUT)',
      1,
    ],
  ])('%s, and counts what is right', (_, entries, place, reason, booked) => {
    const result = read(searchset(entries));
    expect(result.rejected).toEqual([{ place, reason }]);
    expect(result.readings[0]?.value).toBe(booked);
  });

  it('nothing where one comes on two pages, which shift while they are read: the later one is newer', () => {
    const first = read(searchset([one], { link: [{ relation: 'next', url: '/2' }] }));
    const again = searchset([appointment('a', 'fulfilled')]);
    const second = adapter.read(again, { ...context, page: 1 }, first.memory);
    if (!second.ok) throw new Error(second.fault);
    expect([second.rejectedCount, ...second.readings.slice(0, 2).map((r) => r.value)]).toEqual([0, 1, 1]);
  });

  it('a time of the answer itself that is ahead of our clock, and counts what it holds', () => {
    const result = read(searchset([one], { timestamp: '2026-09-14T09:30:00Z' }));
    expect(result.rejected).toEqual([{ place: '/timestamp', reason: 'is ahead of our clock' }]);
    expect(result.readings[0]?.value).toBe(1);
  });

  it.each([
    ['nothing', null, 'invalid'],
    ['an empty object', {}, 'invalid'],
    ['a list', [], 'invalid'],
    ['a Bundle of another type', { resourceType: 'Bundle', type: 'message' }, 'invalid'],
    ['another resource', { resourceType: 'Patient' }, 'invalid'],
    [
      'an appointment alone, as the older examples have it',
      { resourceType: 'Appointment', meta: { profile: [] } },
      'invalid',
    ],
    ['appointments counted and not sent', { resourceType: 'Bundle', type: 'searchset', total: 12 }, 'invalid'],
    ['the published 408', published('408-REC_TIMEOUT-timeout'), 'receiver-timeout'],
    ['a searchset that holds an error alone', searchset([problem('REC_NOT_FOUND')]), 'not-found'],
    ['a searchset that holds that we are held back', searchset([problem('SEND_TOO_MANY_REQUESTS')]), 'throttled'],
  ])('%s as a whole: never zero', (_, payload, state) => {
    expect(adapter.read(payload, context, adapter.memory())).toMatchObject({ ok: false, state });
  });
});

it.each(['Slot', 'Patient', 'HealthcareService'])(
  'a searchset of %s alone, which is no day without appointments',
  (type) => {
    const other = { fullUrl: 'urn:uuid:x', resource: { resourceType: type, id: 'x', status: 'free' } };
    const result = adapter.read(overTheWire(searchset([other])), context, adapter.memory());
    expect(result).toMatchObject({ ok: false, state: 'invalid' });
  },
);
