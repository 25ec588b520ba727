import { METRICS } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedPatch, FeedStatus } from '#shared/model/unit.ts';
import { countReading } from '../domain/counters.ts';
import type { Applied, PollOutcome, Reading } from '../domain/ports.ts';
import { addRolling, beginRolling, createRolling } from '../domain/rolling.ts';
import { sameSlots, SLOT_COUNTS, slotFacts } from '../domain/slots.ts';
import { METRIC_INDEX, type InstanceLayout } from './layout.ts';
import { isStale, standingReadings } from './staleness.ts';
import type { Cell, FeedState, SiteState } from './state.ts';
import type { World } from './world.ts';

/** What taking in one outcome came to. */
export interface Taken {
  /** The outcome without what changed nothing: enough to do the same again. */
  readonly input: PollOutcome;
  readonly feed: FeedPatch;
  readonly applied: Applied[];
  /** Sites whose readings or slots changed. */
  readonly changed: readonly number[];
  /** The feed brought newer data than before, though perhaps the same. */
  readonly fresh: boolean;
}

const WINDOWED = new Set([METRIC_INDEX['calls.inbound'], METRIC_INDEX['calls.answered'], METRIC_INDEX['calls.missed']]);

/** Takes one poll into the state. Null for a feed that this definition does not have. */
export function takeOutcome(world: World, outcome: PollOutcome): Taken | null {
  const index = world.layout.instanceIndex.get(outcome.feed);
  const instance = index === undefined ? undefined : world.layout.instances[index];
  const feed = index === undefined ? undefined : world.feeds[index];
  if (!instance || !feed) return null;
  const good = outcome.state === 'ok' || outcome.state === 'partly-rejected';
  const { observedAt } = outcome;
  const newer = good && observedAt !== null && (feed.observedAt === null || observedAt > feed.observedAt);
  const applied: Applied[] = [];
  const changed = new Set<number>();
  const readings: Reading[] = [];
  const slots: PollOutcome['slots'][number][] = [];
  if (good && observedAt !== null) {
    for (const reading of outcome.readings) {
      const took = takeReading(world, instance, feed, reading, observedAt, outcome.at, newer);
      if (!took) continue;
      readings.push(reading);
      applied.push(...took.applied);
      if (took.today) changed.add(took.site);
    }
    for (const slot of newer ? outcome.slots : []) {
      const took = takeSlots(world, instance, feed, slot, observedAt, outcome.at);
      if (!took) continue;
      slots.push(slot);
      applied.push(...took.applied);
      changed.add(took.site);
    }
  }
  const wasStale = feed.stale;
  const patch = followFeed(world, feed, outcome, newer);
  if (wasStale && !feed.stale) {
    for (const site of instance.siteIndexes) changed.add(site);
    // What stands again was absent in the history: it must be seen to come back.
    const said = new Set(applied.map((a) => `${a.unit} ${a.metric}`));
    applied.push(...standingReadings(world, instance, feed).filter((a) => !said.has(`${a.unit} ${a.metric}`)));
  }
  const input = { ...outcome, readings, slots, unchanged: readings.length === 0 && slots.length === 0 };
  return { input, feed: patch, applied, changed: [...changed], fresh: newer };
}

function followFeed(world: World, feed: FeedState, outcome: PollOutcome, newer: boolean): FeedPatch {
  if (newer) feed.observedAt = outcome.observedAt;
  feed.stale = isStale(feed, outcome.at);
  const good = outcome.state === 'ok' || outcome.state === 'partly-rejected';
  const next: Partial<FeedStatus> = {
    state: outcome.state,
    fault: outcome.fault,
    polledAt: world.instant(outcome.at),
    latencyMs: outcome.latencyMs,
    rejected: outcome.rejected,
    ...(newer && feed.observedAt !== null ? { observedAt: world.instant(feed.observedAt) } : {}),
    ...(good ? { receivedAt: world.instant(outcome.at) } : {}),
  };
  const before = feed.status;
  feed.status = { ...before, ...next };
  const differing = Object.entries(next).filter(([key, value]) => before[key as keyof FeedStatus] !== value);
  return { id: before.id, ...Object.fromEntries(differing) };
}

interface Took {
  readonly site: number;
  readonly applied: Applied[];
  /** False for late data of yesterday, which changes nothing that is shown of today. */
  readonly today: boolean;
}

