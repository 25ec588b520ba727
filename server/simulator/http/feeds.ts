import type { IncomingMessage } from 'node:http';
import type { AdapterName, UnitDef } from '#shared/model/definition.ts';
import { dayEnd, dayStart } from '#shared/model/time.ts';
import { hash32 } from '../random.ts';
import type { Moment, Simulation } from '../simulation.ts';
import { appointmentBundle } from '../wire/appointment-bundle.ts';
import { iucDocument } from '../wire/iuc-document.ts';
import { slotBundle } from '../wire/slot-bundle.ts';
import { telephonyDocument } from '../wire/telephony-document.ts';
import { versionAt } from '../world/slot-book.ts';
import { barsHeaderFault, instant, slotSearch, targetOf } from './bars-request.ts';
import { fhirError, FHIR_TYPE, jsonAnswer, JSON_TYPE, type Answer } from './exchange.ts';

/** A path of a supplier, understood: who is asked, for which site, and how the answer is made. */
export interface FeedRoute {
  readonly supplier: string;
  readonly site: UnitDef | null;
  /** Practices whose day the answer needs. */
  readonly needs: readonly UnitDef[];
  readonly answer: (moment: Moment) => Answer;
}

/** Documents of many sites are made at most once per this much product time. */
const DOCUMENT_TICK_MS = 5000;
const PAGE_SIZE = 100;
const LARGEST_PAGE = 500;

export interface Feeds {
  route(request: IncomingMessage, url: URL): FeedRoute | null;
}

export function createFeeds(simulation: Simulation): Feeds {
  const document = createDocuments(simulation);
  return {
    route: (request, url) => {
      const [supplier = '', second = '', ...rest] = url.pathname.split('/').slice(1).map(decodeURIComponent);
      if (rest.length === 0 && second === 'queues') {
        const needs = simulation.directory.sites(supplier, 'telephony-queues');
        return { supplier, site: null, needs, answer: (moment) => document(supplier, 'telephony-queues', moment) };
      }
      if (rest.length === 0 && second === 'iuc') {
        return { supplier, site: null, needs: [], answer: (moment) => document(supplier, 'iuc-queues', moment) };
      }
      // Through the proxy the target is named by the header alone.
      if (second === 'FHIR' && rest.join('/') === 'R4/Slot') {
        return slotRoute(simulation, request, url, supplier, targetOf(request.headers));
      }
      const resource = rest.join('/');
      if (resource === 'FHIR/R4/Slot') return slotRoute(simulation, request, url, supplier, second);
      if (resource === 'FHIR/R4/Appointment') return appointmentRoute(simulation, url, supplier, second);
      return null;
    },
  };
}

/** One document a supplier, kept while its tick lasts. */
function createDocuments(simulation: Simulation) {
  const cache = new Map<string, { tag: string; body: string }>();
  return (supplier: string, adapter: AdapterName, moment: Moment): Answer => {
    const sites = simulation.directory.sites(supplier, adapter);
    if (sites.length === 0) return jsonAnswer({ error: 'UNKNOWN_SUPPLIER' }, 404);
    const at = Math.max(moment.day.start, Math.floor(moment.at / DOCUMENT_TICK_MS) * DOCUMENT_TICK_MS);
    const tag = `"${supplier}-${moment.seed}-${at.toString(36)}"`;
    const body = () => {
      const known = cache.get(`${supplier} ${adapter}`);
      if (known?.tag === tag) return known.body;
      const made =
        adapter === 'iuc-queues'
          ? iucDocument(moment.world, sites, moment.day, at)
          : telephonyDocument(moment.world, sites, moment.day, at);
      cache.set(`${supplier} ${adapter}`, { tag, body: made });
      return made;
    };
    return { status: 200, type: JSON_TYPE, etag: tag, body };
  };
}

function slotRoute(
  simulation: Simulation,
  request: IncomingMessage,
  url: URL,
  supplier: string,
  code: string,
): FeedRoute {
  const site = simulation.directory.site(supplier, 'bars-slots', code);
  if (!site)
    return { supplier, site: null, needs: [], answer: () => fhirError('PROXY_NOT_FOUND', 'there is no such endpoint') };
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
  return { supplier, site, needs: [], answer };
}

function appointmentRoute(simulation: Simulation, url: URL, supplier: string, code: string): FeedRoute {
  const site = simulation.directory.site(supplier, 'fhir-appointments', code);
  if (!site)
    return { supplier, site: null, needs: [], answer: () => fhirError('REC_NOT_FOUND', 'there is no such endpoint') };
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
  return { supplier, site, needs: [], answer };
}
