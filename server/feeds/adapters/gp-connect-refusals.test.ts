import { describe, expect, it } from 'vitest';
import { CANARY, CANARY_TEXT, NOW, overTheWire, searchset, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import { freeSlot, gpContext, gpFeed, practiceIncludes, TEN } from '../../../test/fixtures/fhir/gp-connect.ts';
import { gpConnectSlots } from './gp-connect-slots.ts';

const adapter = gpConnectSlots(gpFeed(), TOOLS);

function read(payload: unknown) {
  const result = adapter.read(overTheWire(payload), gpContext(NOW), adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return result;
}

describe('gp-connect-slots refuses', () => {
  const bad: [string, object, string, string][] = [
    ['a booked slot', { status: 'busy' }, '/status', 'was not asked for'],
    ['a held slot', { status: 'busy-tentative' }, '/status', 'was not asked for'],
    ['an unknown status', { status: 'open' }, '/status', ''],
    ['no status', { status: undefined }, '', 'is incomplete: status'],
    ['no start', { start: undefined }, '', 'is incomplete: start'],
    ['no end', { end: undefined }, '', 'is incomplete: end'],
    ['a local time without an offset', { start: '2026-09-14T10:00:00' }, '/start', 'offset'],
    ['a date without a time', { start: '2026-09-14' }, '/start', 'offset'],
    ['a day that there is not', { start: '2026-02-29T10:00:00+00:00' }, '/start', 'offset'],
    ['an hour that there is not', { start: '2026-09-14T25:00:00+01:00' }, '/start', 'offset'],
    ['an offset in words', { start: '2026-09-14T10:00:00 BST' }, '/start', 'offset'],
    ['a start that is a number', { start: 1_789_000_000 }, '/start', 'must be string'],
    ['a start that is null', { start: null }, '/start', 'must be string'],
    ['an end without an offset', { end: '2026-09-14T10:10:00' }, '/end', 'offset'],
    ['an end that is its start', { end: TEN[0] }, '/end', 'must be after the start, within a day'],
    ['an end before its start', { end: '2026-09-14T09:50:00+01:00' }, '/end', 'must be after the start, within a day'],
    ['an end days later', { end: '2026-09-16T10:00:00+01:00' }, '/end', 'must be after the start, within a day'],
    ['a type that is text', { serviceType: 'GP' }, '/serviceType', ''],
    ['a type that is a number', { serviceType: [7] }, '/serviceType/0', ''],
    ['a type whose text is a number', { serviceType: [{ text: 7 }] }, '/serviceType/0/text', ''],
    ['a type that nobody mapped', { serviceType: [{ text: 'Duty' }] }, '/serviceType', 'not in our mapping'],
    ['a type in letters we do not compare', { serviceType: [{ text: 'Walk-in Ж' }] }, '/serviceType', 'mapping'],
    ['a type of great length', { serviceType: [{ text: 'walk-in '.repeat(40) }] }, '/serviceType', 'mapping'],
    ['a type without any words', { serviceType: [{ text: '' }] }, '/serviceType', 'mapping'],
    ['an extension that is no list', { extension: {} }, '/extension', ''],
    ['an extension that is text', { extension: ['x'] }, '/extension/0', ''],
    ['a schedule that is text', { schedule: 'Schedule/14' }, '/schedule', ''],
    ['a schedule whose reference is a number', { schedule: { reference: 14 } }, '/schedule/reference', ''],
  ];

  it.each(bad)('a slot with %s, and counts the other', (_, wrong, place, reason) => {
    const result = read(searchset([freeSlot(...TEN, wrong), freeSlot(...TEN), ...practiceIncludes('P81001')]));
    expect(result.rejected).toEqual([
      { place: `/entry/0/resource${place}`, reason: expect.stringContaining(reason) as string },
    ]);
    expect(result.readings[0]?.value).toBe(1);
    expect(result.volume).toBe(2);
  });

  const one = freeSlot(...TEN);
  it.each([
    ['an entry without a resource', [{}, one], '/entry/0/resource', 'must be an object', 1],
    ['an entry that is text', ['x', one], '/entry/0/resource', 'must be an object', 1],
    ['the same slot again', [one, one], '/entry/1/resource', 'comes twice; the first one was taken', 1],
    [
      'an error among the slots',
      [{ resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'timeout' }] } }, one],
      '/entry/0/resource',
      'is an error that the feed reports of itself (timeout)',
      1,
    ],
    [
      'a session that is not as the standard says',
      [one, { resource: { resourceType: 'Schedule', id: '14', actor: 'Location/17' } }],
      '/entry/1/resource/actor',
      'must be array',
      1,
    ],
  ])('%s, and counts what is right', (_, entries, place, reason, free) => {
    const result = read(searchset(entries));
    expect(result.rejected).toEqual([{ place, reason }]);
    expect(result.readings[0]?.value).toBe(free);
  });

  it.each([
    ['a slot nobody can book', { status: 'busy-unavailable' }],
    ['a slot entered in error', { status: 'entered-in-error' }],
  ])('nothing for %s, which does not count', (_, more) => {
    const result = read(searchset([freeSlot(...TEN, more)]));
    expect([result.rejectedCount, result.readings[0]?.value]).toEqual([0, 0]);
  });

  const issue = (code: string) => ({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'invalid', details: { coding: [{ code }] }, diagnostics: CANARY_TEXT }],
  });
  it.each([
    ['nothing', null, 'invalid'],
    ['a text', 'x', 'invalid'],
    ['a list', [], 'invalid'],
    ['another resource', { resourceType: 'Slot' }, 'invalid'],
    ['a Bundle of another type', { resourceType: 'Bundle', type: 'collection', entry: [] }, 'invalid'],
    ['a Bundle whose entries are no list', { resourceType: 'Bundle', type: 'searchset', entry: {} }, 'invalid'],
    ['records counted and not sent', { resourceType: 'Bundle', type: 'searchset', total: 4 }, 'invalid'],
    ['a refused question', issue('INVALID_PARAMETER'), 'unexpected-status'],
    ['an organisation that is not known', issue('ORGANISATION_NOT_FOUND'), 'not-found'],
    ['a fault of its own', issue('INTERNAL_SERVER_ERROR'), 'server-error'],
    ['a code that nobody knows', issue('QUILLFEATHER'), 'unexpected-status'],
    ['an error alone in a searchset', searchset([{ resource: issue('REC_UNAVAILABLE') }]), 'unavailable'],
  ])('%s as a whole', (_, payload, state) => {
    const result = adapter.read(payload, gpContext(NOW), adapter.memory());
    expect(result).toMatchObject({ ok: false, state });
    for (const word of Object.values(CANARY)) expect(JSON.stringify(result)).not.toContain(word);
  });
});

describe('a searchset without a slot', () => {
  const only = (resourceType: string) =>
    adapter.read(overTheWire(searchset([{ resource: { resourceType, id: 'x' } }])), gpContext(NOW), adapter.memory());

  it.each(['Organization', 'Location', 'Schedule', 'Practitioner'])(
    'is a true zero though %s comes with it',
    (type) => {
      const result = only(type);
      expect(result.ok && result.readings.find(({ metric }) => metric === 'slots.free')?.value).toBe(0);
    },
  );

  it.each(['Appointment', 'Patient', 'CapabilityStatement'])(
    'is of another question where %s is all there is',
    (type) => {
      expect(only(type)).toMatchObject({ ok: false, state: 'invalid' });
    },
  );
});
