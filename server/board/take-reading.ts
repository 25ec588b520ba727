import { METRIC_NAMES, METRICS } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { completeDay, countReading } from '../domain/counters.ts';
import type { Applied, Reading } from '../domain/ports.ts';
import { addRolling, beginRolling, createRolling } from '../domain/rolling.ts';
import { METRIC_INDEX, type InstanceLayout, type SiteLayout } from './layout.ts';
import { placeNow, placeOf, settleSource } from './sources.ts';
import type { Cell, FeedState, Finals, SiteState } from './state.ts';
import type { World } from './world.ts';

/** What taking in one reading or one site's slots came to. */
export interface Took {
  readonly site: number;
  readonly applied: readonly Applied[];
  /** False for late data, which changes nothing that is shown of now. */
  readonly now: boolean;
}

/** One outcome as its readings are taken in. */
export interface Taking {
  readonly world: World;
  readonly instance: InstanceLayout;
  readonly feed: FeedState;
  readonly observedAt: EpochMs;
  readonly receivedAt: EpochMs;
  /** Newer than what the feed brought before. */
  readonly newer: boolean;
  /** Read again from quarantine. */
  readonly again: boolean;
  /** When the feed's last document was observed, before this one. */
  readonly seenAt: EpochMs | null;
}

const WINDOWED = new Set([METRIC_INDEX['calls.inbound'], METRIC_INDEX['calls.answered'], METRIC_INDEX['calls.missed']]);
/** Days back of which a source's final totals are remembered, so that telling them again changes nothing. */
const MOST_FINALS = 14;

export function takeReading(taking: Taking, reading: Reading): Took | null {
  const { world, instance } = taking;
  const index = world.layout.indexOf.get(reading.site);
  const site = index === undefined ? undefined : world.layout.sites[index];
  const state = index === undefined ? undefined : world.sites[index];
  if (!site || !state) return null;
  const i = METRIC_INDEX[reading.metric];
  const place = placeOf(site, i, instance.index);
  if (place < 0) return null;
  const counts = METRICS[reading.metric].shape === 'since-midnight';
  if (reading.day !== undefined) {
    return counts && reading.value !== null ? takeFinal(taking, site, state, place, reading, reading.value) : null;
  }
  if (counts && reading.value !== null) return takeCounter(taking, site, state, place, reading, reading.value);
  return takeGauge(taking, site, state, place, reading);
}

const applied = ({ instance, receivedAt }: Taking, reading: Reading, value: number | null, at: EpochMs): Applied => ({
  unit: reading.site,
  metric: reading.metric,
  value,
  absence: value === null ? (reading.absence ?? 'not-reported') : null,
  detail: value === null ? (reading.detail ?? null) : null,
  observedAt: at,
  receivedAt,
  feed: instance.id,
});

/** The history hears of a metric that several feeds can bring only through what counts. */
function told(taking: Taking, site: SiteLayout, state: SiteState, i: number, place: number, own: Applied): Applied[] {
  if (site.contested.size === 0 || !site.contested.has(i)) return [own];
  const said = settleSource(taking.world, site, state, i, taking.receivedAt, place);
  return said ? [said] : [];
}

function takeGauge(taking: Taking, site: SiteLayout, state: SiteState, place: number, reading: Reading): Took | null {
  const { observedAt, seenAt, newer, again } = taking;
  const before = state.cells[place];
  const mends =
    again && reading.value !== null && (before === undefined || before.value === null) && observedAt === seenAt;
  if (!newer && !mends) {
    // What stands is newer: the history alone still lacks this.
    if (!again || reading.value === null || placeNow(site, state, METRIC_INDEX[reading.metric]) !== place) return null;
    return { site: site.index, applied: [applied(taking, reading, reading.value, observedAt)], now: false };
  }
  if (!putCell(state, place, reading, observedAt, seenAt)) return null;
  const own = applied(taking, reading, reading.value, observedAt);
  return {
    site: site.index,
    applied: told(taking, site, state, METRIC_INDEX[reading.metric], place, own),
    now: true,
  };
}

/** Puts what a source says of a metric in its place; false where it says the same as before. */
export function putCell(
  state: SiteState,
  place: number,
  reading: Reading,
  observedAt: EpochMs,
  seenAt: EpochMs | null,
): boolean {
  const cell = state.cells[place];
  const absence = reading.value === null ? (reading.absence ?? 'not-reported') : null;
  const detail = reading.value === null ? (reading.detail ?? null) : null;
  if (
    cell?.value === reading.value &&
    cell.absence === absence &&
    cell.detail === detail &&
    cell.estimated === reading.estimated
  ) {
    return false;
  }
  const last = cell && (cell.value === null ? cell.last : { value: cell.value, at: seenAt ?? cell.at });
  const next: Cell = { value: reading.value, absence, detail, at: observedAt, last: last ?? null };
  if (reading.estimated) next.estimated = true;
  state.cells[place] = next;
  return true;
}

