import { SITE_KINDS, type SiteKind } from './kind-names.ts';

/** How a metric arrives, and therefore how it folds: gauge last and mean, window and counter sums, daily last. */
export type MetricShape = 'gauge' | 'window' | 'since-midnight' | 'daily';
export type MetricMeasure = 'count' | 'seconds' | 'minutes' | 'share' | 'ratio' | 'per-1000' | 'epoch-ms';
/** How a group's value is made of its parts': `none` where a group value would mean nothing. */
export type GroupFold = 'sum' | 'max' | 'none' | 'derived';

export interface MetricSpec {
  readonly label: string;
  readonly measure: MetricMeasure;
  readonly shape: MetricShape;
  readonly group: GroupFold;
  readonly siteKinds: readonly SiteKind[];
  /** Worked out by the board from other metrics, never sent by a feed. */
  readonly derived: boolean;
  /** The national definition behind it, where there is one. */
  readonly definition?: string;
  /** A site reports it only where one of its feeds can bring it: nobody misses it elsewhere. */
  readonly optional?: true;
}

const practice: readonly SiteKind[] = ['practice'];
const booked: readonly SiteKind[] = ['practice', 'hub', 'urgent-treatment', 'acute-visiting', 'clinical-response'];
const iuc: readonly SiteKind[] = ['nhs111', 'out-of-hours'];
const hub: readonly SiteKind[] = ['hub'];
const services: readonly SiteKind[] = booked.filter((kind) => kind !== 'practice');
const every: readonly SiteKind[] = SITE_KINDS;

const spec = (
  label: string,
  measure: MetricMeasure,
  shape: MetricShape,
  group: GroupFold,
  siteKinds: readonly SiteKind[],
  definition?: string,
): MetricSpec => ({ label, measure, shape, group, siteKinds, derived: false, ...(definition ? { definition } : {}) });

const derived = (
  label: string,
  measure: MetricMeasure,
  shape: MetricShape,
  group: GroupFold,
  siteKinds: readonly SiteKind[],
  definition?: string,
): MetricSpec => ({ ...spec(label, measure, shape, group, siteKinds, definition), derived: true });

const optional = (metric: MetricSpec): MetricSpec => ({ ...metric, optional: true });

/** Version of the catalogue: rises when a definition changes, so that two definitions never join in one series silently. */
export const CATALOGUE_VERSION = 1;

