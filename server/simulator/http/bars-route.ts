import type { IncomingMessage } from 'node:http';
import { dayEnd, dayStart } from '#shared/model/time.ts';
import { hash32 } from '../random.ts';
import type { Moment, Simulation } from '../simulation.ts';
import { appointmentBundle } from '../wire/appointment-bundle.ts';
import { slotBundle } from '../wire/slot-bundle.ts';
import { versionAt } from '../world/slot-book.ts';
import { barsHeaderFault, instant, slotSearch } from './bars-request.ts';
import { fhirError, FHIR_TYPE, type Answer } from './exchange.ts';
import { refuseFhir, type FeedRoute } from './route.ts';

const PAGE_SIZE = 100;
const LARGEST_PAGE = 500;

/** A site's slots as BaRS tells them. */
export function slotRoute(
  simulation: Simulation,
  request: IncomingMessage,
  url: URL,
  supplier: string,
  code: string,
): FeedRoute {
  const site = simulation.directory.site(supplier, 'bars-slots', code) ?? null;
  const common = { supplier, adapter: 'bars-slots', site, needs: [], needsTotals: [], refuse: refuseFhir } as const;
  if (!site) return { ...common, answer: () => fhirError('PROXY_NOT_FOUND', 'there is no such endpoint') };
  const answer = ({ world, day, wall, seed }: Moment): Answer => {
    const fault = barsHeaderFault(request.headers, site);
    if (fault) return fault;
    const search = slotSearch(url, site);
    if (!search.ok) return search.answer;
    const book = world.slots(site, day);
    return {
      status: 200,
      type: FHIR_TYPE,
      etag: `W/"${day.date}-${versionAt(book, wall)}-${hash32(seed, site.id, url.search).toString(36)}"`,
      body: () => slotBundle(site, day, book, wall, search.value),
    };
  };
  return { ...common, answer };
}

/** A site's appointments as a FHIR R4 server pages them. */
export function appointmentRoute(simulation: Simulation, url: URL, supplier: string, code: string): FeedRoute {
  const site = simulation.directory.site(supplier, 'fhir-appointments', code) ?? null;
  const adapter = 'fhir-appointments';
  const common = { supplier, adapter, site, needs: [], needsTotals: [], refuse: refuseFhir } as const;
  if (!site) return { ...common, answer: () => fhirError('REC_NOT_FOUND', 'there is no such endpoint') };
  const query = url.searchParams;
  const bound = (name: string, prefixes: readonly string[]) =>
    query
      .getAll(name)
      .flatMap((value) => (prefixes.includes(value.slice(0, 2)) ? (instant(value.slice(2)) ?? []) : []))[0];
  const answer = ({ world, day, wall, seed }: Moment): Answer => {
    const count = Number(query.get('_count') ?? PAGE_SIZE);
    const page = Number(query.get('_page') ?? 0);
    // Later pages show the day as the first one saw it, or a row could fall between two pages.
    const asOf = query.has('_asof') ? Math.min(wall, Number(query.get('_asof'))) : wall;
    if (![count, page, asOf].every((n) => Number.isInteger(n) && n >= 0) || count < 1) {
      return fhirError('SEND_BAD_REQUEST', '_count must be a whole number above zero');
    }
    const pageUrl = (n: number) => {
      const next = new URL(url);
      next.searchParams.set('_page', String(n));
      next.searchParams.set('_asof', String(asOf));
      return next.href;
    };
    const render = () =>
      appointmentBundle(site, day, world.appointments(site, day), asOf, {
        from: bound('date', ['ge', 'gt']) ?? dayStart(day.start),
        to: bound('date', ['lt', 'le']) ?? dayEnd(day.start),
        updatedFrom: bound('_lastUpdated', ['ge', 'gt']) ?? null,
        count: Math.min(LARGEST_PAGE, count),
        page,
        pageUrl,
      });
    const etag = `W/"${day.date}-${asOf}-${hash32(seed, site.id, url.search).toString(36)}"`;
    return { status: 200, type: 'application/fhir+json; charset=utf-8', etag, body: render };
  };
  return { ...common, answer };
}