function takeCounter(
  taking: Taking,
  site: SiteLayout,
  state: SiteState,
  place: number,
  reading: Reading,
  raw: number,
): Took | null {
  const { world, observedAt: at, newer, again, seenAt } = taking;
  const i = METRIC_INDEX[reading.metric];
  const known = state.counters.get(place) ?? null;
  const cell = state.cells[place];
  const stands = cell !== undefined && cell.value !== null;
  const sameKind = cell?.estimated === reading.estimated;
  if (known?.raw === raw && stands && sameKind && known.day === world.days.start(at)) return null;
  const step = countReading(known, raw, at, stands ? seenAt : null, world.days);
  // An older document of today never rewinds; one of yesterday may still complete yesterday, and a record that was
  // refused and read again is new where nothing has been counted since.
  if (step.kind === 'ignored' || (step.kind === 'counted' && !newer && !again)) return null;
  state.counters.set(place, step.counter);
  if (step.kind === 'yesterday') {
    const counting = placeNow(site, state, i) === place;
    return { site: site.index, applied: counting ? [applied(taking, reading, step.total, at)] : [], now: false };
  }
  const own = applied(taking, reading, step.counter.total, at);
  if (WINDOWED.has(i)) {
    const rolling = state.windows.get(place) ?? createRolling();
    state.windows.set(place, rolling);
    beginRolling(rolling, at);
    if (step.from !== null) addRolling(rolling, step.from, at, step.increment);
  }
  // Read again, and something newer was refused since: it was so then, and is not told of now.
  if (!newer && at !== seenAt) return { site: site.index, applied: [own], now: false };
  const next: Cell = { value: step.counter.total, absence: null, detail: null, at, last: null };
  if (reading.estimated) next.estimated = true;
  state.cells[place] = next;
  // Heard after midnight, of before it: the day it belongs to is still its own source's.
  const late = world.days.start(at) < world.days.start(taking.receivedAt) && placeNow(site, state, i) === place;
  return { site: site.index, applied: late ? [own] : told(taking, site, state, i, place, own), now: true };
}

/**
 * What a feed does not repeat still stands: a counter that showed the same before midnight and shows it after has a first
 * reading of the new day, though none came. To be called after the readings that did come.
 */
export function carryCounters(taking: Taking): Took[] {
  const { world, instance, observedAt, seenAt } = taking;
  const day = world.days.start(observedAt);
  if (seenAt === null || world.days.start(seenAt) === day) return [];
  return instance.siteIndexes.flatMap((index) => {
    const site = world.layout.sites[index];
    const state = world.sites[index];
    if (!site || !state) return [];
    return instance.metrics.flatMap((i) => {
      const place = placeOf(site, i, instance.index);
      const counter = state.counters.get(place);
      const cell = state.cells[place];
      const metric = METRIC_NAMES[i];
      if (!metric || !counter || counter.day >= day || !cell || cell.value === null) return [];
      const estimated = cell.estimated ? { estimated: true as const } : {};
      return takeReading(taking, { site: site.def.id, metric, value: counter.raw, ...estimated }) ?? [];
    });
  });
}

/**
 * The final total of an earlier day. It stands over what was counted of that day, whichever feed counted it, unless a
 * feed that stands before this one has told its own.
 */
function takeFinal(
  taking: Taking,
  site: SiteLayout,
  state: SiteState,
  place: number,
  reading: Reading,
  total: number,
): Took | null {
  const { world, receivedAt } = taking;
  const day = world.days.start(reading.day ?? receivedAt);
  if (day >= world.days.start(receivedAt)) return null;
  const finals = state.finals.get(place) ?? [];
  const told = finals.find((final) => final.day === day);
  const oldest = finals[0];
  const forgotten = finals.length >= MOST_FINALS && oldest !== undefined && day < oldest.day;
  if (told?.total === total || forgotten) return null;
  const next = [...finals.filter((final) => final.day !== day), { day, total }].sort((a, b) => a.day - b.day);
  state.finals.set(place, next.slice(-MOST_FINALS));
  const counter = state.counters.get(place);
  if (counter) state.counters.set(place, completeDay(counter, day, total));
  const outdone = finalBefore(site, state, METRIC_INDEX[reading.metric], place, day);
  const last = world.days.end(day) - 1;
  const own: Applied = { ...applied(taking, reading, total, last), level: true };
  return { site: site.index, applied: outdone ? [] : [own], now: false };
}

function finalBefore(site: SiteLayout, state: SiteState, i: number, place: number, day: EpochMs): boolean {
  const tells = (finals: Finals | undefined) => finals?.some((final) => final.day === day) === true;
  for (const source of site.contested.get(i) ?? []) {
    if (source.place === place) return false;
    if (tells(state.finals.get(source.place))) return true;
  }
  return false;
}
