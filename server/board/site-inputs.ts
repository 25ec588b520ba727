import { ABSENCE_OF_STATE, FEED_STATES, type Absence, type FeedState as FeedStateName } from '#shared/model/absence.ts';
import { METRICS, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { SLOT_COUNTS, slotFacts, type SlotFacts } from '../domain/slots.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import type { Opening } from './openings.ts';
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
}

const absent = (
  absence: Absence,
  detail: string | null,
  last: Standing['last'] = null,
  observedAt: EpochMs | null = null,
): Standing => ({ value: null, absence, detail, observedAt, last });

export const ABSENT = absent;

const isFeedState = (state: string): state is FeedStateName => (FEED_STATES as readonly string[]).includes(state);
const absenceFor = (state: string): Absence => (isFeedState(state) ? ABSENCE_OF_STATE[state] : 'not-reported');

/** A queue that is shut has no length: gauges of phones and cases are `closed`, bookable slots only once today is over. */
function shut(metric: MetricName, opening: Opening): boolean {
  if (metric.startsWith('slots.') || metric.startsWith('appointments.')) return !opening.today;
  return !opening.open && METRICS[metric].shape !== 'since-midnight';
}

/** A metric that a feed brings. */
export function inputStanding(
  world: World,
  site: SiteLayout,
  state: SiteState,
  metric: MetricName,
  at: EpochMs,
  opening: Opening,
): Standing {
  const i = METRIC_INDEX[metric];
  const feed = world.feeds[site.instanceOf[i] ?? -1];
  if (!feed) return absent('not-onboarded', null);
  const cell = state.cells[i];
  const last = cell && (cell.value === null ? cell.last : { value: cell.value, at: feed.observedAt ?? cell.at });
  if (shut(metric, opening)) return absent('closed', null);
  if (!cell) {
    const { state: name } = feed.status;
    const silent = name === 'ok' || name === 'partly-rejected';
    return absent(absenceFor(name), silent ? 'missing-site' : name);
  }
  if (cell.value === null) return absent(cell.absence ?? 'not-reported', cell.detail, last ?? null, cell.at);
  if (feed.stale) return absent(absenceFor(feed.status.state), 'stale', last ?? null, cell.at);
  const counter = METRICS[metric].shape === 'since-midnight' ? state.counters.get(i) : undefined;
  if (counter && counter.day !== world.days.start(at)) return absent('not-reported', 'stale', last ?? null, cell.at);
  return { value: cell.value, absence: null, detail: null, observedAt: cell.at, last: null };
}

/** Today's slots of a site, where a feed brought them today and they are not stale; else why not. */
export function slotsNow(world: World, site: SiteLayout, state: SiteState, at: EpochMs): SlotFacts | null {
  const feed = world.feeds[site.instanceOf[METRIC_INDEX['slots.free']] ?? -1];
  if (!feed || feed.stale || !state.slots) return null;
  const start = world.days.start(at);
  if (state.slots.observedAt < start) return null;
  return slotFacts(state.slots.groups, at, start, world.days.end(at));
}

/** Counts of slots come from the slots themselves: what is free falls as time passes, without a word from the feed. */
export function slotStanding(facts: SlotFacts, metric: MetricName, input: Standing): Standing {
  if (input.absence === 'closed') return input;
  const pick = Object.hasOwn(SLOT_COUNTS, metric) ? SLOT_COUNTS[metric as keyof typeof SLOT_COUNTS] : null;
  return pick ? { value: pick(facts), absence: null, detail: null, observedAt: null, last: null } : input;
}
