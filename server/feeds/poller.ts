import type { Definition } from '#shared/model/definition.ts';
import { feedInstances } from '../domain/feed-instances.ts';
import type { Clock, Condition, PollOutcome } from '../domain/ports.ts';
import { adapterOf } from './adapters/registry.ts';
import type { Rejection } from './adapters/adapter.ts';
import { createEntry, type Entry } from './entry.ts';
import { createHttp } from './http.ts';
import { createLanes, DEFAULT_LIMITS, type LaneLimits } from './lanes.ts';
import type { Logger } from './logger.ts';
import { createMappingRunner } from './mapping/worker-runner.ts';
import { createPulse } from './pulse.ts';
import { poll, type Polled, type PollDeps } from './poll.ts';
import { backOffMs, holdMs, retriesBeforeSchedule } from './retry.ts';
import { createSchedule, shortestPeriodMs, stableHash } from './schedule.ts';
import type { Secrets } from './secrets.ts';

const TICK_MS = 100;
/** First polls of heavy feeds: this long after the start, spread over this long. */
const HEAVY_AFTER_MS = 4000;
const HEAVY_OVER_MS = 15_000;

export interface PollerDeps {
  readonly definition: Definition;
  readonly clock: Clock;
  readonly secret: Secrets;
  readonly onOutcome: (outcome: PollOutcome) => void;
  readonly logger: Logger;
  readonly limits?: Partial<LaneLimits>;
  /** In [0, 1), for the jitter of back-off. */
  readonly random?: () => number;
}

export interface Poller {
  /** Polls every instance once as soon as it may, then each on its schedule. */
  start(): void;
  /** Ends every poll under way and every timer; resolves when nothing is left running. */
  stop(): Promise<void>;
  /** Polls one instance now (or joins its poll under way). Rejects only for an id that is none. */
  pollNow(instanceId: string): Promise<PollOutcome>;
  conditions(): Condition[];
  /** What the last read of an instance refused, places and reasons only; empty for an unknown id. */
  rejections(instanceId: string): readonly Rejection[];
}

export class UnknownFeed extends Error {
  readonly code = 'UNKNOWN_FEED';
}

