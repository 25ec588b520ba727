import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { shareOf, waitingWithoutSlot } from '../domain/derived.ts';
import { knownFrom, sumRolling } from '../domain/rolling.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import { ABSENT, type Standing } from './site-inputs.ts';
import { instanceNow, placeNow } from './sources.ts';
import type { SiteState } from './state.ts';
import type { World } from './world.ts';

export type StandingOf = (metric: MetricName) => Standing;
export type Derived = Standing & { readonly base?: number };

const value = (number: number): Standing => ({
  value: number,
  absence: null,
  detail: null,
  observedAt: null,
  last: null,
});
/** No call, nothing to take a share of: said, but no lack of data. */
const QUIET: Standing = { ...ABSENT('not-reported', 'too-few'), quiet: true };
const WARMING: Standing = { ...ABSENT('not-reported', 'too-early'), quiet: true };
const like = (source: Standing): Standing => ABSENT(source.absence ?? 'not-reported', source.detail);

const share = (part: number, whole: number): Derived => {
  const found = shareOf(part, whole);
  return found === null ? QUIET : { ...value(Math.min(1, found)), base: whole };
};

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
  publish: (metric: MetricName, standing: Derived) => void,
  at: EpochMs,
): void {
  const estimated = of('calls.inbound').estimated === true;
  const put: typeof publish = estimated ? (metric, s) => publish(metric, { ...s, estimated }) : publish;
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

/** Remembers when today's free slots ran out, and forgets it when some come back. */
function followExhaustion(
  state: SiteState,
  free: number,
  booked: number,
  answered: number | null,
  at: EpochMs,
  day: EpochMs,
): void {
  if (state.exhaustion && state.exhaustion.day !== day) state.exhaustion = null;
  if (free > 0) {
    state.exhaustion = null;
    state.slotsSeen = day;
    return;
  }
  if (!state.open || booked + free === 0) return;
  state.exhaustion ??= { day, at: state.slotsSeen === day ? at : null, answered, booked };
  if (state.exhaustion.answered === null && answered !== null) state.exhaustion = { ...state.exhaustion, answered };
}

export function slotsDerived(
  world: World,
  site: SiteLayout,
  state: SiteState,
  of: StandingOf,
  put: (metric: MetricName, standing: Derived) => void,
  at: EpochMs,
): void {
  const free = of('slots.free');
  const booked = of('slots.booked');
  const missing = free.value === null ? free : booked;
  if (free.value === null || booked.value === null) {
    for (const metric of ['slots.left-share', 'slots.exhausted-at'] as const) put(metric, like(missing));
    if (site.practice) for (const metric of WITHOUT) put(metric, like(missing));
    return;
  }
  const answered = of('calls.answered');
  followExhaustion(state, free.value, booked.value, answered.value, at, world.days.start(at));
  put('slots.left-share', share(free.value, free.value + booked.value));
  const ranOut = state.exhaustion;
  put('slots.exhausted-at', ranOut?.at ? value(ranOut.at) : { ...ABSENT('not-reported', 'none'), quiet: true });
  if (!site.practice) return;
  put('practices.without-slots', state.open ? value(ranOut ? 1 : 0) : ABSENT('closed', null));
  if (!state.open) put('patients.without-slot', ABSENT('closed', null));
  else if (!ranOut) put('patients.without-slot', value(0));
  else if (answered.value === null) put('patients.without-slot', like(answered));
  else {
    const since = answered.value - (ranOut.answered ?? answered.value);
    put('patients.without-slot', value(waitingWithoutSlot(since, booked.value - ranOut.booked)));
  }
}
const WITHOUT = ['patients.without-slot', 'practices.without-slots'] as const;

const IUC_SHARES = [
  ['iuc.answered-60s-share', 'iuc.answered-in-60s', 'iuc.answered'],
  ['iuc.abandoned-share', 'iuc.abandoned', 'iuc.offered'],
  ['iuc.shifts-share', 'iuc.shifts-filled', 'iuc.shifts-planned'],
] as const;

export function iucDerived(of: StandingOf, put: (metric: MetricName, standing: Derived) => void): void {
  for (const [metric, part, whole] of IUC_SHARES) {
    const a = of(part);
    const b = of(whole);
    if (a.value === null || b.value === null) put(metric, like(a.value === null ? a : b));
    else put(metric, share(a.value, b.value));
  }
}
