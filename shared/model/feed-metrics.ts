import type { AdapterName, FeedDef } from './definition.ts';
import { isMetricName, METRIC_NAMES, type MetricName } from './metrics.ts';

const named = (...prefixes: readonly string[]): readonly MetricName[] =>
  METRIC_NAMES.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
const except = (names: readonly MetricName[], left: readonly MetricName[]): readonly MetricName[] =>
  names.filter((name) => !left.includes(name));

const AHEAD: readonly MetricName[] = ['slots.free-48h', 'slots.free-7d', 'slots.free-14d'];

/** Metrics each standard can bring. Mapped feeds say so themselves (`brings`). */
const BROUGHT: Readonly<Record<Exclude<AdapterName, 'mapped-json' | 'mapped-csv'>, readonly MetricName[]>> = {
  'telephony-queues': named('calls.', 'callbacks.'),
  'bars-slots': except(named('slots.'), AHEAD),
  // Only free slots are told: how many are booked or held cannot be known from this standard alone.
  'gp-connect-slots': ['slots.free', 'slots.free-minutes', 'slots.free-4h', ...AHEAD],
  'fhir-appointments': named('appointments.'),
  'iuc-queues': named('iuc.'),
  'online-consultations': named('online.'),
  'declared-states': ['declared.level'],
};

/** Metrics that a feed can bring (derived ones of the same family included, as they come from the same source). */
export function metricsOf(feed: Pick<FeedDef, 'adapter' | 'brings'>): readonly MetricName[] {
  if (feed.adapter === 'mapped-json' || feed.adapter === 'mapped-csv') return (feed.brings ?? []).filter(isMetricName);
  return BROUGHT[feed.adapter];
}

/** Families under which screens group feeds. */
export const FEED_FAMILIES = ['telephony', 'slots', 'appointments', 'online', 'urgent', 'declared', 'other'] as const;
export type FeedFamily = (typeof FEED_FAMILIES)[number];

const FAMILY_OF_PREFIX: Readonly<Record<string, FeedFamily>> = {
  calls: 'telephony',
  callbacks: 'telephony',
  slots: 'slots',
  appointments: 'appointments',
  online: 'online',
  iuc: 'urgent',
  declared: 'declared',
};

/** The family of a feed: that of the first metric it brings. */
export function familyOf(feed: Pick<FeedDef, 'adapter' | 'brings'>): FeedFamily {
  const [first = ''] = metricsOf(feed);
  return FAMILY_OF_PREFIX[first.slice(0, first.indexOf('.'))] ?? 'other';
}
