import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  feedOf,
  overTheWire,
  searchset,
  siteOf,
  slot,
  slotIncludes,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { barsSlots } from './bars-slots.ts';

const adapter = barsSlots(feedOf('bars-slots'), TOOLS);
const nine = '2026-09-14T09:00:00.000+00:00';

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/fixtures/fhir/bars-1.4.0/${name}.json`, import.meta.url), 'utf8'));

const context = contextOf('bars-slots', [siteOf('P81001')]);
function read(payload: unknown) {
  const result = adapter.read(overTheWire(payload), context, adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return result;
}

describe('bars-slots refuses', () => {
  const offset = 'must be a date and time with its offset';
  const order = 'must be after the start, within a day';
  const unmapped = 'is a slot type that is not in our mapping';
  const bad: [string, object, string, string][] = [
    ['an unknown status', { status: 'open' }, '/status', 'must be equal to one of the allowed values'],
    ['a status in capitals', { status: 'FREE' }, '/status', 'must be equal to one of the allowed values'],
    ['a status that is a list', { status: ['free'] }, '/status', 'must be equal to one of the allowed values'],
    ['no status', { status: undefined }, '', 'is incomplete: status'],
    ['no start', { start: undefined }, '', 'is incomplete: start'],
    ['no end', { end: undefined }, '', 'is incomplete: end'],
    ['a start that is a number', { start: 5 }, '/start', 'must be string'],
    ['a start that is null', { start: null }, '/start', 'must be string'],
    ['a start without an offset', { start: '2026-09-14T09:00:00' }, '/start', offset],
    ['a start that is a date', { start: '2026-09-14' }, '/start', offset],
    ['a start on a day that there is not', { start: '2027-02-29T09:00:00Z' }, '/start', offset],
    ['a start at an hour that there is not', { start: '2026-09-14T24:30:00Z' }, '/start', offset],
    ['a start with words behind it', { start: `${nine} ${CANARY.name}` }, '/start', offset],
    ['an empty start', { start: '' }, '/start', offset],
    ['an end without an offset', { end: '2026-09-14T09:15:00' }, '/end', offset],
    ['an end that is its start', { end: nine }, '/end', order],
    ['an end before its start', { end: '2026-09-14T08:00:00Z' }, '/end', order],
    ['an end days later', { end: '2026-09-20T08:00:00Z' }, '/end', order],
    ['a type that is text', { serviceType: 'GP' }, '/serviceType', 'must be array'],
    ['a type whose coding is no list', { serviceType: [{ coding: {} }] }, '/serviceType/0/coding', 'must be array'],
    [
      'a type whose code is a number',
      { serviceType: [{ coding: [{ code: 1 }] }] },
      '/serviceType/0/coding/0/code',
      'must be string',
    ],
    ['a type that nobody mapped', { serviceType: [{ text: CANARY_TEXT }] }, '/serviceType', unmapped],
    ['a type that GPAD calls unmapped', { serviceType: [{ text: 'Unmapped' }] }, '/serviceType', unmapped],
    [
      'a category alone that nobody mapped',
      { serviceType: undefined, serviceCategory: [{ text: 'X' }] },
      '/serviceCategory',
      unmapped,
    ],
    ['an extension that is no list', { extension: {} }, '/extension', 'must be array'],
    [
      'an extension whose code is a number',
      { extension: [{ valueCode: 1 }] },
      '/extension/0/valueCode',
      'must be string',
    ],
    ['a schedule that is text', { schedule: 'urn:uuid:schedule' }, '/schedule', 'must be object'],
    [
      'a schedule whose reference is an object',
      { schedule: { reference: {} } },
      '/schedule/reference',
      'must be string',
    ],
  ];

  it.each(bad)('a slot with %s, and counts the other', (_, wrong, place, reason) => {
    const result = read(searchset([slot('free', nine, wrong), slot('free', nine)]));
    expect(result.rejected).toEqual([{ place: `/entry/0/resource${place}`, reason }]);
    expect([result.readings[0]?.value, result.rejectedCount, result.volume]).toEqual([1, 1, 2]);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(result)).not.toContain(word);
  });

  const one = slot('free', nine);
  const problem = (severity: string, code: string) => ({
    resource: {
      resourceType: 'OperationOutcome',
      issue: [{ severity, details: { coding: [{ code }] }, diagnostics: CANARY_TEXT }],
    },
    search: { mode: 'outcome' },
  });
  it.each([
    ['an entry that is null', [null, one], '/entry/0/resource', 'must be an object'],
    ['an entry without a resource', [{ fullUrl: 'urn:uuid:x' }, one], '/entry/0/resource', 'must be an object'],
    ['an entry whose resource is a list', [{ resource: [] }, one], '/entry/0/resource', 'must be an object'],
    ['the same slot again', [one, one], '/entry/1/resource', 'comes twice; the first one was taken'],
    [
      'an error of the other side among the slots',
      [one, problem('error', 'REC_TIMEOUT')],
      '/entry/1/resource',
      'is an error that the feed reports of itself (REC_TIMEOUT)',
    ],
    [
      'an error whose code nobody knows, without repeating it',
      [one, problem('fatal', CANARY.name)],
      '/entry/1/resource',
      'is an error that the feed reports of itself',
    ],
    [
      'a schedule that is not as the standard says, once for all its slots',
      [
        slot('free', nine, { status: 'busy' }),
        one,
        { fullUrl: 'urn:uuid:schedule', resource: { resourceType: 'Schedule', actor: 7 } },
      ],
      '/entry/2/resource/actor',
      'must be array',
    ],
  ])('%s, and counts what is right', (_, entries, place, reason) => {
    const result = read(searchset(entries));
    expect(result.rejected).toEqual([{ place, reason }]);
    expect(result.readings[0]?.value).toBe(1);
  });

  it.each([
    ['no time', 'soon', 'must be a date and time with its offset'],
    ['a number', 1_789_000_000_000, 'must be a date and time with its offset'],
    ['ahead of our clock', '2026-09-14T08:33:00Z', 'is ahead of our clock'],
  ])('a time of the answer itself that is %s, and counts its slots', (_, timestamp, reason) => {
    const result = read(searchset([...slotIncludes(), one], { timestamp }));
    expect(result.rejected).toEqual([{ place: '/timestamp', reason }]);
    expect([result.observedAt, result.readings[0]?.value]).toEqual([null, 1]);
  });

  it('lists the first fifty and counts them all', () => {
    const result = read(searchset(Array.from({ length: 70 }, () => slot('open', nine))));
    expect([result.rejected.length, result.rejectedCount]).toEqual([50, 70]);
  });

  it.each([
    ['nothing', null, 'invalid'],
    ['a text', 'x', 'invalid'],
    ['an empty object', {}, 'invalid'],
    ['a list', [[]], 'invalid'],
    ['a Bundle of another type', { resourceType: 'Bundle', type: 'batch' }, 'invalid'],
    ['a Bundle whose entries are text', { resourceType: 'Bundle', type: 'searchset', entry: 'x' }, 'invalid'],
    ['slots counted and not sent', { resourceType: 'Bundle', type: 'searchset', total: 8, entry: [] }, 'invalid'],
    ['an OperationOutcome without an issue', { resourceType: 'OperationOutcome' }, 'invalid'],
    ['the published 404', published('404-NOT_FOUND-not-found'), 'not-found'],
    ['the published 408', published('408-REC_TIMEOUT-timeout'), 'receiver-timeout'],
    ['the published 429', published('429-SEND_TOO_MANY_REQUESTS-throttled'), 'throttled'],
    ['a service that has not joined', problem('error', 'PROXY_NOT_FOUND').resource, 'not-onboarded'],
    ['a searchset that holds an error alone', searchset([problem('error', 'REC_UNAVAILABLE')]), 'unavailable'],
    [
      'a searchset that holds that the service has not joined',
      searchset([problem('error', 'PROXY_NOT_FOUND')]),
      'not-onboarded',
    ],
    [
      'a searchset with includes and an error',
      searchset([...slotIncludes(), problem('fatal', 'REC_SERVER_ERROR')]),
      'server-error',
    ],
  ])('%s as a whole: never zero', (_, payload, state) => {
    const result = adapter.read(payload, context, adapter.memory());
    expect(result).toMatchObject({ ok: false, state });
    for (const word of Object.values(CANARY)) expect(JSON.stringify(result)).not.toContain(word);
  });
});

describe('a searchset of something else', () => {
  const other = (resourceType: string) => ({
    fullUrl: 'urn:uuid:x',
    resource: { resourceType, id: 'x', status: 'booked' },
  });

  it.each(['Appointment', 'HealthcareService', 'MessageDefinition', 'Patient'])(
    'of %s alone is no empty result, so that nothing is told as zero',
    (type) => {
      const result = adapter.read(overTheWire(searchset([other(type)])), context, adapter.memory());
      expect(result).toMatchObject({ ok: false, state: 'invalid' });
    },
  );

  it('is read where slots stand beside it', () => {
    expect(read(searchset([other('Patient'), slot('free', nine)])).readings[0]?.value).toBe(1);
  });
});