function takeReading(
  world: World,
  instance: InstanceLayout,
  feed: FeedState,
  reading: Reading,
  observedAt: EpochMs,
  receivedAt: EpochMs,
  newer: boolean,
): Took | null {
  const site = world.layout.indexOf.get(reading.site);
  const state = site === undefined ? undefined : world.sites[site];
  if (site === undefined || !state) return null;
  const i = METRIC_INDEX[reading.metric];
  const applied = (value: number | null, at: EpochMs): Applied => ({
    unit: reading.site,
    metric: reading.metric,
    value,
    absence: value === null ? (reading.absence ?? 'not-reported') : null,
    detail: value === null ? (reading.detail ?? null) : null,
    observedAt: at,
    receivedAt,
    feed: instance.id,
  });
  if (METRICS[reading.metric].shape === 'since-midnight' && reading.value !== null) {
    const counted = takeCounter(world, state, i, reading.value, observedAt, feed.observedAt, newer);
    if (!counted) return null;
    return { site, applied: [applied(counted.value, counted.at)], today: counted.today };
  }
  if (!newer || !takeGauge(state, i, reading, observedAt, feed.observedAt)) return null;
  return { site, applied: [applied(reading.value, observedAt)], today: true };
}

function takeGauge(
  state: SiteState,
  i: number,
  reading: Reading,
  observedAt: EpochMs,
  seenAt: EpochMs | null,
): boolean {
  const cell = state.cells[i];
  const absence = reading.value === null ? (reading.absence ?? 'not-reported') : null;
  const detail = reading.value === null ? (reading.detail ?? null) : null;
  if (cell?.value === reading.value && cell.absence === absence && cell.detail === detail) return false;
  const last = cell && (cell.value === null ? cell.last : { value: cell.value, at: seenAt ?? cell.at });
  const next: Cell = { value: reading.value, absence, detail, at: observedAt, last: last ?? null };
  state.cells[i] = next;
  return true;
}

function takeCounter(
  world: World,
  state: SiteState,
  i: number,
  raw: number,
  at: EpochMs,
  seenAt: EpochMs | null,
  newer: boolean,
): { value: number; at: EpochMs; today: boolean } | null {
  const known = state.counters.get(i) ?? null;
  const cell = state.cells[i];
  const stands = cell !== undefined && cell.value !== null;
  if (known?.raw === raw && stands && known.day === world.days.start(at)) return null;
  const step = countReading(known, raw, at, stands ? seenAt : null, world.days);
  // An older document of today never rewinds; one of yesterday may still complete yesterday.
  if (step.kind === 'ignored' || (step.kind === 'counted' && !newer)) return null;
  state.counters.set(i, step.counter);
  if (step.kind === 'yesterday') return { value: step.total, at, today: false };
  if (WINDOWED.has(i)) {
    const rolling = state.windows.get(i) ?? createRolling();
    state.windows.set(i, rolling);
    beginRolling(rolling, at);
    if (step.from !== null) addRolling(rolling, step.from, at, step.increment);
  }
  const { total } = step.counter;
  state.cells[i] = { value: total, absence: null, detail: null, at, last: null };
  return { value: total, at, today: true };
}

function takeSlots(
  world: World,
  instance: InstanceLayout,
  feed: FeedState,
  slot: PollOutcome['slots'][number],
  observedAt: EpochMs,
  receivedAt: EpochMs,
): Took | null {
  const site = world.layout.indexOf.get(slot.site);
  const state = site === undefined ? undefined : world.sites[site];
  if (site === undefined || !state) return null;
  const before = state.slots;
  const start = world.days.start(observedAt);
  const sameDay = before !== null && world.days.start(before.observedAt) === start;
  if (before && sameDay && sameSlots(before.groups, slot.groups)) return null;
  state.slots = { groups: slot.groups, observedAt };
  const facts = slotFacts(slot.groups, observedAt, start, world.days.end(observedAt));
  const applied = Object.entries(SLOT_COUNTS).flatMap(([name, pick]): Applied[] => {
    const metric = name as keyof typeof SLOT_COUNTS;
    const value = pick(facts);
    const reading = { site: slot.site, metric, value };
    if (!takeGauge(state, METRIC_INDEX[metric], reading, observedAt, feed.observedAt)) return [];
    const rest = { absence: null, detail: null, observedAt, receivedAt, feed: instance.id };
    return [{ unit: slot.site, metric, value, ...rest }];
  });
  return { site, applied, today: true };
}
