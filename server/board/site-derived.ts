import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { knownFrom, sumRolling } from '../domain/rolling.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import { like, share, value, WARMING, type Put, type StandingOf } from './derived-standing.ts';
import { ABSENT } from './site-inputs.ts';
import { instanceNow, placeNow } from './sources.ts';
import type { SiteState } from './state.ts';
import type { World } from './world.ts';

interface Window {
  readonly sum: number;
  /** The part of the window that is known. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly minutes: number;
  readonly whole: boolean;
}

function windowOf(
  world: World,
  site: SiteLayout,
  state: SiteState,
  counter: MetricName,
  minutes: number,
): Window | null {
  const i = METRIC_INDEX[counter];
  // Each source keeps its own window: what one counted is never added to what another did.
  const rolling = state.windows.get(placeNow(site, state, i));
  const seen = world.feeds[instanceNow(site, state, i)]?.observedAt ?? null;
  if (!rolling || seen === null) return null;
  const from = knownFrom(rolling, seen, minutes);
  if (from === null) return null;
  const start = (Math.floor(seen / MINUTE) - minutes + 1) * MINUTE;
  return {
    sum: sumRolling(rolling, seen, minutes),
    from,
    to: seen,
    minutes: (seen - from) / MINUTE,
    whole: from <= start,
  };
}

/** Calls usual from one moment to another: the difference of "so far today", or the whole hour's part across midnight. */
function usualCalls(world: World, site: SiteLayout, from: EpochMs, to: EpochMs): number | null {
  const until = world.normal.usual(site.def.id, 'calls.inbound', to);
  if (until === null) return null;
  if (world.days.start(from) === world.days.start(to)) {
    return until - (world.normal.usual(site.def.id, 'calls.inbound', from) ?? 0);
  }
  return ((world.normal.usual(site.def.id, 'calls.inbound-60m', to) ?? 0) * (to - from)) / HOUR;
}

const COUNTED = [
  ['calls.inbound-15m', 'calls.inbound', 15],
  ['calls.inbound-60m', 'calls.inbound', 60],
  ['calls.answered-60m', 'calls.answered', 60],
  ['calls.missed-60m', 'calls.missed', 60],
] as const;

/** Windows and shares of calls. A share stands on the part of the hour that was seen; a count only on the whole window. */
export function callsDerived(
  world: World,
  site: SiteLayout,
  state: SiteState,
  of: StandingOf,
  publish: Put,
  at: EpochMs,
): void {
  const estimated = of('calls.inbound').estimated === true;
  const put: Put = estimated ? (metric, s) => publish(metric, { ...s, estimated }) : publish;
  const found = new Map<string, Window | null>();
  const window = (counter: MetricName, minutes: number): Window | null => {
    const key = minutes === 60 ? counter : `${counter} ${minutes}`;
    let known = found.get(key);
    if (known === undefined) {
      known = of(counter).value === null ? null : windowOf(world, site, state, counter, minutes);
      found.set(key, known);
    }
    return known;
  };
  for (const [metric, counter, minutes] of COUNTED) {
    const source = of(counter);
    const counted = window(counter, minutes);
    put(metric, source.value === null ? like(source) : counted?.whole ? value(Math.round(counted.sum)) : WARMING);
  }
  const inbound = window('calls.inbound', 60);
  const shareWith = (metric: MetricName, counter: MetricName) => {
    const part = window(counter, 60);
    const missing = of('calls.inbound').value === null ? of('calls.inbound') : of(counter);
    if (missing.value === null) put(metric, like(missing));
    else put(metric, inbound && part && inbound.minutes >= 5 ? share(part.sum, inbound.sum) : WARMING);
  };
  shareWith('calls.answered-share', 'calls.answered');
  shareWith('calls.missed-share', 'calls.missed');
  const usual = world.normal.usual(site.def.id, 'calls.inbound-60m', at);
  const expected = inbound ? (usualCalls(world, site, inbound.from, inbound.to) ?? 0) : 0;
  if (of('calls.inbound').value === null) put('calls.against-usual', like(of('calls.inbound')));
  else if (usual === null) put('calls.against-usual', ABSENT('not-reported', 'no-normal'));
  else if (!inbound || inbound.minutes < 5 || expected <= 0) put('calls.against-usual', WARMING);
  else put('calls.against-usual', { ...value(inbound.sum / expected), base: expected });
  const waiting = of('callbacks.waiting');
  const thousands = site.population / 1000;
  if (waiting.value === null) put('callbacks.per-1000', like(waiting));
  else put('callbacks.per-1000', thousands > 0 ? value(waiting.value / thousands) : ABSENT('not-reported', null));
}

const IUC_SHARES = [
  ['iuc.answered-60s-share', 'iuc.answered-in-60s', 'iuc.answered'],
  ['iuc.abandoned-share', 'iuc.abandoned', 'iuc.offered'],
  ['iuc.shifts-share', 'iuc.shifts-filled', 'iuc.shifts-planned'],
] as const;

export function iucDerived(of: StandingOf, put: Put): void {
  for (const [metric, part, whole] of IUC_SHARES) {
    const a = of(part);
    const b = of(whole);
    if (a.value === null || b.value === null) put(metric, like(a.value === null ? a : b));
    else put(metric, share(a.value, b.value));
  }
}
