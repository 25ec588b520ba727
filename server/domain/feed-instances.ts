import type { Definition, FeedDef, UnitDef } from '#shared/model/definition.ts';

/** One thing that is polled: `<feed>:<ODS>` where the address, body or a header names the site, else the feed itself. */
export interface FeedInstance {
  readonly id: string;
  readonly feed: FeedDef;
  /** The one site, or every site of the feed's document. */
  readonly sites: readonly UnitDef[];
}

/** Fills `{ods}`, `{id}` and any identifier of the site (`{dos}`, `{asid}` …). `${NAME}` is left for the secrets. */
export function fillTemplate(template: string, site: UnitDef): string {
  // Asked at every poll, and mostly of texts that name nothing.
  if (!template.includes('{')) return template;
  return template.replace(/(?<!\$)\{([a-z-]+)\}/g, (whole, name: string) => {
    if (name === 'ods') return site.odsCode ?? site.id;
    if (name === 'id') return site.id;
    return site.identifiers[name] ?? whole;
  });
}

/** Whether every site of a feed is polled by itself. */
export const namesSite = (feed: FeedDef): boolean =>
  [feed.url, feed.body ?? '', ...Object.values(feed.headers)].some((t) => /(?<!\$)\{[a-z-]+\}/.test(t));

/** Every instance of a definition's feeds, in the definition's order (decision 9). */
export function feedInstances(definition: Pick<Definition, 'feeds' | 'units'>): FeedInstance[] {
  const byId = new Map(definition.units.map((unit) => [unit.id, unit]));
  return definition.feeds.flatMap((feed): FeedInstance[] => {
    const sites = feed.sites.flatMap((id) => byId.get(id) ?? []);
    return namesSite(feed)
      ? sites.map((site) => ({ id: `${feed.id}:${site.id}`, feed, sites: [site] }))
      : [{ id: feed.id, feed, sites }];
  });
}
