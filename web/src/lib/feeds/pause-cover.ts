import type { AdapterName } from '$shared/model/definition';
import { familyOf, type FeedFamily } from '$shared/model/feed-metrics';
import type { FeedStatus, Unit } from '$shared/model/unit';
import type { FeedsSummary } from '$shared/protocol/feeds';
import { sayCount, sayNumber, sayShare } from '../format/numbers.ts';
import { sayDuration } from '../format/time.ts';
import { FAMILY_WORDS } from './coverage.ts';

/** What a page knows of feeds and sites. */
export interface Known {
  /** Null while single feeds are not known: then the field alone says which sites they serve. */
  readonly feeds: ReadonlyMap<string, FeedStatus> | null;
  readonly units: ReadonlyMap<string, Unit>;
  readonly field: FeedsSummary['field'];
  /** Registered patients of the whole system; null while not known. */
  readonly population: number | null;
}

/** What goes unseen while feeds are paused. */
export interface PauseCover {
  /** Unit ids, each once however many feeds report on it. */
  readonly sites: readonly string[];
  /** `Telephony of 19 practices`, a line a kind of numbers, most sites first. */
  readonly kinds: readonly string[];
  /** `152,300 of 281,000 registered patients (54%)`; empty where none of the sites has patients of its own. */
  readonly patients: string;
  /** How long the last readings stand, `3 min`; empty while not known. */
  readonly stands: string;
}

/** Sites, kinds of numbers and patients that a pause of these feeds covers. */
export function coverOfPause(ids: readonly string[], { feeds, units, field, population }: Known): PauseCover {
  const kinds = sitesByKind(ids, { feeds, field });
  const sites = [...new Set([...kinds.values()].flatMap((each) => [...each]))];
  const registered = sites.reduce((sum, id) => sum + (units.get(id)?.population ?? 0), 0);
  const stands = Math.max(0, ...ids.map((id) => feeds?.get(id)?.staleAfterMs ?? 0));
  return {
    sites,
    kinds: [...kinds]
      .sort(([, a], [, b]) => b.size - a.size)
      .map(([kind, served]) => `${kind} of ${saySites([...served], units)}`),
    patients: registered === 0 ? '' : sayPatients(registered, population),
    stands: stands === 0 ? '' : sayDuration(stands),
  };
}

const sayPatients = (registered: number, of: number | null): string =>
  of === null || of < registered
    ? sayCount(registered, 'registered patient')
    : `${sayNumber(registered)} of ${sayCount(of, 'registered patient')} (${sayShare(registered / of)})`;

function sitesByKind(
  ids: readonly string[],
  { feeds, field }: Pick<Known, 'feeds' | 'field'>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const kinds = new Map<string, Set<string>>();
  const add = (kind: string, sites: readonly string[]) => {
    kinds.set(kind, new Set([...(kinds.get(kind) ?? []), ...sites]));
  };
  const wanted = new Set(ids);
  const named = new Map<string, FeedFamily>();
  for (const { family, blocks } of field)
    for (const block of blocks)
      block.feeds.forEach((feed, i) => {
        const site = block.sites[i];
        if (!wanted.has(feed) || site === undefined) return;
        named.set(feed, family);
        add(FAMILY_WORDS[family], [site]);
      });
  for (const id of ids) {
    const status = feeds?.get(id);
    if (!status) continue;
    // A feed for which another stands in at every site is not in the field: it says itself what it brings.
    const family = named.get(id) ?? familyLeftOut(status, field);
    add(family === 'other' ? status.label : FAMILY_WORDS[family], status.sites);
  }
  return kinds;
}

function saySites(sites: readonly string[], units: ReadonlyMap<string, Unit>): string {
  const all = (kind: Unit['siteKind']) => sites.every((id) => units.get(id)?.siteKind === kind);
  return sayCount(sites.length, all('practice') ? 'practice' : all('hub') ? 'hub' : 'site');
}

/** What a feed brings that the field does not show: told by its standard, or by all else that its supplier brings. */
function familyLeftOut({ adapter, supplier }: FeedStatus, field: Known['field']): FeedFamily {
  const standard = familyOf({ adapter: adapter as AdapterName, brings: [] });
  const [only, ...more] = field.filter(({ blocks }) => blocks.some((block) => block.supplier === supplier));
  return standard === 'other' && only && more.length === 0 ? only.family : standard;
}
