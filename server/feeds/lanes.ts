import type { Quotas } from './quota.ts';

/** How much may be under way at once. */
export interface LaneLimits {
  /** Polls of one supplier under way. */
  readonly perSupplier: number;
  /** Polls under way in all. */
  readonly overall: number;
  /** Polls begun per real second, whatever the clock's speed. */
  readonly startsPerSecond: number;
}

export const DEFAULT_LIMITS: LaneLimits = { perSupplier: 4, overall: 64, startsPerSecond: 80 };
/** Polls under way of one feed's instances that did not answer last time. */
const SUSPECTS = 2;
/** Polls that may begin at one moment after a quiet spell. */
const BURST_MS = 250;

export interface Job {
  readonly id: string;
  readonly feed: string;
  readonly supplier: string;
  /** Did not answer in time last time: waits in a lane of its own, so that it cannot hold up the healthy. */
  readonly suspect: boolean;
  /** Real milliseconds it may wait for its turn before that is worth saying. */
  readonly patienceMs: number;
  /** False once it has had its turn, or needs none any more: it is then passed over. */
  readonly queued: boolean;
}

const NO_QUOTAS: Pick<Quotas, 'ready' | 'rate'> = { ready: () => true, rate: () => null };

interface Waiting<J> {
  readonly job: J;
  readonly sinceReal: number;
}

interface Lane<J> {
  /** Those that a person asked for go before the others. */
  readonly first: Waiting<J>[];
  readonly queue: Waiting<J>[];
  readonly supplier: string;
  readonly limit: number;
  active: number;
}

export interface Lanes<J extends Job> {
  /** `first`: before all of its lane that are not; a job that waits already moves up. */
  add(job: J, real: number, first?: boolean): void;
  /** Begins what may begin at real time `real`. */
  pump(real: number): void;
  readonly underWay: number;
  /** How many of a supplier's wait for their turn. */
  waiting(supplier: string): number;
  /** Real milliseconds that the longest waiting of those out of patience has waited; 0 where there is none. */
  overdueMs(real: number): number;
  clear(): void;
}

/**
 * Queues in front of the polls, one a feed. A lane with nothing under way may always start its next poll: so neither the
 * limit of its supplier nor the overall one, filled by feeds that hang, can stop another feed. The quota of a
 * supplier stands above that.
 */
export function createLanes<J extends Job>(
  limits: LaneLimits,
  run: (job: J) => Promise<unknown>,
  realNow: () => number,
  quotas: Pick<Quotas, 'ready' | 'rate'> = NO_QUOTAS,
): Lanes<J> {
  const lanes = new Map<string, Lane<J>>();
  const ofSupplier = new Map<string, number>();
  const burst = Math.max(1, (limits.startsPerSecond * BURST_MS) / 1000);
  let underWay = 0;
  let tokens = burst;
  let refilledAt = realNow();
  let turn = 0;

  const laneOf = (job: J): Lane<J> => {
    const key = job.suspect ? `${job.feed}!` : job.feed;
    let lane = lanes.get(key);
    if (!lane) {
      const limit = job.suspect ? SUSPECTS : limits.perSupplier;
      lane = { first: [], queue: [], supplier: job.supplier, limit, active: 0 };
      lanes.set(key, lane);
    }
    return lane;
  };
  const mayStart = ({ active, limit, supplier }: Lane<J>): boolean => {
    const room = active < limit && (ofSupplier.get(supplier) ?? 0) < limits.perSupplier && underWay < limits.overall;
    return (active === 0 || room) && quotas.ready(supplier);
  };
  /** The queue whose head is next in a lane, rid of those that are no longer wanted. */
  const nextOf = ({ first, queue }: Lane<J>): Waiting<J>[] | null => {
    for (const waiting of [first, queue]) {
      while (waiting[0] && !waiting[0].job.queued) waiting.shift();
      if (waiting.length > 0) return waiting;
    }
    return null;
  };

  const start = (lane: Lane<J>, job: J): void => {
    const count = (by: number): void => {
      lane.active += by;
      underWay += by;
      ofSupplier.set(job.supplier, (ofSupplier.get(job.supplier) ?? 0) + by);
    };
    count(1);
    tokens--;
    void run(job).finally(() => {
      count(-1);
      pump(realNow());
    });
  };

  const pump = (real: number): void => {
    tokens = Math.min(burst, tokens + ((real - refilledAt) / 1000) * limits.startsPerSecond);
    refilledAt = real;
    const all = [...lanes.values()];
    let idle = 0;
    // Round robin: each lane in its turn, until no lane can start anything more.
    while (tokens >= 1 && all.length > 0 && idle < all.length) {
      const lane = all[turn++ % all.length];
      const queue = lane ? nextOf(lane) : null;
      const head = lane && queue && mayStart(lane) ? queue.shift() : undefined;
      if (lane && head) {
        start(lane, head.job);
        idle = 0;
      } else idle++;
    }
  };

  const waiting = (supplier: string): number => {
    let count = 0;
    for (const lane of lanes.values()) if (lane.supplier === supplier) count += lane.first.length + lane.queue.length;
    return count;
  };
  /** What the supplier's quota alone makes the last of its queue wait, generously: that is agreed, and nobody's fault. */
  const agreedMs = (supplier: string): number => {
    const rate = quotas.rate(supplier);
    return rate === null ? 0 : (1.5 * waiting(supplier)) / rate;
  };

  return {
    add(job, real, first = false) {
      const lane = laneOf(job);
      (first ? lane.first : lane.queue).push({ job, sinceReal: real });
    },
    pump,
    get underWay() {
      return underWay;
    },
    waiting,
    overdueMs(real) {
      let longest = 0;
      for (const lane of lanes.values()) {
        const head = nextOf(lane)?.[0];
        const waited = head ? real - head.sinceReal : 0;
        if (head && waited > head.job.patienceMs + agreedMs(lane.supplier)) longest = Math.max(longest, waited);
      }
      return longest;
    },
    clear() {
      for (const lane of lanes.values()) lane.first.length = lane.queue.length = 0;
    },
  };
}
