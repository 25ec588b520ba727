import { METRIC_NAMES, METRICS } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../domain/ports.ts';
import { absenceOfFeed } from './feed-absence.ts';
import type { SiteLayout, Source } from './layout.ts';
import type { SiteState } from './state.ts';
import type { World } from './world.ts';

/**
 * Which feed counts, where several can bring the same metric of a site: the first in feeds.yaml that is not stale and has
 * a value; when it goes, the next stands in, and back. Every source keeps what it said in a place of its own, so that
 * nothing is ever added up across them. Sites without such a metric cost nothing: their places are their metrics.
 */

/** Place of what this instance says of a metric; -1: it cannot bring it. */
export function placeOf(site: SiteLayout, i: number, instance: number): number {
  if (site.instanceOf[i] === instance) return i;
  if (site.contested.size === 0) return -1;
  return site.contested.get(i)?.find((source) => source.instance === instance)?.place ?? -1;
}

const current = (site: SiteLayout, state: SiteState, i: number): Source | undefined => {
  if (site.contested.size === 0) return undefined;
  const counting = state.counting.get(i) ?? NOBODY;
  return site.contested.get(i)?.[rankOf(counting)];
};
/** Place of what counts for a metric. */
export const placeNow = (site: SiteLayout, state: SiteState, i: number): number => current(site, state, i)?.place ?? i;
/** Feed instance that counts for a metric; -1: none brings it. */
export const instanceNow = (site: SiteLayout, state: SiteState, i: number): number =>
  current(site, state, i)?.instance ?? site.instanceOf[i] ?? -1;

/** A rank that counts is itself; one that merely says why nothing does is its complement. */
const NOBODY = ~0;
const rankOf = (counting: number): number => (counting < 0 ? ~counting : counting);

function hasValue(world: World, state: SiteState, i: number, { instance, place }: Source, day: EpochMs): boolean {
  const feed = world.feeds[instance];
  const cell = state.cells[place];
  if (!feed || feed.stale || !cell || cell.value === null) return false;
  return !isCounter(i) || state.counters.get(place)?.day === day;
}

const COUNTERS = METRIC_NAMES.map((name) => METRICS[name].shape === 'since-midnight');
const isCounter = (i: number): boolean => COUNTERS[i] === true;

/** When a source last had a value, for whose absence is told where none has one. */
function lastValueAt(world: World, state: SiteState, { instance, place }: Source): EpochMs {
  const cell = state.cells[place];
  if (!cell) return -1;
  return (cell.value === null ? cell.last?.at : world.feeds[instance]?.observedAt) ?? 0;
}

function pick(world: World, state: SiteState, i: number, sources: readonly Source[], at: EpochMs): number {
  const day = world.days.start(at);
  for (let rank = 0; rank < sources.length; rank += 1) {
    const source = sources[rank];
    if (source && hasValue(world, state, i, source, day)) return rank;
  }
  let newest = 0;
  sources.forEach((source, rank) => {
    const best = sources[newest];
    if (best && lastValueAt(world, state, source) > lastValueAt(world, state, best)) newest = rank;
  });
  return ~newest;
}

/**
 * Settles which source counts for one metric at `at`. `touched`: the place that a reading has just changed, or -1. Gives
 * what the history is to hear of it: the value of what counts, or its absence; null when nothing of that has changed.
 */
export function settleSource(
  world: World,
  site: SiteLayout,
  state: SiteState,
  i: number,
  at: EpochMs,
  touched: number,
): Applied | null {
  const sources = site.contested.get(i);
  const metric = METRIC_NAMES[i];
  if (!sources || !metric) return null;
  const before = state.counting.get(i) ?? NOBODY;
  const now = pick(world, state, i, sources, at);
  state.counting.set(i, now);
  const source = sources[rankOf(now)];
  const feed = source && world.feeds[source.instance];
  if (!source || !feed) return null;
  const cell = state.cells[source.place];
  const mine = touched === source.place;
  const moved = rankOf(now) !== rankOf(before);
  const base = { unit: site.def.id, metric, receivedAt: at, feed: feed.status.id };
  if (now >= 0 && cell) {
    if (!mine && now === before) return null;
    const value = { ...base, value: cell.value, absence: null, detail: null };
    if (!moved) return { ...value, observedAt: mine ? cell.at : at };
    // What counts from now on, whenever it was seen; the step from one feed's total to another's is no rise.
    return { ...value, observedAt: at, ...(isCounter(i) ? { level: true as const } : {}) };
  }
  if (!cell) return null;
  if (cell.value === null) {
    if (before < 0 && !mine) return null;
    const { absence, detail } = cell;
    return { ...base, value: null, absence: absence ?? 'not-reported', detail, observedAt: mine ? cell.at : at };
  }
  // A counter of yesterday waits for its first reading of today: the history knows where days begin.
  return before >= 0 && feed.stale ? { ...base, value: null, ...absenceOfFeed(feed), observedAt: at } : null;
}

/** Settles every contested metric of a site, or only those that `metrics` names. */
export function settleSources(
  world: World,
  site: SiteLayout,
  state: SiteState,
  at: EpochMs,
  metrics?: readonly number[],
): Applied[] {
  const applied: Applied[] = [];
  for (const i of metrics ?? site.contested.keys()) {
    const said = settleSource(world, site, state, i, at, -1);
    if (said) applied.push(said);
  }
  return applied;
}

/** Whether anything that an instance says of a site counts. */
export function countsAt(site: SiteLayout, state: SiteState, instance: number, metrics: readonly number[]): boolean {
  return site.contested.size === 0 || metrics.some((i) => instanceNow(site, state, i) === instance);
}
