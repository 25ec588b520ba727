import type { MetricName } from '#shared/model/metrics.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import { GP_SHARE } from '../domain/derived.ts';
import { CLOSED, hundredths, like, missingOf, QUIET, share, value } from './derived-standing.ts';
import type { Derived, Put, StandingOf } from './derived-standing.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import { ABSENT, type Standing } from './site-inputs.ts';
import { instanceNow } from './sources.ts';
import type { SiteState } from './state.ts';
import type { World } from './world.ts';

/** Whether a metric is one that this site reports at all. */
export type Reports = (metric: MetricName) => boolean;

const SHARES = [
  ['appointments.urgent-share', 'appointments.urgent-same-day', 'appointments.urgent'],
  ['appointments.within-48h-share', 'appointments.within-48h', 'appointments.measured'],
  ['appointments.within-7d-share', 'appointments.within-7d', 'appointments.measured'],
  ['appointments.within-14d-share', 'appointments.within-14d', 'appointments.measured'],
  ['staff.available-share', 'staff.clinical-available', 'staff.clinical-planned'],
] as const satisfies readonly (readonly [MetricName, MetricName, MetricName])[];

/** Shares of counts that a site's feeds may bring: of one that none brings, nothing is said. */
export function sharesDerived(reports: Reports, of: StandingOf, put: Put): void {
  for (const [metric, part, whole] of SHARES) {
    if (!reports(part) || !reports(whole)) continue;
    const a = of(part);
    const b = of(whole);
    if (a.value === null || b.value === null) put(metric, like(missingOf(a, b) ?? a));
    else put(metric, share(a.value, b.value));
  }
}

export function appointmentsDerived(site: SiteLayout, reports: Reports, of: StandingOf, put: Put): void {
  const attended = of('appointments.attended');
  const missed = of('appointments.no-show');
  if (attended.value === null || missed.value === null) {
    put('appointments.no-show-share', like(missingOf(attended, missed) ?? attended));
  } else {
    // Whether there are enough to speak of goes by those who came, a count that the history has.
    put('appointments.no-show-share', {
      ...share(missed.value, attended.value + missed.value),
      base: attended.value,
    });
  }
  if (site.practice) perClinician(site, reports, of, put);
}

/**
 * Today's appointments for each clinician who is there; where no rota tells, the GPs' published part of them for each of
 * the practice's full-time equivalent GPs. Of a practice with neither nothing is said.
 */
function perClinician(site: SiteLayout, reports: Reports, of: StandingOf, put: Put): void {
  const rota = reports('staff.clinical-available');
  const staff = of('staff.clinical-available');
  const gps = site.def.wteGp ?? 0;
  if (!rota && gps <= 0) return;
  const booked = of('appointments.booked');
  const perHead = (contacts: number, heads: number): Derived => ({ ...value(contacts / heads), base: heads });
  if (booked.value === null) put('appointments.per-clinician', like(booked));
  else if (rota && staff.value !== null && staff.value > 0) {
    put('appointments.per-clinician', perHead(booked.value, staff.value));
  } else if (gps > 0) {
    put('appointments.per-clinician', { ...perHead(booked.value * GP_SHARE, gps), estimated: true });
  } else put('appointments.per-clinician', staff.value === null ? like(staff) : QUIET);
}

export function onlineDerived(
  world: World,
  site: SiteLayout,
  state: SiteState,
  of: StandingOf,
  put: Put,
  at: EpochMs,
): void {
  const open = of('online.open');
  if (open.value === null) {
    put('online.per-1000', like(open));
    put('online.time-used', like(open));
    return;
  }
  const thousands = site.population / 1000;
  put('online.per-1000', thousands > 0 ? value(open.value / thousands) : ABSENT('not-reported', null));
  put('online.time-used', timeUsed(world, site, state, open.value, of('online.oldest'), at));
}

function timeUsed(
  world: World,
  site: SiteLayout,
  state: SiteState,
  open: number,
  oldest: Standing,
  at: EpochMs,
): Derived {
  if (!state.open) return CLOSED;
  if (open === 0) return value(0);
  if (oldest.value === null) return like(oldest);
  const seen = world.feeds[instanceNow(site, state, METRIC_INDEX['online.oldest'])]?.observedAt ?? at;
  const used = world.coreHours.timeUsed(seen - oldest.value * MINUTE, at);
  return used === null ? ABSENT('not-reported', null) : hundredths(used);
}
