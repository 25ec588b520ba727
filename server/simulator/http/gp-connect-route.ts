import type { IncomingMessage } from 'node:http';
import type { UnitDef } from '#shared/model/definition.ts';
import { hash32 } from '../random.ts';
import type { Moment, Simulation } from '../simulation.ts';
import { gpConnectBundle, type FreeSlotSearch, type OfferedSlot } from '../wire/gp-connect-bundle.ts';
import { GP_CONNECT_ERRORS, gpConnectOutcome, type GpConnectErrorCode } from '../wire/gp-connect-outcome.ts';
import { aheadName, sameDayName } from '../wire/type-names.ts';
import { bookingWindowDays, isFreeAhead } from '../world/ahead.ts';
import { dayOf, type Day } from '../world/day.ts';
import { FREE, statusesAt, versionAt } from '../world/slot-book.ts';
import type { Answer } from './exchange.ts';
import { freeSlotSearch, gpConnectError, sspHeaderFault, STU3_TYPE } from './gp-connect-request.ts';
import type { FeedRoute } from './route.ts';

/** A practice's free slots as GP Connect tells them: today's from the day's own book, later days' as they are opened. */
export function gpConnectRoute(
  simulation: Simulation,
  request: IncomingMessage,
  url: URL,
  supplier: string,
  code: string,
): FeedRoute {
  const site = simulation.directory.site(supplier, 'gp-connect-slots', code) ?? null;
  const common = { supplier, adapter: 'gp-connect-slots', site, needs: [], needsTotals: [], refuse } as const;
  if (!site) return { ...common, answer: () => gpConnectError('ORGANISATION_NOT_FOUND', 'no such organisation here') };
  const answer = (moment: Moment): Answer => {
    const fault = sspHeaderFault(request.headers, site);
    if (fault) return fault;
    const search = freeSlotSearch(url);
    if ('status' in search) return search;
    const version = versionAt(moment.world.slots(site, moment.day), moment.wall);
    // Days ahead fill up by the minute at most; today by its book.
    const minute = Math.floor(moment.at / 60_000);
    return {
      status: 200,
      type: STU3_TYPE,
      etag: `W/"${minute}-${version}-${hash32(moment.seed, site.id, url.search).toString(36)}"`,
      body: () => gpConnectBundle(site, [...offered(site, search, moment)], search),
    };
  };
  return { ...common, needs: [site], answer };
}

function refuse(status: number, code?: string): Answer {
  const known = Object.keys(GP_CONNECT_ERRORS) as GpConnectErrorCode[];
  const named = known.find((name) => name === code) ?? known.find((name) => GP_CONNECT_ERRORS[name].status === status);
  return { status, type: STU3_TYPE, body: () => gpConnectOutcome(named ?? 'BAD_REQUEST', 'the provider refuses') };
}

function* offered(site: UnitDef, search: FreeSlotSearch, moment: Moment): Generator<OfferedSlot> {
  const last = Math.min(search.to, moment.day.end + bookingWindowDays(site, moment.seed) * 86_400_000);
  for (let day = dayOf(search.from); day.start < last; day = dayOf(day.end)) {
    if (day.date === moment.day.date) yield* offeredToday(site, moment);
    else if (day.start > moment.at) yield* offeredOn(site, day, moment);
  }
}

/** The same slots as the practice's BaRS book shows free at this moment. */
function* offeredToday(site: UnitDef, { world, day, wall }: Moment): Generator<OfferedSlot> {
  const book = world.slots(site, day);
  const statuses = statusesAt(book, wall);
  for (const [index, slot] of book.slots.entries()) {
    const clinician = book.clinicians[slot.clinician];
    if (statuses[index] !== FREE || slot.release > wall || !clinician) continue;
    const { start, minutes, channel, clinician: session } = slot;
    yield { day, index, start, minutes, channel, clinician, session, type: sameDayName(site) };
  }
}

function* offeredOn(site: UnitDef, day: Day, { world, at }: Moment): Generator<OfferedSlot> {
  const book = world.ahead(site, day);
  for (const [index, slot] of book.slots.entries()) {
    const clinician = book.clinicians[slot.clinician];
    if (!clinician || !isFreeAhead(slot, day, at)) continue;
    const { start, minutes, channel, clinician: session } = slot;
    yield { day, index, start, minutes, channel, clinician, session, type: aheadName(site, clinician.role) };
  }
}
