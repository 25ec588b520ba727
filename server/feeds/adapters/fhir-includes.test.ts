import { describe, expect, it } from 'vitest';
import {
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
import { barsSlots } from './bars-slots.ts';

const adapter = barsSlots(feedOf('bars-slots'), TOOLS);
const nine = '2026-09-14T09:00:00.000+00:00';

function read(payload: unknown, kind: 'practice' | 'hub' = 'practice', dos?: string) {
  const site = siteOf('P81001', kind, dos === undefined ? {} : { dos });
  const result = adapter.read(overTheWire(payload), contextOf('bars-slots', [site], NOW), adapter.memory());
  if (!result.ok) throw new Error(result.fault);
  return result;
}

describe('a slot', () => {
  it('belongs to a diary that serves several services, if the one asked for is among them', () => {
    const other = { fullUrl: 'urn:uuid:other', resource: { resourceType: 'HealthcareService', id: '2000000001' } };
    const includes = slotIncludes('2000099999').map(({ fullUrl, resource }) =>
      resource.resourceType === 'Schedule'
        ? {
            fullUrl,
            resource: { ...resource, actor: [{ reference: 'urn:uuid:other' }, { reference: 'urn:uuid:service' }] },
          }
        : { fullUrl, resource },
    );
    const result = read(searchset([...includes, other, slot('free', nine)]), 'hub', '2000099999');
    expect([result.readings[0]?.value, result.rejectedCount]).toEqual([1, 0]);
  });

  it.each([
    ['by urn', 'urn:uuid:5b', { fullUrl: 'urn:uuid:5b', resource: { id: 'sched1' } }],
    ['by urn where only the id says so', 'urn:uuid:5b', { resource: { id: '5b' } }],
    ['relative', 'Schedule/sched1', { resource: { id: 'sched1' } }],
    ['relative, of one version', 'Schedule/sched1/_history/3', { resource: { id: 'sched1' } }],
    ['absolute', 'https://p.test/R4/Schedule/sched1', { fullUrl: 'https://p.test/R4/Schedule/sched1', resource: {} }],
    ['absolute, to an entry without its address', 'https://p.test/R4/Schedule/sched1', { resource: { id: 'sched1' } }],
  ])('finds its schedule by reference: %s', (_, reference, { resource, ...entry }) => {
    const schedule = {
      ...entry,
      resource: { resourceType: 'Schedule', serviceType: [{ text: 'Urgent care' }], ...resource },
    };
    const own = slot('free', nine, { schedule: { reference }, serviceType: undefined });
    expect(read(searchset([own, schedule])).slots[0]?.groups[0]?.service).toBe('urgent-care');
  });

  it('counts where its schedule did not come along', () => {
    const result = read(searchset([slot('free', nine, { schedule: { reference: 'Schedule/none' } })]), 'hub', '2');
    expect([result.readings[0]?.value, result.rejectedCount]).toEqual([1, 0]);
  });

  it('does not count where its schedule is no longer in use', () => {
    const idle = { resource: { resourceType: 'Schedule', id: 'idle', active: false } };
    const own = slot('free', nine, { schedule: { reference: 'Schedule/idle' } });
    expect(read(searchset([own, idle, slot('free', nine)])).readings[0]?.value).toBe(1);
  });

  it('goes by a service that is named in its identifier, and by one that did not come along', () => {
    const of = (actor: object, ...more: object[]) => {
      const schedule = { resource: { resourceType: 'Schedule', id: 's', actor: [actor] } };
      const own = slot('free', nine, { schedule: { reference: 'Schedule/s' } });
      return read(searchset([own, schedule, ...more]), 'hub', '2000099999').readings[0]?.value;
    };
    const identifier = [{ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '2000000001' }];
    const service = { resource: { resourceType: 'HealthcareService', id: 'hs-1', identifier } };
    expect(of({ reference: 'HealthcareService/hs-1' }, service)).toBe(0);
    expect(of({ reference: 'HealthcareService/2000000001' })).toBe(0);
    expect(of({ reference: 'HealthcareService/2000099999' })).toBe(1);
    expect(of({ reference: 'HealthcareService/unknown' })).toBe(1);
  });
});
