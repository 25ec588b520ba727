import type { UnitDef } from '#shared/model/definition.ts';
import { fillTemplate } from '../../domain/feed-instances.ts';
import type { AdapterRequest, Asking } from './adapter.ts';
import type { Refusals } from './values.ts';

/** Finds a site of the feed by the code a record carries: codes come with stray blanks and in small letters. */
export interface SiteIndex {
  get(code: string): UnitDef | undefined;
}

const indexes = new WeakMap<readonly UnitDef[], SiteIndex>();

/** Made once for an instance's sites: thousands of records a second are looked up in it. */
export function siteIndex(sites: readonly UnitDef[]): SiteIndex {
  const known = indexes.get(sites);
  if (known) return known;
  const byCode = new Map<string, UnitDef>();
  // Where one code is two sites of a feed, the first one is meant by the code alone; the unit's own id always works.
  for (const site of sites.toReversed()) byCode.set(site.odsCode ?? site.id, site);
  for (const site of sites) byCode.set(site.id, site);
  const index: SiteIndex = {
    get: (code) => byCode.get(code) ?? byCode.get(code.trim()) ?? byCode.get(code.trim().toUpperCase()),
  };
  indexes.set(sites, index);
  return index;
}

/** The published name of all practices that share an account: a record under it belongs to no one practice. */
const NOBODY = /^\s*(?:unassigned|unmapped)\s*$/i;

/** Records a code that is no site's. */
export function refuseCode(code: string, place: string, refusals: Refusals): void {
  refusals.add(
    place,
    NOBODY.test(code)
      ? 'names no practice: an account that several share is set up as shared'
      : 'is not a site of this feed',
  );
}

export const TWICE = 'comes twice; the first one was taken';

/** Takes each site once: records come twice. */
export interface SiteFinder {
  /** The site, or null with the refusal recorded at `place`. */
  take(code: string, place: string): UnitDef | null;
  /** Sites that no record named. */
  rest(): UnitDef[];
  /** Records refused because their site had one already. */
  readonly duplicates: number;
}

export function createSiteFinder(sites: readonly UnitDef[], refusals: Refusals): SiteFinder {
  const index = siteIndex(sites);
  const taken = new Set<UnitDef>();
  let duplicates = 0;
  return {
    take(code, place) {
      const site = index.get(code);
      if (!site) refuseCode(code, place, refusals);
      else if (taken.has(site)) {
        duplicates++;
        refusals.add(place, TWICE);
      } else {
        taken.add(site);
        return site;
      }
      return null;
    },
    rest: () => sites.filter((site) => !taken.has(site)),
    get duplicates() {
      return duplicates;
    },
  };
}

/** The request for a supplier's document: the feed's own address, method and body, with the site filled in where they name one. */
export function askForDocument({ instance: { feed, sites } }: Asking, accept = 'application/json'): AdapterRequest {
  const [site] = sites;
  const fill = (text: string): string => (site ? fillTemplate(text, site) : text);
  const url = fill(feed.url);
  if (feed.method !== 'POST') return { url, headers: { accept } };
  const headers = { accept, 'content-type': 'application/json' };
  return { url, headers, method: 'POST', body: fill(feed.body ?? '{}') };
}
