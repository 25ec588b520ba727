import type { UnitDef } from '#shared/model/definition.ts';
import type { Refusals } from './values.ts';

/** Finds a site of the feed by the code a record carries, once: codes come with stray blanks, and records twice. */
export interface SiteFinder {
  /** The site, or null with the refusal recorded at `place`. */
  take(code: string, place: string): UnitDef | null;
  /** Sites that no record named. */
  rest(): UnitDef[];
}

export function createSiteFinder(sites: readonly UnitDef[], refusals: Refusals): SiteFinder {
  const byCode = new Map<string, UnitDef>();
  // Where one code is two sites of a feed, the first one is meant by the code alone; the unit's own id always works.
  for (const site of sites.toReversed()) byCode.set(site.odsCode ?? site.id, site);
  for (const site of sites) byCode.set(site.id, site);
  const taken = new Set<UnitDef>();
  return {
    take(code, place) {
      const site = byCode.get(code.trim()) ?? byCode.get(code.trim().toUpperCase());
      if (!site) refusals.add(place, 'is not a site of this feed');
      else if (taken.has(site)) refusals.add(place, 'comes twice; the first one was taken');
      else {
        taken.add(site);
        return site;
      }
      return null;
    },
    rest: () => sites.filter((site) => !taken.has(site)),
  };
}
