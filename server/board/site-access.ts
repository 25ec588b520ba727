import { horizonOf } from '#shared/model/feed-metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { seeWeek, weekTotals } from '../domain/week.ts';
import { like, QUIET, share, value } from './derived-standing.ts';
import type { Put, StandingOf } from './derived-standing.ts';
import type { SiteLayout } from './layout.ts';
import { ABSENT, type SlotsNow } from './site-inputs.ts';
import type { SiteState } from './state.ts';
import type { World } from './world.ts';

/** Less than all of a week's opening time is known below this: what it comes to is an estimate. */
const WHOLE = 0.999;

/**
 * How much of a service's capacity is used today, and what lies free in the next four hours; of a hub also the minutes of
 * the week for each 1,000 people it serves. Only slots told one by one can say so: counts alone know nothing of past ones.
 */
export function accessDerived(
  world: World,
  site: SiteLayout,
  state: SiteState,
  slots: SlotsNow | null,
  of: StandingOf,
  put: Put,
  at: EpochMs,
): void {
  const free = of('slots.free');
  if (slots && free.absence !== 'closed') {
    const { offered, booked, soon, free4h } = slots.facts;
    put('access.used-share', share(booked, offered));
    put('access.unfilled-4h-share', share(free4h, soon));
  } else {
    const absent = free.value === null ? like(free) : ABSENT('not-reported', 'missing-field');
    put('access.used-share', absent);
    put('access.unfilled-4h-share', absent);
  }
  if (site.kind === 'hub') weekDerived(world, site, state, slots, of, put, at);
}

function weekDerived(
  world: World,
  site: SiteLayout,
  state: SiteState,
  slots: SlotsNow | null,
  of: StandingOf,
  put: Put,
  at: EpochMs,
): void {
  const week = world.weeks.at(at);
  if (slots && (state.weekSeen?.groups !== slots.groups || state.weekSeen.day !== week.today)) {
    const feed = world.layout.instances[slots.instance]?.feed;
    state.week = seeWeek(state.week, week, slots.groups, feed ? horizonOf(feed) : 1);
    state.weekSeen = { groups: slots.groups, day: week.today };
  }
  const thousands = site.served / 1000;
  if (thousands <= 0) return;
  const free = of('slots.free');
  const current = state.week?.start === week.starts[0] ? state.week : null;
  const totals = current && weekTotals(current, world.weeks.open(site.hours, week, site.def.bankHolidays));
  if (!totals || (free.value === null && free.absence !== 'closed')) {
    const absent = free.value === null && free.absence !== 'closed' ? like(free) : QUIET;
    for (const metric of PER_1000) put(metric, absent);
    return;
  }
  const whole = totals.known >= WHOLE;
  const part = whole ? {} : { coverage: Math.round(totals.known * 1000) / 1000 };
  const offered = value(totals.offered / totals.known / thousands);
  put('access.offered-per-1000', whole ? offered : { ...offered, ...part, estimated: true });
  put('access.booked-per-1000', { ...value(totals.booked / thousands), ...part });
}
const PER_1000 = ['access.offered-per-1000', 'access.booked-per-1000'] as const;
