import type { SupplierDef } from '#shared/model/definition.ts';
import type { Recipe } from './recipe.ts';
import type { SiteDraft } from './site.ts';

export type Demonstration = NonNullable<Recipe['demonstration']>;

/** A feed as feeds.yaml writes it. */
export interface FeedText {
  readonly id: string;
  readonly adapter: string;
  readonly supplier: string;
  readonly url: string;
  readonly sites: string;
  readonly schedule: string;
  readonly [key: string]: unknown;
}

const MINUTE = 60;
/** Requests of one asking of a site: appointments come in pages. */
const PAGES: Readonly<Record<string, number>> = { 'fhir-appointments': 3 };
/** How much of the quota the ordinary schedule takes: the rest is for starts, retries and a faster clock. */
const USED = 1 / 12;
/** BaRS: the default quota of the national proxy, and its spike arrest. */
const LEAST_PER_MINUTE = 300;
const SPIKE_PER_SECOND = 60;

/** Suppliers that state a quota for another reason than the size of the system. */
const STATED: Readonly<Record<string, Partial<SupplierDef>>> = {
  connect: { perSecond: 5 },
  observations: { perMinute: 300 },
};

const words = (id: string) =>
  id.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => `${dash && ' '}${letter.toUpperCase()}`);

/** The invented suppliers of these feeds: names, whom to call, quotas with room, and own words for national fields. */
export function demonstrationSuppliers(
  demonstration: Demonstration,
  feeds: readonly FeedText[],
  sites: readonly SiteDraft[],
): object[] {
  const { clouds, ownWords } = demonstration;
  const ids = [...new Set(feeds.map((feed) => feed.supplier))].sort();
  return ids.map((id) => {
    const own = feeds.filter((feed) => feed.supplier === id);
    return {
      id,
      name: words(id),
      contact: 'service desk',
      ...quotaOf(own, sites),
      ...(id === clouds?.connect ? STATED['connect'] : {}),
      ...(id === clouds?.observations ? STATED['observations'] : {}),
      ...(id === ownWords ? { fields: { missed: 'missed - abandonedInMenu', endedInIvr: 'abandonedInMenu' } } : {}),
    };
  });
}

/** Of suppliers that are asked site by site; one document in a while needs none. */
function quotaOf(feeds: readonly FeedText[], sites: readonly SiteDraft[]): Partial<SupplierDef> {
  let perMinute = 0;
  let atOnce = 0;
  for (const feed of feeds) {
    if (!feed.url.includes('{ods}')) continue;
    const [kinds = '', supplier = ''] = feed.sites.split(' where slots=');
    const asked = sites.filter(
      (site) => kinds.split(', ').includes(site.kind) && site.identifiers['slots'] === supplier,
    );
    const requests = asked.length * (PAGES[feed.adapter] ?? 1);
    atOnce += requests;
    perMinute += requests / (everySeconds(feed.schedule) / MINUTE);
  }
  if (atOnce === 0) return {};
  const needed = Math.max(LEAST_PER_MINUTE, perMinute / USED, atOnce);
  return { perMinute: Math.ceil(needed / 100) * 100, perSecond: SPIKE_PER_SECOND };
}

/** Of the schedules written here: every n seconds, or every n minutes. */
function everySeconds(schedule: string): number {
  const [seconds = '', minutes = ''] = schedule.split(' ');
  if (seconds.startsWith('*/')) return Number(seconds.slice(2));
  return minutes.startsWith('*/') ? Number(minutes.slice(2)) * MINUTE : MINUTE;
}
