import Type from 'typebox';
import type { UnitDef } from '#shared/model/definition.ts';
import { horizonOf } from '#shared/model/feed-metrics.ts';
import { dayStart } from '#shared/model/time.ts';
import type { MakeAdapter, ReadContext, Unreadable } from './adapter.ts';
import { fhirRedaction, type Resource } from './fhir.ts';
import { NO_SLOTS, slotReadings, type SlotMemory } from './fhir-slot-counts.ts';
import { readSlotPage } from './fhir-slot-search.ts';
import { ODS, searchQuery, slotRequest, windowsOf } from './gp-connect-request.ts';
import { createSlotTyping } from './slot-types.ts';
import { compiled } from './values.ts';

const FREE: ReadonlySet<'free'> = new Set(['free']);

/**
 * Free slots by GP Connect Appointment Management (FHIR STU3), two weeks ahead unless `horizonDays` says otherwise. Only
 * free ones are told, so nothing can be said of booked or held ones; slots under embargo and those a practice does not
 * open to others are left out by the provider. Times come in London's own time with its offset.
 */
export const gpConnectSlots: MakeAdapter<SlotMemory> = (feed, { slotTypes }) => {
  const days = horizonOf(feed);
  const typing = createSlotTyping(slotTypes);
  // Who asks is the same in every poll of a server; the calls for further windows have to name it too.
  let requester = '';
  // No groups go to the board: their booked and held ones would be read as zero.
  const outcome = (site: string | undefined) => (memory: SlotMemory, now: number) => ({
    readings: site === undefined ? [] : slotReadings(site, memory, now, true),
    slots: [],
  });
  return {
    name: 'gp-connect-slots',
    redaction: fhirRedaction(typing.known),
    timeKeys: ['timestamp', 'lastUpdated'],
    summed: true,
    memory: () => NO_SLOTS,
    request(asking) {
      requester = asking.requester;
      return slotRequest(asking, days);
    },
    read(payload, context, memory) {
      const [site] = context.instance.sites;
      return readSlotPage(payload, context, memory, {
        day: dayStart(context.askedAt),
        days,
        further: context.page === 0 ? furtherWindows(context, days, requester) : [],
        typing,
        asked: FREE,
        expected: null,
        mapped: site?.siteKind === 'practice',
        foreign: (organisation) => (isForeign(site, organisation) ? FOREIGN : null),
        alone: ALONE,
        outcome: outcome(site?.id),
      });
    },
    again: ({ instance, now }, memory) => outcome(instance.sites[0]?.id)(memory, now),
  };
};

/** Providers name themselves and their diaries also where nothing is free. */
const ALONE: ReadonlySet<string> = new Set(['Organization', 'Location', 'Schedule', 'Practitioner']);

/** Addresses of the windows after the first, relative to it: the poller keeps them at the same origin. */
const furtherWindows = ({ instance, askedAt }: ReadContext, days: number, requester: string): string[] =>
  windowsOf(dayStart(askedAt), days)
    .slice(1)
    .map((window) => `?${searchQuery(instance, window, requester)}`);

const FOREIGN: Unreadable = {
  ok: false,
  state: 'invalid',
  fault: 'the answer is about another organisation than the one that was asked',
};
const ODS_CODE = /^[A-Z0-9]{3,10}$/i;
const OrganisationSchema = compiled(
  Type.Object({
    identifier: Type.Array(Type.Object({ system: Type.Optional(Type.String()), value: Type.Optional(Type.String()) })),
  }),
);

/**
 * Whether an answer's Organization is another practice than the one asked. An empty answer holds none, and is the asked
 * one's all the same. Other kinds of site use the diary of whoever hosts them.
 */
function isForeign(site: UnitDef | undefined, organisation: Resource): boolean {
  if (site?.siteKind !== 'practice' || site.odsCode === null || !OrganisationSchema.Check(organisation)) return false;
  const codes = organisation.identifier.flatMap(({ system, value = '' }) =>
    system === ODS && ODS_CODE.test(value) ? [value.toUpperCase()] : [],
  );
  return codes.length > 0 && !codes.includes(site.odsCode.toUpperCase());
}
