import { horizonOf } from '#shared/model/feed-metrics.ts';
import { dayStart } from '#shared/model/time.ts';
import type { Asking, MakeAdapter } from './adapter.ts';
import { fhirRedaction } from './fhir.ts';
import { daysLater, searchAddress, utcQuery } from './fhir-query.ts';
import { NO_SLOTS, slotReadings, weeksSlots, type SlotMemory } from './fhir-slot-counts.ts';
import { readSlotPage } from './fhir-slot-search.ts';
import { createSlotTyping } from './slot-types.ts';

/** Includes come with the slots that need them, so none comes alone. */
const NONE: ReadonlySet<string> = new Set();
const JSON_VERSION = 'application/fhir+json; version=1.4.0';

/**
 * Bookable slots by BaRS 1.4 (FHIR R4): whole London days, free and busy, so that "0 of 54" can be said. A feed with
 * `horizonDays` asks for more than today and then brings what is free in the days ahead as well.
 */
export const barsSlots: MakeAdapter<SlotMemory> = (feed, { slotTypes }) => {
  const days = horizonOf(feed);
  const typing = createSlotTyping(slotTypes);
  const outcome = (site: string | undefined) => (memory: SlotMemory, now: number) =>
    site === undefined
      ? { readings: [], slots: [] }
      : { readings: slotReadings(site, memory, now, false), slots: weeksSlots(site, memory) };
  return {
    name: 'bars-slots',
    redaction: fhirRedaction(typing.known),
    timeKeys: ['timestamp', 'lastUpdated'],
    summed: true,
    memory: () => NO_SLOTS,
    request: (asking) => ({ url: slotSearch(asking, days), headers: barsHeaders(asking) }),
    read(payload, context, memory) {
      const [site] = context.instance.sites;
      return readSlotPage(payload, context, memory, {
        day: dayStart(context.askedAt),
        days,
        further: [],
        typing,
        asked: null,
        expected: site?.identifiers['dos'] ?? null,
        mapped: site?.siteKind === 'practice',
        foreign: () => null,
        alone: NONE,
        outcome: outcome(site?.id),
      });
    },
    again: ({ instance, now }, memory) => outcome(instance.sites[0]?.id)(memory, now),
  };
};

/** `status` is one comma list, not repeated. */
function slotSearch({ instance, now }: Asking, days: number): string {
  const day = dayStart(now);
  const dos = instance.sites[0]?.identifiers['dos'];
  return searchAddress(instance, 'Slot', [
    'status=free,busy',
    `start=ge${utcQuery(day)}`,
    `start=le${utcQuery(daysLater(day, days))}`,
    ...(dos === undefined ? [] : [`Schedule.actor:HealthcareService=${encodeURIComponent(dos)}`]),
    '_include=Slot:schedule',
    '_include=Schedule:actor:HealthcareService',
    '_include=Schedule:actor:PractitionerRole',
  ]);
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64');

/** Besides these, `X-Request-Id` and `X-Correlation-Id` go with every request of any feed. */
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
