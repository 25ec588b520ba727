import type { AdapterName, Definition, FeedDef, SharedAccount, UnitDef } from '#shared/model/definition.ts';

/** Which sites each simulated supplier answers for, by what it speaks; read off the definition's feeds. */
export interface Directory {
  sites(supplier: string, adapter: AdapterName): readonly UnitDef[];
  /** The supplier's site with this unit id, ODS code or DoS service id. */
  site(supplier: string, adapter: AdapterName, code: string): UnitDef | undefined;
  /** Telephone accounts that several of the supplier's sites share. */
  accounts(supplier: string): readonly SharedAccount[];
}

/** The first part of a feed's path names the supplier: `${FEEDS_URL}/<supplier>/…`. */
const SUPPLIER_IN_URL = /^\$\{FEEDS_URL\}\/([^/{}]+)/;

/** Under which name a feed's supplier is asked. */
export const supplierIn = (feed: Pick<FeedDef, 'url' | 'supplier'>) =>
  SUPPLIER_IN_URL.exec(feed.url)?.[1] ?? feed.supplier;

export function createDirectory(definition: Pick<Definition, 'feeds' | 'units'>): Directory {
  const byId = new Map(definition.units.map((unit) => [unit.id, unit]));
  const lists = new Map<string, UnitDef[]>();
  const codes = new Map<string, UnitDef>();
  const accounts = new Map<string, readonly SharedAccount[]>();
  for (const feed of definition.feeds) {
    const supplier = supplierIn(feed);
    if (feed.shared) accounts.set(supplier, [...(accounts.get(supplier) ?? []), ...feed.shared]);
    const key = `${supplier} ${feed.adapter}`;
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    for (const id of feed.sites) {
      const site = byId.get(id);
      if (!site || codes.get(`${key} ${id}`) === site) continue;
      list.push(site);
      codes.set(`${key} ${id}`, site);
      for (const code of [site.odsCode, site.identifiers['dos']]) {
        if (typeof code === 'string' && !codes.has(`${key} ${code}`)) codes.set(`${key} ${code}`, site);
      }
    }
  }
  return {
    sites: (supplier, adapter) => lists.get(`${supplier} ${adapter}`) ?? [],
    accounts: (supplier) => accounts.get(supplier) ?? [],
    site: (supplier, adapter, code) => codes.get(`${supplier} ${adapter} ${code}`),
  };
}

export const codeOf = (site: UnitDef) => site.odsCode ?? site.id;
