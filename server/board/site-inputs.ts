import type { Absence } from '#shared/model/absence.ts';
import { METRIC_NAMES, METRICS } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { SlotGroup } from '../domain/ports.ts';
import { SLOT_COUNTS, slotFacts, type SlotFacts } from '../domain/slots.ts';
import { absenceOfFeed, absenceOfSilence, type WhyAbsent } from './feed-absence.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import type { Opening } from './openings.ts';
import { instanceNow, placeNow } from './sources.ts';
import type { SiteState } from './state.ts';
import type { World } from './world.ts';

/** One metric as it stands now. `quiet`: nothing to say (no calls to take a share of), which is no lack of data. */
export interface Standing {
  readonly value: number | null;
  readonly absence: Absence | null;
  readonly detail: string | null;
  readonly observedAt: EpochMs | null;
  readonly last: { readonly value: number; readonly at: EpochMs } | null;
  readonly quiet?: boolean;
  /** Derived by a stated rule rather than reported for this site. */
  readonly estimated?: boolean;
  /** Share of what it is about that is known, where that is not all. */
  readonly coverage?: number;
}

const absent = (
  absence: Absence,
  detail: string | null,
  last: Standing['last'] = null,
  observedAt: EpochMs | null = null,
): Standing => ({ value: null, absence, detail, observedAt, last });

export const ABSENT = absent;

/** When a metric is `closed`: never, once today is over, or while the doors are shut. */
type Shuts = 'never' | 'today' | 'doors';
const SHUTS: readonly Shuts[] = METRIC_NAMES.map((metric) => {
  // What people declare of their site holds while its doors are shut, too.
  if (metric === 'declared.level') return 'never';
  if (metric.startsWith('slots.') || metric.startsWith('appointments.')) return 'today';
  return METRICS[metric].shape === 'since-midnight' ? 'never' : 'doors';
});
const COUNTS: readonly boolean[] = METRIC_NAMES.map((metric) => METRICS[metric].shape === 'since-midnight');
const DECLARED = METRIC_INDEX['declared.level'];

/** A queue that is shut has no length: gauges of phones and cases are `closed`, bookable slots only once today is over. */
const shut = (i: number, opening: Opening): boolean =>
  SHUTS[i] === 'today' ? !opening.today : SHUTS[i] === 'doors' && !opening.open;

/** A metric that a feed brings, by its index. */
export function inputStanding(
  world: World,
  site: SiteLayout,
  state: SiteState,
  i: number,
  at: EpochMs,
  opening: Opening,
): Standing {
  const feed = world.feeds[instanceNow(site, state, i)];
  if (!feed) return absent('not-onboarded', null);
  const place = placeNow(site, state, i);
  const cell = state.cells[place];
  if (shut(i, opening)) return absent('closed', null);
  if (!cell) return state.finals.has(place) ? absent('not-reported', null) : because(absenceOfSilence(feed));
  // Nobody has to declare anything: having said nothing is no gap in what is known.
  if (i === DECLARED && cell.value === null && cell.detail !== 'invalid') {
    return { ...absent('not-reported', 'none', cell.last, cell.at), quiet: true };
  }
  const { value: known } = cell;
  if (known === null) return absent(cell.absence ?? 'not-reported', cell.detail, cell.last, cell.at);
  const lastly = () => ({ value: known, at: feed.observedAt ?? cell.at });
  if (feed.stale) return because(absenceOfFeed(feed), lastly(), cell.at);
  const counter = COUNTS[i] === true ? state.counters.get(place) : undefined;
  if (counter && counter.day !== world.days.start(at)) return absent('not-reported', 'stale', lastly(), cell.at);
  const standing = { value: known, absence: null, detail: null, observedAt: cell.at, last: null };
  return cell.estimated ? { ...standing, estimated: true } : standing;
}

const because = ({ absence, detail }: WhyAbsent, last: Standing['last'] = null, at: EpochMs | null = null): Standing =>
  absent(absence, detail, last, at);

/** Today's slots of a site from one feed, and which feed that is. */
export interface SlotsNow {
  readonly instance: number;
  /** Of today, and of later days of this week as far as the feed looks ahead. */
  readonly groups: readonly SlotGroup[];
  readonly facts: SlotFacts;
}

/** Today's slots of a site, where a feed brought them today and they are not stale; else null. */
export function slotsNow(world: World, site: SiteLayout, state: SiteState, at: EpochMs): SlotsNow | null {
  const instance = instanceNow(site, state, METRIC_INDEX['slots.free']);
  const feed = world.feeds[instance];
  const slots = state.slots.get(instance);
  if (!feed || feed.stale || !slots) return null;
  const start = world.days.start(at);
  if (slots.observedAt < start) return null;
  return { instance, groups: slots.groups, facts: slotFacts(slots.groups, at, start, world.days.end(at)) };
}

const PICKS: readonly (((facts: SlotFacts) => number) | undefined)[] = METRIC_NAMES.map((metric) =>
  Object.hasOwn(SLOT_COUNTS, metric) ? SLOT_COUNTS[metric as keyof typeof SLOT_COUNTS] : undefined,
);

/** Counts of slots come from the slots themselves: what is free falls as time passes, without a word from the feed. */
export function slotStanding(facts: SlotFacts, i: number, input: Standing): Standing {
  if (input.absence === 'closed') return input;
  const pick = PICKS[i];
  return pick ? { value: pick(facts), absence: null, detail: null, observedAt: null, last: null } : input;
}
