import type { FeedDef } from '#shared/model/definition.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { Wrong } from './feed-wrong.ts';

/** Accounts that several of the feed's sites share: what they report is split, so each site may be in one only. */
export function readShared(entry: FeedEntry, served: ReadonlySet<string>, wrong: Wrong): Pick<FeedDef, 'shared'> {
  const { shared, adapter } = entry;
  if (shared === undefined) return {};
  if (adapter !== 'telephony-queues') wrong('shared', `shared: ${adapter} knows no shared accounts`);
  const taken = new Map<string, string>();
  shared.forEach(({ account, sites }, i) => {
    if (shared.findIndex((other) => other.account === account) !== i) {
      wrong(['shared', i, 'account'], `shared: account "${account}" is there twice`);
    }
    sites.forEach((site, s) => {
      const at = ['shared', i, 'sites', s] as const;
      const other = taken.get(site);
      if (!served.has(site)) wrong(at, `shared: site "${site}" of account "${account}" is no site of this feed`);
      if (other !== undefined) wrong(at, `shared: site "${site}" is already in account "${other}"`);
      taken.set(site, account);
    });
  });
  return { shared };
}

const SEARCHED_BY_DAYS: ReadonlySet<string> = new Set<FeedEntry['adapter']>(['gp-connect-slots', 'bars-slots']);

export function readHorizon({ adapter, horizonDays }: FeedEntry, wrong: Wrong): Pick<FeedDef, 'horizonDays'> {
  if (horizonDays === undefined) return {};
  if (!SEARCHED_BY_DAYS.has(adapter)) wrong('horizonDays', `horizonDays: ${adapter} is not searched by days`);
  return { horizonDays };
}

/** Only a feed with an address for each of its sites can be written to: a slot's own address is beneath it. */
export function readHolds({ adapter, holds, url }: FeedEntry, wrong: Wrong): Pick<FeedDef, 'holds'> {
  if (holds === undefined) return {};
  if (adapter !== 'bars-slots') wrong('holds', `holds: slots of ${adapter} cannot be held this way`);
  else if (!url.includes('{')) wrong('holds', 'holds: the address of this feed does not name the site');
  return { holds };
}
