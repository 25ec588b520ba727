import type { FeedFamily } from '#shared/model/feed-metrics.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import type { FeedStatus } from '#shared/model/unit.ts';
import type { FeedCause } from '#shared/protocol/feeds.ts';
import type { Cause } from './cause.ts';
import { titleOf, wordsOf, type Subject } from './cause-words.ts';
import { hidden } from './hidden.ts';
import type { FeedLayout } from './layout.ts';
import { observedAt, type MarkedPair, type Seen, type Trouble } from './marks.ts';
import { todoOf } from './todo.ts';
import { sayCount } from '../pressure/phrases.ts';
import { FAMILY_LABELS, sayWhen } from './words.ts';

interface Gathering {
  readonly trouble: Trouble;
  readonly family: FeedFamily;
  readonly supplier: string;
  readonly pairs: MarkedPair[];
  readonly statuses: Map<string, FeedStatus>;
}

/** Troubles of all feeds by supplier, family and kind: what hides most first. */
export function gatherCauses(layout: FeedLayout, marks: readonly MarkedPair[], seen: Seen): Cause[] {
  const gathered = new Map<string, Gathering>();
  const totals = new Map<string, number>();
  for (const pair of marks) {
    if (pair.feeds.length > 0) add(totals, `${pair.supplier}/${pair.family}`);
    for (const { feed, trouble } of pair.troubles) {
      const status = seen.status(feed);
      if (!status || wordsOf(trouble) === null) continue;
      const key = `${status.supplier}/${pair.family}/${trouble}`;
      const { supplier } = status;
      const known: Gathering = gathered.get(key) ?? {
        trouble,
        family: pair.family,
        supplier,
        pairs: [],
        statuses: new Map(),
      };
      gathered.set(key, known);
      // Two feeds of one supplier may bring the same data of a site: it is still one site.
      if (known.pairs.at(-1) !== pair) known.pairs.push(pair);
      known.statuses.set(feed, status);
    }
  }
  const causes = [...gathered].map(([key, { trouble, family, supplier, pairs, statuses }]): Cause => {
    const list = [...statuses.values()];
    const of = Math.max(pairs.length, totals.get(`${supplier}/${family}`) ?? 0);
    return {
      key,
      trouble,
      family,
      supplier,
      subject: subjectOf(layout, pairs, list),
      pairs,
      statuses: list,
      since: sinceOf(layout, trouble, list),
      hidden: hidden(layout, pairs, { family, trouble }, (id) => seen.unit(id)),
      of,
    };
  });
  return causes.sort(byWhatIsHidden);
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const hiddenPatients = ({ hidden: { unknownPatients, unaskedPatients } }: Cause) => unknownPatients + unaskedPatients;

function byWhatIsHidden(a: Cause, b: Cause): number {
  return (
    hiddenPatients(b) - hiddenPatients(a) ||
    b.hidden.services - a.hidden.services ||
    b.hidden.patients - a.hidden.patients ||
    b.pairs.length - a.pairs.length ||
    a.key.localeCompare(b.key)
  );
}

/** A single site's own system, where it alone is asked; else the supplier. */
function subjectOf(layout: FeedLayout, pairs: readonly MarkedPair[], statuses: readonly FeedStatus[]): Subject {
  const [pair] = pairs;
  const [status] = statuses;
  if (pairs.length !== 1 || !pair || !status || layout.feed(status.id)?.document === true) return 'supplier';
  if (pair.site.siteKind === 'practice') return 'practice';
  return pair.site.siteKind === 'hub' ? 'hub' : 'service';
}

function sinceOf(layout: FeedLayout, trouble: Trouble, statuses: readonly FeedStatus[]): EpochMs | null {
  const times = statuses.flatMap((status): EpochMs[] => {
    const seen = observedAt(layout, status);
    if (trouble === 'late') return seen === null ? [] : [seen + status.staleAfterMs];
    if (status.paused) return [layout.instant(status.paused.at)];
    return trouble === 'missing-site' || status.since === null ? [] : [layout.instant(status.since)];
  });
  return times.length === 0 ? null : Math.min(...times);
}

/** Where it is: "Telephony, Calder Voice: 7 of 44 in Oldham, since 9:29am". */
export function whereOf(layout: FeedLayout, cause: Cause, now: EpochMs): string {
  const { family, pairs, supplier, subject, since, of } = cause;
  const label = subject === 'hub' ? `Hub ${FAMILY_LABELS[family].toLowerCase()}` : FAMILY_LABELS[family];
  const when = since === null ? '' : `, ${sayWhen(since, now)}`;
  const [first] = pairs;
  if (pairs.length === 1 && first && subject !== 'supplier') return `${label}, ${first.site.name}${when}`;
  if (pairs.length === 1 && first) return `${label}, ${layout.supplierName(supplier)}: ${first.site.name}${when}`;
  const count = pairs.length === of ? `all ${sayCount(of)}` : String(pairs.length);
  return `${label}, ${layout.supplierName(supplier)}: ${count}${inPlaces(layout, pairs, pairs.length === of)}${when}`;
}

function inPlaces(layout: FeedLayout, pairs: readonly MarkedPair[], all: boolean): string {
  const places = new Set(pairs.map(({ site }) => layout.placeOf(site)?.name));
  const [only] = places;
  if (places.size === 1) return only === undefined ? '' : ` in ${only}`;
  return all ? '' : ` in ${places.size} places`;
}

/** The one place that all of a cause is in, or null. */
export function onlyPlace(layout: FeedLayout, { pairs }: Cause): string | null {
  const places = new Set(pairs.map(({ site }) => layout.placeOf(site)?.name));
  const [only] = places;
  return places.size === 1 ? (only ?? null) : null;
}

const mostOf = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
const leastOf = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values));

/** The cause as the screen has it. */
export function sayCause(layout: FeedLayout, cause: Cause, letter: string, now: EpochMs): FeedCause {
  const { key, trouble, subject, statuses, pairs, since, hidden: what } = cause;
  const times = statuses.flatMap((status) => observedAt(layout, status) ?? []);
  const oldest = leastOf(times);
  const next = leastOf(statuses.flatMap(({ nextPollAt }) => (nextPollAt === null ? [] : [layout.instant(nextPollAt)])));
  const words = wordsOf(trouble);
  const said = what.say(now - (oldest ?? now), since === null ? null : sayWhen(since, now));
  return {
    letter,
    key,
    title: titleOf(trouble, subject),
    where: whereOf(layout, cause, now),
    since: since === null ? null : toInstant(since),
    ...todoOf(layout, cause, next, now),
    owner: ownerOf(cause),
    expectedMs: Math.max(...statuses.map(({ everyMs, staleAfterMs }) => Math.min(2 * everyMs, staleAfterMs))),
    ageMs: oldest === null ? null : Math.max(0, now - oldest),
    hides: said.hides,
    hidesMore: said.more,
    patients: what.patients,
    feeds: statuses.map(({ id }) => id),
    sites: pairs.map(({ site }) => site.id),
    nextPollAt: next === null ? null : toInstant(next),
    latencyMs: mostOf(statuses.flatMap(({ latencyMs }) => latencyMs ?? [])),
    action: words?.action ?? 'none',
  };
}

export function ownerOf({ trouble, subject }: Cause): FeedCause['owner'] {
  const owner = wordsOf(trouble)?.owner ?? 'itself';
  if (owner !== 'theirs') return owner;
  return subject === 'supplier' ? 'supplier' : 'site';
}
