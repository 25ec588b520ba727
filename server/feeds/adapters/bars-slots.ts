import { dayEnd, dayStart, HOUR, toInstant, type EpochMs } from '#shared/model/time.ts';
import { fillTemplate } from '../../domain/feed-instances.ts';
import type { Reading, SlotGroup } from '../../domain/ports.ts';
import type { Asking, MakeAdapter } from './adapter.ts';
import { indexIncludes } from './bars-includes.ts';
import { createGroups, type SlotReading } from './bars-groups.ts';
import { FHIR_REDACTION, readSearchset, resourceOf } from './fhir.ts';
import { createRefusals, payloadTime } from './values.ts';

const JSON_VERSION = 'application/fhir+json; version=1.4.0';

/** The slots of one London day, as groups: all that is kept of them. */
export interface SlotMemory {
  readonly day: EpochMs;
  readonly groups: readonly SlotGroup[];
}

/** Bookable slots by BaRS 1.4 (FHIR R4): the whole London day, free and busy, so that "0 of 54" can be said. */
export const barsSlots: MakeAdapter<SlotMemory> = () => ({
  name: 'bars-slots',
  redaction: FHIR_REDACTION,
  timeKeys: ['timestamp', 'lastUpdated'],
  memory: () => ({ day: 0, groups: [] }),
  request: (asking) => ({ url: slotSearch(asking), headers: barsHeaders(asking) }),
  read(payload, { instance, askedAt, now, page }, memory) {
    const site = instance.sites[0];
    const bundle = readSearchset(payload);
    if (!bundle.ok) return bundle;
    const refusals = createRefusals();
    const observedAt = payloadTime(bundle.timestamp, now, '/timestamp', refusals);
    const day = dayStart(askedAt);
    const reading: SlotReading = {
      from: day,
      to: dayEnd(askedAt),
      includes: indexIncludes(bundle.entries),
      expected: site?.identifiers['dos'] ?? null,
      mapped: site?.siteKind === 'practice',
      refusals,
    };
    const groups = createGroups(reading, page > 0 && memory.day === day ? memory.groups : []);
    bundle.entries.forEach((entry, index) => {
      const resource = resourceOf(entry);
      if (!resource) refusals.add(`/entry/${index}/resource`, 'must be an object');
      else if (resource['resourceType'] === 'Slot') groups.add(resource, index);
    });
    const next = { day, groups: groups.list() };
    const read = bundle.next === null && site ? slotOutcome(site.id, next, now) : { readings: [], slots: [] };
    return {
      ok: true,
      observedAt,
      ...read,
      rejected: refusals.list,
      rejectedCount: refusals.count,
      next: bundle.next,
      volume: bundle.entries.length,
      memory: next,
    };
  },
  again({ instance, now }, memory) {
    const site = instance.sites[0];
    return site ? slotOutcome(site.id, memory, now) : { readings: [], slots: [] };
  },
});

function slotOutcome(site: string, memory: SlotMemory, now: EpochMs) {
  let [free, booked, held, minutes, soon] = [0, 0, 0, 0, 0];
  for (const group of memory.groups) {
    booked += group.busy;
    if (group.start < now) continue;
    free += group.free;
    held += group.held;
    minutes += group.free * group.minutes;
    if (group.start < now + 4 * HOUR) soon += group.free;
  }
  const readings: Reading[] = [
    { site, metric: 'slots.free', value: free },
    { site, metric: 'slots.booked', value: booked },
    { site, metric: 'slots.held', value: held },
    { site, metric: 'slots.free-minutes', value: minutes },
    { site, metric: 'slots.free-4h', value: soon },
  ];
  return { readings, slots: [{ site, groups: memory.groups }] };
}

const offset = (at: EpochMs) => toInstant(at).replace(/\.\d+Z$/, '%2B00:00');

/** `status` is one comma list and the offset is mandatory; its `+` must be escaped or it reads as a blank. */
function slotSearch({ instance, now }: Asking): string {
  const site = instance.sites[0];
  const base = site ? fillTemplate(instance.feed.url, site) : instance.feed.url;
  const dos = site?.identifiers['dos'];
  const query = [
    'status=free,busy',
    `start=ge${offset(dayStart(now))}`,
    `start=le${offset(dayEnd(now))}`,
    ...(dos === undefined ? [] : [`Schedule.actor:HealthcareService=${encodeURIComponent(dos)}`]),
    '_include=Slot:schedule',
    '_include=Schedule:actor:HealthcareService',
    '_include=Schedule:actor:PractitionerRole',
  ];
  return `${base.replace(/\/$/, '')}/Slot?${query.join('&')}`;
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64');

function barsHeaders({ instance, requester }: Asking): Record<string, string> {
  const site = instance.sites[0];
  const dos = site?.identifiers['dos'];
  const target =
    dos === undefined
      ? { value: site?.odsCode ?? site?.id ?? '', system: 'https://fhir.nhs.uk/Id/ods-organization-code' }
      : { value: dos, system: 'https://fhir.nhs.uk/Id/dos-service-id' };
  return {
    accept: JSON_VERSION,
    'nhsd-target-identifier': base64(target),
    'nhsd-end-user-organisation': base64({
      resourceType: 'Organization',
      identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: requester }],
    }),
    'nhsd-requesting-software': base64({
      resourceType: 'Device',
      identifier: [{ system: 'https://fhir.nhs.uk/Id/product-id', value: 'headroom' }],
      deviceName: [{ name: 'Headroom', type: 'manufacturer-name' }],
      version: [{ value: '1' }],
    }),
  };
}
