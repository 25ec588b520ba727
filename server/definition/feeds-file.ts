import type { FeedDef, SlotTypes, SupplierDef } from '#shared/model/definition.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import { checkAddress, checkHeaders, checkRequest, checkTemplates } from './feed-access.ts';
import { readAuth } from './feed-auth.ts';
import { FeedsFileSchema, type FeedEntry } from './feed-entry.ts';
import { readHolds, readHorizon, readShared } from './feed-extras.ts';
import { readMapping, type Mappings } from './feed-mapping.ts';
import { checkQuotas, readSlotTypes, readSuppliers } from './feed-suppliers.ts';
import type { FeedsYaml, Wrong } from './feed-wrong.ts';
import type { Report } from './faults.ts';
import { readSchedule } from './schedule.ts';
import { readYaml } from './read-yaml.ts';
import { selectSites } from './site-filter.ts';
import type { SiteRow, Sites } from './sites-file.ts';
import { readDuration } from './texts.ts';
import { servedKinds } from './served-kinds.ts';

const LABELS: Readonly<Record<FeedDef['adapter'], string>> = {
  'bars-slots': 'Bookable slots',
  'fhir-appointments': 'Appointments',
  'telephony-queues': 'Telephony queue',
  'iuc-queues': 'Urgent care queues',
  'gp-connect-slots': 'Bookable slots ahead',
  'online-consultations': 'Online requests',
  'declared-states': 'Declared states',
  'mapped-json': 'Mapped feed',
  'mapped-csv': 'Mapped file',
};
const DEFAULT_TIMEOUT = '5s';
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

/** What feeds.yaml says besides its feeds is left out where it says nothing. */
export interface Feeds {
  readonly feeds: FeedDef[];
  readonly suppliers?: SupplierDef[];
  readonly slotTypes?: SlotTypes;
}

export interface FeedsContext extends Mappings {
  readonly sites: Sites;
  /** Local date; null for a simulated system, whose clock is not the real one. */
  readonly today: string | null;
}

/** Reads and checks feeds.yaml against the sites it may serve; mappings come from files beside it. */
export function readFeeds(text: string, context: FeedsContext): Feeds {
  const report = context.faults.of('feeds.yaml');
  const file = readYaml(text, FeedsFileSchema, report);
  if (!file) return { feeds: [] };
  const feeds = file.value.feeds.flatMap((entry, i) => readFeed(entry, i, file, context) ?? []);
  checkDoubles(file, feeds, report);
  const suppliers = readSuppliers(file, report);
  if (suppliers) checkQuotas(file, feeds, suppliers, report);
  const slotTypes = readSlotTypes(file, context.today, report);
  return { feeds, ...(suppliers ? { suppliers } : {}), ...(slotTypes ? { slotTypes } : {}) };
}

function readFeed(entry: FeedEntry, i: number, file: FeedsYaml, context: FeedsContext): FeedDef | null {
  const known = context.sites;
  const wrong: Wrong = (at, message) => {
    const path = typeof at === 'string' ? [at] : at;
    context.faults.of('feeds.yaml')(file.line('feeds', i, ...path), `feed "${entry.id}": ${message}`);
  };
  checkAddress(entry, wrong);
  checkHeaders(entry, wrong);
  checkRequest(entry, wrong);
  const auth = readAuth(entry, wrong);
  const mapped = readMapping(entry, i, file, context, wrong);
  const schedule = readSchedule(entry.schedule);
  if (!schedule.ok) wrong('schedule', schedule.message);
  const timeoutMs = boundedMs('timeout', entry.timeout ?? DEFAULT_TIMEOUT, 100, 60_000, wrong);
  const staleAfterMs = boundedMs('staleAfter', entry.staleAfter, 1000, 7 * 86_400_000, wrong);
  if (schedule.ok && staleAfterMs !== null && staleAfterMs < schedule.longestGapMs) {
    wrong('staleAfter', `staleAfter ${entry.staleAfter} is shorter than the time between two polls`);
  }
  const selection = selectSites(entry.sites, known);
  if (!selection.ok) for (const message of selection.messages) wrong('sites', `sites: ${message}`);
  if (!selection.ok || !schedule.ok || timeoutMs === null || staleAfterMs === null) return null;
  const chosen = new Set(selection.sites);
  const served = known.rows.filter((site) => chosen.has(site.id));
  checkTemplates(entry, served, wrong);
  checkKinds(entry, served, wrong);
  const extras = {
    ...mapped,
    ...readShared(entry, chosen, wrong),
    ...readHorizon(entry, wrong),
    ...readHolds(entry, wrong),
  };
  const { id, adapter, url, supplier, headers = {}, maxBytes = DEFAULT_MAX_BYTES, method, body } = entry;
  const label = entry.label ?? LABELS[adapter];
  const common = { id, adapter, label, schedule: schedule.expression, url, supplier, headers, maxBytes, auth };
  const request = { ...(method === undefined ? {} : { method }), ...(body === undefined ? {} : { body }) };
  return { ...common, sites: [...selection.sites], timeoutMs, staleAfterMs, ...request, ...extras };
}

function boundedMs(key: 'timeout' | 'staleAfter', text: string, least: number, most: number, wrong: Wrong) {
  const ms = readDuration(text);
  if (ms === null) wrong(key, `${key} "${text}" is not a length of time like 5s or 3 min`);
  else if (ms < least || ms > most)
    wrong(key, `${key} "${text}" is not between ${least / 1000} s and ${most / 1000} s`);
  else return ms;
  return null;
}

function checkKinds(entry: FeedEntry, served: readonly SiteRow[], wrong: Wrong): void {
  const kinds = servedKinds(entry);
  // A mapped feed that brings nothing yet has its own fault.
  if (kinds.size === 0) return;
  for (const kind of new Set(served.map((site) => site.siteKind))) {
    if (!kinds.has(kind)) wrong('sites', `sites: ${entry.adapter} tells nothing about a ${kind}`);
  }
}

/**
 * Two feeds may bring the same of a site (the first in the file counts), but not over the same standard from the same
 * supplier: that is one feed written twice.
 */
function checkDoubles(file: FeedsYaml, feeds: readonly FeedDef[], report: Report): void {
  const ids = file.value.feeds.map((entry) => entry.id);
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i) report(file.line('feeds', i, 'id'), `feed "${id}" is there twice`);
  });
  const owners = new Map<string, FeedDef[]>();
  for (const feed of feeds) {
    const brought = new Set(metricsOf(feed));
    const key = (site: string) => `${feed.adapter} ${feed.supplier} ${site}`;
    const rival = (site: string) =>
      owners.get(key(site))?.find((other) => metricsOf(other).some((m) => brought.has(m)));
    const taken = feed.sites.find(rival);
    if (taken !== undefined) {
      const line = file.line('feeds', ids.indexOf(feed.id), 'sites');
      const other = rival(taken)?.id ?? '';
      const words = `already has ${feed.adapter} of ${feed.supplier} from feed "${other}"`;
      report(line, `feed "${feed.id}": site "${taken}" ${words}`);
    }
    for (const site of feed.sites) owners.set(key(site), [...(owners.get(key(site)) ?? []), feed]);
  }
}
