import type { MetricName } from '#shared/model/metrics.ts';

/** The metric that counts what a share is taken of, as the history has it; `minimumBase` of a rule is measured by it. */
export const BASE_OF: Partial<Record<MetricName, MetricName>> = {
  'calls.answered-share': 'calls.inbound-60m',
  'calls.missed-share': 'calls.inbound-60m',
  'calls.against-usual': 'calls.inbound-60m',
  'appointments.urgent-share': 'appointments.urgent',
  'appointments.within-48h-share': 'appointments.measured',
  'appointments.within-7d-share': 'appointments.measured',
  'appointments.within-14d-share': 'appointments.measured',
  'appointments.no-show-share': 'appointments.attended',
  'staff.available-share': 'staff.clinical-planned',
  'iuc.answered-60s-share': 'iuc.answered',
  'iuc.abandoned-share': 'iuc.offered',
  'iuc.shifts-share': 'iuc.shifts-planned',
};
