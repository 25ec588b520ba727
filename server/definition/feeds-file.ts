import Type, { type Static } from 'typebox';
import type { FeedDef } from '#shared/model/definition.ts';
import type { Report } from './faults.ts';
import { FeedEntrySchema, type FeedEntry } from './feed-entry.ts';
import { checkAddress, checkAuth, checkHeaders, checkTemplates } from './feed-access.ts';
import { readSchedule } from './schedule.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';
import { selectSites } from './site-filter.ts';
import type { SiteRow, Sites } from './sites-file.ts';
import { readDuration } from './texts.ts';
import { servedKinds } from './served-kinds.ts';

const FeedsFileSchema = Type.Object({ feeds: Type.Array(FeedEntrySchema) }, { additionalProperties: false });

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

/** Reads and checks feeds.yaml against the sites it may serve. */
export function readFeeds(text: string, sites: Sites, report: Report): FeedDef[] {
  const file = readYaml(text, FeedsFileSchema, report);
  if (!file) return [];
  const feeds = file.value.feeds.flatMap((entry, i) => readFeed(entry, i, file, sites, report) ?? []);
  checkDoubles(file, feeds, report);
  return feeds;
}

type File = YamlFile<Static<typeof FeedsFileSchema>>;

function readFeed(entry: FeedEntry, i: number, file: File, known: Sites, report: Report): FeedDef | null {
  const wrong = (key: keyof FeedEntry, message: string) => {
    report(file.line('feeds', i, key), `feed "${entry.id}": ${message}`);
  };
  checkAddress(entry, wrong);
  checkHeaders(entry, wrong);
  checkAuth(entry, wrong);
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
  const { id, adapter, url, supplier, headers = {}, maxBytes = DEFAULT_MAX_BYTES, auth = [] } = entry;
  const label = entry.label ?? LABELS[adapter];
  const common = { id, adapter, label, schedule: schedule.expression, url, supplier, headers, maxBytes, auth };
  return { ...common, sites: [...selection.sites], timeoutMs, staleAfterMs };
}

type Wrong = (key: keyof FeedEntry, message: string) => void;

function boundedMs(key: 'timeout' | 'staleAfter', text: string, least: number, most: number, wrong: Wrong) {
  const ms = readDuration(text);
  if (ms === null) wrong(key, `${key} "${text}" is not a length of time like 5s or 3 min`);
  else if (ms < least || ms > most)
    wrong(key, `${key} "${text}" is not between ${least / 1000} s and ${most / 1000} s`);
  else return ms;
  return null;
}

function checkKinds(entry: FeedEntry, served: readonly SiteRow[], wrong: Wrong): void {
  const kinds = servedKinds({ adapter: entry.adapter });
  for (const kind of new Set(served.map((site) => site.siteKind))) {
    if (!kinds.has(kind)) wrong('sites', `sites: ${entry.adapter} tells nothing about a ${kind}`);
  }
}

function checkDoubles(file: File, feeds: readonly FeedDef[], report: Report): void {
  const ids = file.value.feeds.map((entry) => entry.id);
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i) report(file.line('feeds', i, 'id'), `feed "${id}" is there twice`);
  });
  const owner = new Map<string, string>();
  for (const feed of feeds) {
    const taken = feed.sites.find((site) => owner.has(`${feed.adapter} ${site}`));
    if (taken !== undefined) {
      const other = owner.get(`${feed.adapter} ${taken}`) ?? '';
      const line = file.line('feeds', ids.indexOf(feed.id), 'sites');
      report(line, `feed "${feed.id}": site "${taken}" already has ${feed.adapter} from feed "${other}"`);
    }
    for (const site of feed.sites) owner.set(`${feed.adapter} ${site}`, feed.id);
  }
}
