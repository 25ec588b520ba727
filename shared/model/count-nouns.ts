import type { MetricName } from './metrics.ts';

const BY_PREFIX: Readonly<Record<string, string>> = {
  calls: 'calls',
  callbacks: 'callbacks',
  slots: 'slots',
  appointments: 'appointments',
  online: 'requests',
  iuc: 'cases',
  staff: 'people',
  patients: 'patients',
  practices: 'practices',
};
const ALONE: Readonly<Partial<Record<MetricName, string>>> = {
  'calls.handlers-on-call': 'people',
  'calls.handlers-free': 'people',
  'iuc.offered': 'calls',
  'iuc.answered': 'calls',
  'iuc.abandoned': 'calls',
  'iuc.answered-in-60s': 'calls',
  'iuc.shifts-planned': 'shifts',
  'iuc.shifts-filled': 'shifts',
};

/** What a count counts, as it stands behind a number: `4 slots`. Empty where the number is a level or a score. */
export const countNoun = (metric: string): string =>
  ALONE[metric as MetricName] ?? BY_PREFIX[metric.slice(0, metric.indexOf('.'))] ?? '';
