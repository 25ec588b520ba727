import { setMaxListeners } from 'node:events';
import type { Definition } from '#shared/model/definition.ts';
import { feedInstances } from '../domain/feed-instances.ts';
import type { Clock, Condition, FeedControl, PollOutcome } from '../domain/ports.ts';
import type { SlotWriter } from '../domain/redirection/ports.ts';
import { adapterOf } from './adapters/registry.ts';
import type { Rejection } from './adapters/adapter.ts';
import { createAnswers } from './answers.ts';
import { createAsks } from './asks.ts';
import { createAuthority } from './auth/authority.ts';
import { createControl } from './control.ts';
import { createEntry, type Entry } from './entry.ts';
import { createSlotWriter } from './holds/writer.ts';
import { createHttp } from './http.ts';
import { createLanes, DEFAULT_LIMITS, type LaneLimits, type Lanes } from './lanes.ts';
import type { Logger } from './logger.ts';
import { createMappingRunner } from './mapping/worker-runner.ts';
import { openPauses } from './pauses.ts';
import { createPulse } from './pulse.ts';
import type { Quarantine } from './quarantine.ts';
import { createQuotas } from './quota.ts';
import { createSchedule, stableHash } from './schedule.ts';
import type { Secrets } from './secrets.ts';
import { createSkew, type Skew } from './skew.ts';
import { createTurns } from './turns.ts';

const TICK_MS = 100;
/** First polls of heavy feeds: this long after the start, spread over this long. */
const HEAVY_AFTER_MS = 4000;
const HEAVY_OVER_MS = 15_000;

export interface PollerDeps {
  readonly definition: Definition;
  readonly clock: Clock;
  readonly secret: Secrets;
  readonly quarantine: Quarantine;
  /** Where pauses are kept; null: in memory only. */
  readonly pausesFile: string | null;
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
  /** Polls one instance now (or joins its poll under way), past the queue but not the quota. Rejects only for an id that is none. */
  pollNow(instanceId: string): Promise<PollOutcome>;
  /** What people may have it do. */
  readonly control: FeedControl;
  /** Sets slots aside where a feed says how. */
  readonly writer: SlotWriter;
  conditions(): Condition[];
  /** How far the suppliers' clocks are ahead of ours, by their `Date`; null while none can be compared. */
  clockOffset(): ReturnType<Skew['offset']>;
  /** What the last read of an instance refused, places and reasons only; empty for an unknown id. */
  rejections(instanceId: string): readonly Rejection[];
}

export class UnknownFeed extends Error {
  readonly code = 'UNKNOWN_FEED';
}

const real = (): number => performance.now();

/** Polls every feed instance of a definition on the product's clock; time limits and retries go by real time. */
export function createPoller(deps: PollerDeps): Poller {
  const { definition, clock, secret, logger, quarantine, onOutcome, random = Math.random } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  // Each poll listens for the end while it is under way.
  setMaxListeners(0, signal);
  const http = createHttp({ allowPrivate: definition.allowPrivateAddresses });
  const mapping = createMappingRunner();
  const authority = createAuthority({ http, secret, logger });
  const quotas = createQuotas(definition.suppliers ?? [], real);
  const skew = createSkew(clock, real);
  const answers = createAnswers();
  const entries = entriesOf(deps, mapping);
  const schedule = createSchedule(
    [...entries.values()].map(({ id, instance }) => ({ id, schedule: instance.feed.schedule })),
  );
  const pulse = createPulse(real);
  const turns = createTurns({
    ...{ http, clock, authority, quotas, skew, quarantine, logger, answers, schedule, onOutcome, real, random, signal },
    lanes: () => lanes,
  });
  // A turn never rejects; if one does, that is our own fault and one feed's, and no reason for the server to end.
  const run = (entry: Entry): Promise<unknown> =>
    turns.turn(entry).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : typeof error;
      logger.error({ type: 'feed-turn-failed', feed: entry.id, error: name }, 'a poll failed within us');
    });
  const lanes: Lanes<Entry> = createLanes<Entry>({ ...DEFAULT_LIMITS, ...deps.limits }, run, real, quotas);
  let ticker: NodeJS.Timeout | null = null;

  const offer = (entry: Entry, now: number): void => {
    if (entry.queued || entry.running || entry.pause || now < entry.notBefore) return;
    entry.queued = true;
    lanes.add(entry, now);
  };
  const askFirst = (entry: Entry): void => {
    if (entry.running || entry.pause || signal.aborted) return;
    entry.queued = true;
    lanes.add(entry, real(), true);
    lanes.pump(real());
  };
  const pauses = openPauses(deps.pausesFile, logger);
  const control = createControl({
    ...{ clock, entries, pauses, turns, answers, quarantine, askFirst, onOutcome, logger, signal },
  });
  const writer = createSlotWriter({
    ...{ definition, clock, http, authority, quotas, secret, signal, requester: requesterOf(definition) },
    pollAfresh: control.pollAfresh,
  });

  const tick = (): void => {
    const now = real();
    pulse.beat(now);
    control.tick();
    for (const id of schedule.due(clock.now())) {
      const entry = entries.get(id);
      if (entry) offer(entry, now);
    }
    for (const entry of turns.retrying) {
      if (now < entry.notBefore) continue;
      turns.retrying.delete(entry);
      offer(entry, now);
    }
    lanes.pump(now);
  };

  return {
    start() {
      if (ticker || signal.aborted) return;
      const now = real();
      pulse.begin(now);
      schedule.due(clock.now());
      control.start();
      for (const entry of entries.values()) {
        if (entry.adapter.heavy && !entry.pause) {
          entry.notBefore = Math.max(entry.notBefore, now + HEAVY_AFTER_MS + (stableHash(entry.id) % HEAVY_OVER_MS));
          turns.retrying.add(entry);
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
      turns.retrying.clear();
      quotas.stop();
      schedule.stop();
      await Promise.allSettled([...entries.values()].map(({ running }) => running));
      await Promise.all([http.close(), mapping.close()]);
    },
    pollNow(instanceId) {
      const entry = entries.get(instanceId);
      if (!entry) return Promise.reject(new UnknownFeed(`no feed instance ${JSON.stringify(instanceId)}`));
      return turns.turn(entry);
    },
    control,
    writer,
    conditions: () => [
      ...pulse.conditions(real(), ticker !== null, lanes.overdueMs(real()), pauses.lost()),
      ...skew.conditions(),
    ],
    clockOffset: skew.offset,
    rejections: (instanceId) => entries.get(instanceId)?.rejections ?? [],
  };
}

/** Whom suppliers are told that asks. */
const requesterOf = (definition: Definition): string => definition.units[0]?.odsCode ?? definition.id;

/** Every instance of the definition; those of one feed share its adapter. */
function entriesOf(
  { definition, clock, secret }: PollerDeps,
  mapping: ReturnType<typeof createMappingRunner>,
): Map<string, Entry> {
  const requester = requesterOf(definition);
  const suppliers = new Map((definition.suppliers ?? []).map((supplier) => [supplier.id, supplier]));
  const slotTypes = definition.slotTypes ?? null;
  const adapters = new Map(
    definition.feeds.map((feed) => {
      const supplier = suppliers.get(feed.supplier) ?? null;
      return [feed.id, adapterOf(feed, { supplier, slotTypes, mapping })];
    }),
  );
  return new Map(
    feedInstances(definition).flatMap((instance) => {
      const adapter = adapters.get(instance.feed.id);
      if (!adapter) return [];
      const asks = createAsks({ secret, requester }, instance, adapter);
      return [[instance.id, createEntry(instance, adapter, asks, clock.speed)] as const];
    }),
  );
}
