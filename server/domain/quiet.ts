import { ABSENCES } from '#shared/model/absence.ts';

/** Details of metrics that say nothing now though nothing is missing: no call to take a share of, an hour not yet full. */
const QUIET_DETAILS: ReadonlySet<string> = new Set(['too-few', 'too-early', 'none']);
export const isQuiet = (metric: { readonly detail?: string | null }): boolean => QUIET_DETAILS.has(metric.detail ?? '');

/** Stands in the history where an absence's number (1 + index) would: nothing was missing. */
export const QUIET = ABSENCES.length + 1;
