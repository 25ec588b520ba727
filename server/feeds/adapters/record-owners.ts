import type { SharedAccount, UnitDef } from '#shared/model/definition.ts';
import { siteIndex } from './documents.ts';
import { sharesOf, type Share } from './shares.ts';
import { isRecord } from './values.ts';

/** By the code under which the supplier reports them. */
export type Accounts = ReadonlyMap<string, SharedAccount>;

/** Whose a record is: one site's own, or that of the sites which share an account. */
export interface Owner {
  readonly shared: boolean;
  readonly shares: readonly Share[];
}

/** The code that a record carries, or null where it has none that could be one. */
export const codeOf = (record: unknown): string | null => {
  const code = isRecord(record) ? record['odsCode'] : null;
  return typeof code === 'string' && code.length > 0 && code.length <= 40 ? code : null;
};

/** Whose each record is, by its place in the list; `twice`: its site or account had one before. */
export function ownersOf(
  list: readonly unknown[],
  sites: readonly UnitDef[],
  accounts: Accounts,
): Map<number, Owner | 'twice'> {
  const index = siteIndex(sites);
  const owners = new Map<number, Owner | 'twice'>();
  const own = new Set<UnitDef>();
  const shared = new Map<SharedAccount, number>();
  for (const [i, record] of list.entries()) {
    const code = codeOf(record);
    if (code === null) continue;
    const account = accounts.get(code.trim());
    const site = account ? undefined : index.get(code);
    if (account ? shared.has(account) : site && own.has(site)) owners.set(i, 'twice');
    else if (account) shared.set(account, i);
    else if (site) {
      own.add(site);
      owners.set(i, { shared: false, shares: [{ site: site.id, part: null }] });
    }
  }
  for (const [account, i] of shared) {
    // A site's own figures are its own, and never added to a share.
    const split = sites.filter((site) => account.sites.includes(site.id) && !own.has(site));
    owners.set(i, { shared: true, shares: sharesOf(split, account.split) });
  }
  return owners;
}