/** Polls every feed instance of a definition on the product's clock; time limits and retries go by real time. */
export function createPoller(deps: PollerDeps): Poller {
  const { definition, clock, logger, random = Math.random } = deps;
  const http = createHttp({ allowPrivate: definition.allowPrivateAddresses });
  const requester = definition.units[0]?.odsCode ?? definition.id;
  const pollDeps: PollDeps = { http, clock, secret: deps.secret, logger, requester };
  const entries = new Map<string, Entry>();
  const suppliers = new Map((definition.suppliers ?? []).map((supplier) => [supplier.id, supplier]));
  const mapping = createMappingRunner();
  const adapters = new Map(
    definition.feeds.map((feed) => {
      const supplier = suppliers.get(feed.supplier) ?? null;
      return [feed.id, adapterOf(feed, { supplier, slotTypes: definition.slotTypes ?? null, mapping })];
    }),
  );
  for (const instance of feedInstances(definition)) {
    const periodMs = shortestPeriodMs(instance.feed.schedule) / clock.speed;
    const adapter = adapters.get(instance.feed.id);
    if (adapter) entries.set(instance.id, createEntry(instance, adapter, periodMs));
  }
  const real = (): number => performance.now();
  const lanes = createLanes<Entry>(
    { ...DEFAULT_LIMITS, ...deps.limits },
    (entry) => (entry.queued ? turn(entry).then(ignore) : Promise.resolve()),
    real,
  );
  const schedule = createSchedule(
    [...entries.values()].map(({ id, instance }) => ({ id, schedule: instance.feed.schedule })),
  );
  const pulse = createPulse(real);
  /** Suppliers that asked to be left alone, until when (real). */
  const held = new Map<string, number>();
  const retrying = new Set<Entry>();
  const stopping = new AbortController();
  let ticker: NodeJS.Timeout | null = null;

  const offer = (entry: Entry, now: number): void => {
    if (entry.queued || entry.running || now < entry.notBefore) return;
    entry.queued = true;
    lanes.add(entry, now);
  };

  const tick = (): void => {
    const now = real();
    pulse.beat(now);
    for (const id of schedule.due(clock.now())) {
      const entry = entries.get(id);
      if (entry) offer(entry, now);
    }
    for (const entry of retrying) {
      if (now < entry.notBefore) continue;
      retrying.delete(entry);
      offer(entry, now);
    }
    lanes.pump(now);
  };

  /** The one way to a poll: never two of one instance at once. */
  const turn = (entry: Entry): Promise<PollOutcome> => {
    entry.queued = false;
    entry.running ??= once(entry).finally(() => {
      entry.running = null;
    });
    return entry.running;
  };

  const once = async (entry: Entry): Promise<PollOutcome> => {
    retrying.delete(entry);
    const until = held.get(entry.supplier) ?? 0;
    if (real() < until) {
      entry.notBefore = until;
      retrying.add(entry);
      return publish(entry, heldOutcome(entry, clock, until - real()));
    }
    const polled = await poll(pollDeps, entry.instance, entry.adapter, entry.known, stopping.signal);
    settle(entry, polled);
    return publish(entry, polled.outcome);
  };

  const settle = (entry: Entry, polled: Polled): void => {
    const { state } = polled.outcome;
    entry.known = polled.known;
    if (!polled.outcome.unchanged) entry.rejections = polled.rejections;
    if (state === 'ok' || state === 'partly-rejected') {
      entry.failures = 0;
      entry.notBefore = 0;
      entry.suspect = false;
      return;
    }
    entry.failures++;
    entry.suspect = state === 'timeout';
    const asked = state === 'throttled' || polled.retryAfterMs !== null;
    const wait = asked ? holdMs(polled.retryAfterMs, entry.failures, random()) : backOffMs(entry.failures, random());
    entry.notBefore = real() + wait;
    if (asked && polled.scope === 'supplier') held.set(entry.supplier, entry.notBefore);
    if (retriesBeforeSchedule(state, entry.failures)) retrying.add(entry);
  };

  const publish = (entry: Entry, outcome: PollOutcome): PollOutcome => {
    if (stopping.signal.aborted) return outcome;
    if (outcome.state !== entry.state) {
      const { feed, state, fault, latencyMs } = outcome;
      logger.info({ type: 'feed-state', feed, from: entry.state, state, fault, latencyMs }, 'feed state changed');
      entry.state = state;
    }
    try {
      deps.onOutcome(outcome);
    } catch (error) {
      logger.error({ type: 'feed-outcome-failed', feed: outcome.feed, err: error }, 'outcome was not taken');
    }
    return outcome;
  };

  return {
    start() {
      if (ticker || stopping.signal.aborted) return;
      const now = real();
      pulse.begin(now);
      schedule.due(clock.now());
      for (const entry of entries.values()) {
        if (entry.adapter.heavy) {
          entry.notBefore = Math.max(entry.notBefore, now + HEAVY_AFTER_MS + (stableHash(entry.id) % HEAVY_OVER_MS));
          retrying.add(entry);
        } else offer(entry, now);
      }
      lanes.pump(now);
      ticker = setInterval(tick, TICK_MS);
    },
    async stop() {
      if (ticker) clearInterval(ticker);
      ticker = null;
      stopping.abort();
      lanes.clear();
      retrying.clear();
      schedule.stop();
      await Promise.allSettled([...entries.values()].map(({ running }) => running));
      await Promise.all([http.close(), mapping.close()]);
    },
    pollNow(instanceId) {
      const entry = entries.get(instanceId);
      if (!entry) return Promise.reject(new UnknownFeed(`no feed instance ${JSON.stringify(instanceId)}`));
      return turn(entry);
    },
    conditions: () => pulse.conditions(real(), ticker !== null, lanes.overdueMs(real())),
    rejections: (instanceId) => entries.get(instanceId)?.rejections ?? [],
  };
}

const ignore = (): void => undefined;

function heldOutcome(entry: Entry, clock: Clock, leftMs: number): PollOutcome {
  return {
    feed: entry.id,
    at: clock.now(),
    state: 'throttled',
    fault: `the supplier asks us to poll less often: not polled for another ${Math.ceil(leftMs / 1000)} seconds`,
    observedAt: null,
    readings: [],
    slots: [],
    unchanged: false,
    rejected: 0,
    latencyMs: 0,
    bytes: 0,
  };
}
