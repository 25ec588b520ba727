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
}

interface Lane<J> {
  readonly queue: { readonly job: J; readonly sinceReal: number }[];
  readonly limit: number;
  active: number;
}

export interface Lanes<J extends Job> {
  add(job: J, real: number): void;
  /** Begins what may begin at real time `real`. */
  pump(real: number): void;
  readonly underWay: number;
  /** Real milliseconds that the longest waiting of those out of patience has waited; 0 where there is none. */
  overdueMs(real: number): number;
  clear(): void;
}

/**
 * Queues in front of the polls, one a feed. A lane with nothing under way may always start its next poll: so neither the
 * limit of its supplier nor the overall one, filled by feeds that hang, can stop another feed.
 */
export function createLanes<J extends Job>(
  limits: LaneLimits,
  run: (job: J) => Promise<void>,
  realNow: () => number,
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
      lane = { queue: [], limit: job.suspect ? SUSPECTS : limits.perSupplier, active: 0 };
      lanes.set(key, lane);
    }
    return lane;
  };
  const mayStart = (lane: Lane<J>, supplier: string): boolean =>
    lane.active === 0 ||
    (lane.active < lane.limit && (ofSupplier.get(supplier) ?? 0) < limits.perSupplier && underWay < limits.overall);

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
      const head = lane?.queue[0];
      if (lane && head && mayStart(lane, head.job.supplier)) {
        lane.queue.shift();
        start(lane, head.job);
        idle = 0;
      } else idle++;
    }
  };

  return {
    add(job, real) {
      laneOf(job).queue.push({ job, sinceReal: real });
    },
    pump,
    get underWay() {
      return underWay;
    },
    overdueMs(real) {
      let longest = 0;
      for (const [head] of [...lanes.values()].map(({ queue }) => queue)) {
        const waited = head ? real - head.sinceReal : 0;
        if (head && waited > head.job.patienceMs) longest = Math.max(longest, waited);
      }
      return longest;
    },
    clear() {
      for (const lane of lanes.values()) lane.queue.length = 0;
    },
  };
}