export const METRICS = {
  'calls.waiting': spec('Callers waiting', 'count', 'gauge', 'sum', practice),
  'calls.longest-wait': spec('Longest wait now', 'seconds', 'gauge', 'max', practice),
  'calls.handlers-on-call': spec('Call handlers on a call', 'count', 'gauge', 'sum', practice),
  'calls.handlers-free': spec('Call handlers free', 'count', 'gauge', 'sum', practice),
  'callbacks.waiting': spec('Callbacks waiting', 'count', 'gauge', 'sum', practice),
  'callbacks.oldest': spec('Oldest callback', 'seconds', 'gauge', 'max', practice),
  'calls.inbound': spec('Calls today', 'count', 'since-midnight', 'sum', practice, 'CBT001'),
  'calls.ended-in-ivr': spec('Ended in the menu', 'count', 'since-midnight', 'sum', practice, 'CBT002'),
  'calls.answered': spec('Answered live', 'count', 'since-midnight', 'sum', practice, 'CBT003'),
  'calls.answered-in-2-min': spec('Answered within 2 minutes', 'count', 'since-midnight', 'sum', practice, 'CBT003'),
  'calls.missed': spec('Missed', 'count', 'since-midnight', 'sum', practice, 'CBT004'),
  'callbacks.requested': spec('Callbacks requested', 'count', 'since-midnight', 'sum', practice, 'CBT005'),
  'callbacks.made': spec('Callbacks made', 'count', 'since-midnight', 'sum', practice, 'CBT006'),

  'slots.free': spec('Slots free to the end of today', 'count', 'gauge', 'sum', booked),
  'slots.booked': spec('Slots booked today', 'count', 'gauge', 'sum', booked),
  'slots.held': spec('Slots held', 'count', 'gauge', 'sum', booked),
  'slots.free-minutes': spec('Free minutes to the end of today', 'minutes', 'gauge', 'sum', booked),
  'slots.free-4h': spec('Slots free in the next 4 hours', 'count', 'gauge', 'sum', booked),

  'slots.free-48h': optional(spec('Slots free in the next 48 hours', 'count', 'gauge', 'sum', booked)),
  'slots.free-7d': optional(spec('Slots free in the next week', 'count', 'gauge', 'sum', booked)),
  'slots.free-14d': optional(spec('Slots free in the next 2 weeks', 'count', 'gauge', 'sum', booked)),

  'appointments.booked': spec('Appointments today', 'count', 'gauge', 'sum', booked),
  'appointments.attended': spec('Attended today', 'count', 'gauge', 'sum', booked, 'GPAD Attended'),
  'appointments.no-show': spec('Did not attend today', 'count', 'gauge', 'sum', booked, 'GPAD DNA'),
  'appointments.cancelled': spec('Cancelled today', 'count', 'gauge', 'sum', booked),
  'appointments.urgent': optional(
    spec('Urgent appointments today', 'count', 'gauge', 'sum', practice, 'GPAD General Consultation Acute'),
  ),
  'appointments.urgent-same-day': optional(
    spec(
      'Urgent, booked today for today',
      'count',
      'gauge',
      'sum',
      practice,
      'GPAD General Consultation Acute, Same Day',
    ),
  ),
  'appointments.unmapped': optional(
    spec('Appointments of a type without a mapping', 'count', 'gauge', 'sum', practice, 'GPAD Unmapped'),
  ),
  // The national 2-week measure: today's appointments of its eight categories, by London days from booking to appointment.
  'appointments.measured': optional(
    spec('Appointments today that the 2-week measure counts', 'count', 'gauge', 'sum', practice, 'ACC-08 denominator'),
  ),
  'appointments.within-48h': optional(
    spec('Of those, booked at most 2 days before', 'count', 'gauge', 'sum', practice, 'GPAD Same Day to 2 Days'),
  ),
  'appointments.within-7d': optional(
    spec('Of those, booked at most a week before', 'count', 'gauge', 'sum', practice, 'GPAD Same Day to 7 Days'),
  ),
  'appointments.within-14d': optional(
    spec('Of those, booked at most 2 weeks before', 'count', 'gauge', 'sum', practice, 'ACC-08 numerator'),
  ),

  'online.open': spec('Online requests open', 'count', 'gauge', 'sum', practice),
  'online.oldest': spec('Oldest open online request', 'minutes', 'gauge', 'max', practice),
  'online.clinical': spec('Clinical online requests today', 'count', 'since-midnight', 'sum', practice, 'OCS Clinical'),
  'online.admin': spec(
    'Administrative online requests today',
    'count',
    'since-midnight',
    'sum',
    practice,
    'OCS Administrative',
  ),

  'declared.level': optional(spec('Declared level', 'count', 'gauge', 'none', every)),

  'iuc.offered': spec('Calls offered, last 15 min', 'count', 'window', 'sum', iuc, 'IUC ADC A01'),
  'iuc.answered': spec('Calls answered, last 15 min', 'count', 'window', 'sum', iuc, 'IUC ADC A03'),
  'iuc.abandoned': spec('Calls abandoned, last 15 min', 'count', 'window', 'sum', iuc, 'IUC ADC B02'),
  'iuc.answered-in-60s': spec('Answered in 60 s, last 15 min', 'count', 'window', 'sum', iuc, 'IUC ADC B01'),
  'iuc.waiting': spec('Cases waiting', 'count', 'gauge', 'sum', iuc),
  'iuc.longest-wait': spec('Longest case wait', 'minutes', 'gauge', 'max', iuc),
  'iuc.queue-overrun': spec('Worst queue against its target', 'ratio', 'gauge', 'max', iuc),
  /** Minutes that the worst queue may take, so that its overrun can be told of by name. */
  'iuc.overrun-target': optional(spec('Target of the worst queue', 'minutes', 'gauge', 'none', iuc)),
  'iuc.shifts-planned': spec('Shifts planned', 'count', 'gauge', 'sum', iuc),
  'iuc.shifts-filled': spec('Shifts filled', 'count', 'gauge', 'sum', iuc),

  'staff.clinical-planned': optional(spec('Clinical staff planned now', 'count', 'gauge', 'sum', practice)),
  'staff.clinical-available': optional(spec('Clinical staff available now', 'count', 'gauge', 'sum', practice)),

  'calls.inbound-15m': derived('Calls, last 15 min', 'count', 'window', 'sum', practice),
  'calls.inbound-60m': derived('Calls, last hour', 'count', 'window', 'sum', practice),
  'calls.answered-60m': derived('Answered, last hour', 'count', 'window', 'sum', practice),
  'calls.missed-60m': derived('Missed, last hour', 'count', 'window', 'sum', practice),
  'calls.wait': derived('Longest wait, mean over patients', 'seconds', 'gauge', 'derived', practice),
  'calls.answered-share': derived('Answered live, last hour', 'share', 'gauge', 'derived', practice),
  'calls.missed-share': derived('Missed, last hour', 'share', 'gauge', 'derived', practice),
  'calls.against-usual': derived('Calls against usual, last hour', 'ratio', 'gauge', 'derived', practice),
  'callbacks.per-1000': derived('Callbacks waiting per 1,000', 'per-1000', 'gauge', 'derived', practice),
  'slots.left-share': derived('Same-day slots left', 'share', 'gauge', 'derived', booked),
  /** Share of the day's slots that are fewer left than this time of day lets expect; 0 where as many or more are. */
  'slots.left-behind': derived('Same-day slots behind the day', 'share', 'gauge', 'derived', practice),
  'slots.exhausted-at': derived('Slots ran out', 'epoch-ms', 'gauge', 'none', booked),
  /** Of the time that the site is open today, how much lies after its slots ran out; 0 while some are left. */
  'slots.exhausted-early': derived('Slots ran out before closing by', 'minutes', 'gauge', 'none', practice),
  'appointments.urgent-share': derived(
    'Urgent seen on the day',
    'share',
    'gauge',
    'derived',
    practice,
    'GPAD General Consultation Acute, Same Day',
  ),
  'appointments.within-48h-share': derived('Booked within 48 hours', 'share', 'gauge', 'derived', practice),
  'appointments.within-7d-share': derived('Booked within a week', 'share', 'gauge', 'derived', practice),
  'appointments.within-14d-share': derived('Booked within 2 weeks', 'share', 'gauge', 'derived', practice, 'ACC-08'),
  'appointments.no-show-share': derived('Did not attend', 'share', 'gauge', 'derived', booked, 'GPAD DNA'),
  'appointments.per-clinician': derived('Appointments per clinician', 'ratio', 'gauge', 'derived', practice),
  'online.per-1000': derived('Online requests open per 1,000', 'per-1000', 'gauge', 'derived', practice),
  /** Of the time to the end of the next core period, counted in core hours; 1 when the oldest request is due. */
  'online.time-used': derived('Time used by the oldest online request', 'share', 'gauge', 'max', practice),
  'staff.available-share': derived('Clinical staff available', 'share', 'gauge', 'derived', practice),
  'access.used-share': derived("Used of today's slots so far", 'share', 'gauge', 'derived', services),
  'access.unfilled-4h-share': derived('Free of the next 4 hours', 'share', 'gauge', 'derived', services),
  'access.offered-per-1000': derived('Minutes offered this week per 1,000', 'per-1000', 'gauge', 'derived', hub),
  'access.booked-per-1000': derived('Minutes booked this week per 1,000', 'per-1000', 'gauge', 'derived', hub),
  'patients.without-slot': derived('Waiting without a slot (estimated)', 'count', 'gauge', 'sum', practice),
  'iuc.answered-60s-share': derived('Answered in 60 s', 'share', 'gauge', 'derived', iuc),
  'iuc.abandoned-share': derived('Abandoned', 'share', 'gauge', 'derived', iuc),
  'iuc.shifts-share': derived('Shifts filled', 'share', 'gauge', 'derived', iuc),
  /** Of every unit; recorded in the history rather than sent among its metrics, where the unit has a field of its own. */
  'pressure.score': derived('Pressure score', 'count', 'gauge', 'none', every),
  'practices.without-slots': derived('Practices with no same-day slot left', 'count', 'gauge', 'sum', practice),
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

export function metricSpec(name: MetricName): MetricSpec {
  return METRICS[name];
}

/** How often a metric is expected at the latest, in milliseconds, by the first part of its name. */
const EXPECTED_EVERY: Readonly<Record<string, number>> = {
  calls: 60_000,
  callbacks: 60_000,
  slots: 5 * 60_000,
  appointments: 15 * 60_000,
  iuc: 15 * 60_000,
  online: 5 * 60_000,
  staff: 3_600_000,
  declared: 24 * 3_600_000,
};

/** Longest time between two reports of a metric that a control room can work with; null for derived metrics. */
export function expectedEveryMs(name: MetricName): number | null {
  return metricSpec(name).derived ? null : (EXPECTED_EVERY[name.slice(0, name.indexOf('.'))] ?? null);
}

/**
 * Metrics that a site of this kind is expected to report. One that is expected and comes from no feed is absent as
 * *not-onboarded*: that truth comes from the kind of site, not from the list of feeds.
 */
export function expectedMetrics(kind: SiteKind): readonly MetricName[] {
  return METRIC_NAMES.filter((name) => {
    const { derived, optional, siteKinds } = metricSpec(name);
    return !derived && !optional && siteKinds.includes(kind);
  });
}
