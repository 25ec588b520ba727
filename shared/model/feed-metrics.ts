import type { AdapterName, FeedDef } from './definition.ts';
import { isMetricName, METRIC_NAMES, type MetricName } from './metrics.ts';

const named = (...prefixes: readonly string[]): readonly MetricName[] =>
  METRIC_NAMES.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
const except = (names: readonly MetricName[], left: readonly MetricName[]): readonly MetricName[] =>
  names.filter((name) => !left.includes(name));

/** Slots ahead, and the days (today the first) that must be searched to know each: 48 hours reach into a third day. */
const AHEAD_DAYS = { 'slots.free-48h': 3, 'slots.free-7d': 7, 'slots.free-14d': 14 } as const;
const AHEAD = Object.keys(AHEAD_DAYS) as readonly (keyof typeof AHEAD_DAYS)[];
/** Days that a slot standard is searched over where the feed does not say: GP Connect's longest window; BaRS today. */
const USUAL_HORIZON = { 'gp-connect-slots': 14, 'bars-slots': 1 } as const;

/** Days that a feed of slots is searched over, today the first. */
export function horizonOf(feed: Pick<FeedDef, 'adapter' | 'horizonDays'>): number {
  const usual: Partial<Record<AdapterName, number>> = USUAL_HORIZON;
  return feed.horizonDays ?? usual[feed.adapter] ?? 1;
}

/** Metrics each standard can bring. Mapped feeds say so themselves (`brings`). */
const BROUGHT: Readonly<Record<Exclude<AdapterName, 'mapped-json' | 'mapped-csv'>, readonly MetricName[]>> = {
  'telephony-queues': named('calls.', 'callbacks.'),
  'bars-slots': except(named('slots.'), AHEAD),
  // Only free slots are told: how many are booked or held cannot be known from this standard alone.
  'gp-connect-slots': ['slots.free', 'slots.free-minutes', 'slots.free-4h'],
  'fhir-appointments': named('appointments.'),
  'iuc-queues': named('iuc.'),
  'online-consultations': named('online.'),
  'declared-states': ['declared.level'],
};

/** Metrics that a feed can bring (derived ones of the same family included, as they come from the same source). */
export function metricsOf(feed: Pick<FeedDef, 'adapter' | 'brings' | 'horizonDays'>): readonly MetricName[] {
  const { adapter } = feed;
  if (adapter === 'mapped-json' || adapter === 'mapped-csv') return (feed.brings ?? []).filter(isMetricName);
  if (adapter !== 'gp-connect-slots' && adapter !== 'bars-slots') return BROUGHT[adapter];
  const horizon = horizonOf(feed);
  return [...BROUGHT[adapter], ...AHEAD.filter((name) => horizon >= AHEAD_DAYS[name])];
}

/** Families under which screens group feeds. */
export const FEED_FAMILIES = [
  'telephony',
  'slots',
  'appointments',
  'online',
  'urgent',
  'staffing',
  'declared',
  'other',
] as const;
export type FeedFamily = (typeof FEED_FAMILIES)[number];

const FAMILY_OF_PREFIX: Readonly<Record<string, FeedFamily>> = {
  calls: 'telephony',
  callbacks: 'telephony',
  slots: 'slots',
  appointments: 'appointments',
  online: 'online',
  iuc: 'urgent',
  staff: 'staffing',
  declared: 'declared',
};

/** The family of a feed: that of the first metric it brings. */
export function familyOf(feed: Pick<FeedDef, 'adapter' | 'brings'>): FeedFamily {
  const [first = ''] = metricsOf(feed);
  return FAMILY_OF_PREFIX[first.slice(0, first.indexOf('.'))] ?? 'other';
}
