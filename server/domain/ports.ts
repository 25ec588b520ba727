import type { Absence, FeedState } from '#shared/model/absence.ts';
import type { Definition } from '#shared/model/definition.ts';
import type { Level } from '#shared/model/level.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedPatch, FeedStatus, Unit, UnitPatch } from '#shared/model/unit.ts';

/** The product's clock (decision 1): affine to the real one in the demonstration, equal to it in production. */
export interface Clock {
  now(): EpochMs;
  readonly speed: number;
  readonly simulated: boolean;
  /** Real milliseconds until the product's clock reads `at`; never negative. */
  realMsUntil(at: EpochMs): number;
}

/** Who asks. One local actor while only loopback is served; every command and subscription carries one. */
export interface Actor {
  readonly id: string;
  readonly role: 'local-operator' | 'system';
  /** Visibility tier: part of every room key, so that a lower tier can never share a frame with a higher one. */
  readonly tier: 'all';
}
export const SYSTEM_ACTOR: Actor = { id: 'system', role: 'system', tier: 'all' };

/** One metric of one site as an adapter understood it: a value, or its absence with the reason. Never a person. */
export interface Reading {
  readonly site: string;
  readonly metric: MetricName;
  readonly value: number | null;
  readonly absence?: Absence;
  readonly detail?: string;
}

/** Bookable capacity of one kind at one start time at one site: slots are kept as groups, never with a person. */
export interface SlotGroup {
  readonly start: EpochMs;
  readonly minutes: number;
  readonly channel: 'in-person' | 'telephone' | 'video' | null;
  readonly role: string | null;
  readonly service: string | null;
  readonly free: number;
  readonly busy: number;
  readonly held: number;
}

/** What one poll of one feed instance came to. Adapters and poller make it; the board applies it. */
export interface PollOutcome {
  /** Feed instance id: `<feed>` or `<feed>:<ODS>`. */
  readonly feed: string;
  /** Product clock when the answer was complete (or given up on). */
  readonly at: EpochMs;
  readonly state: FeedState;
  /** Plain words for people, no secrets, no personal data; empty when well. */
  readonly fault: string;
  /** The payload's own time where the standard has one, else the response's; null when nothing came. */
  readonly observedAt: EpochMs | null;
  /** Empty unless the state is `ok` or `partly-rejected`. `unchanged` says that everything last sent still stands. */
  readonly readings: readonly Reading[];
  readonly slots: readonly { readonly site: string; readonly groups: readonly SlotGroup[] }[];
  readonly unchanged: boolean;
  /** Records refused in this poll. */
  readonly rejected: number;
  readonly latencyMs: number;
  readonly bytes: number;
}

export interface LevelChange {
  readonly at: EpochMs;
  readonly unit: string;
  readonly from: Level | null;
  readonly to: Level | null;
  readonly score: number | null;
  /** Plain words, why. */
  readonly text: string;
  /** `<version>/<hash>` of the rules it was judged by. */
  readonly rules: string;
}

/** A reading as the board took it in: counters made whole-day totals across resets, unchanged values left out. */
export interface Applied {
  readonly unit: string;
  readonly metric: MetricName;
  readonly value: number | null;
  readonly absence: Absence | null;
  readonly detail: string | null;
  readonly observedAt: EpochMs;
  readonly receivedAt: EpochMs;
  readonly feed: string | null;
}

/**
 * One revision of the board: what came in, and what it changed. Appended to the journal before anybody hears of it.
 * `inputs` are enough to reach the same state again by replaying them over the state before.
 */
export interface Commit {
  readonly seq: number;
  readonly epoch: string;
  /** Product clock of the tick. */
  readonly at: EpochMs;
  readonly units: readonly UnitPatch[];
  readonly removed: readonly string[];
  readonly feeds: readonly FeedPatch[];
  readonly applied: readonly Applied[];
  readonly levels: readonly LevelChange[];
  readonly inputs: readonly PollOutcome[];
}

/** Reads of the live state. The snapshot comes from memory, never from SQL. */
export interface BoardView {
  readonly definition: Definition;
  readonly epoch: string;
  readonly seq: number;
  readonly at: EpochMs;
  /** A unit that changes is replaced by a new object, never changed in place. */
  units(): readonly Unit[];
  unit(id: string): Unit | undefined;
  feeds(): readonly FeedStatus[];
  /** The unit, all beneath it and its ancestors; null for an unknown id. */
  scope(id: string): ReadonlySet<string> | null;
  /** Commits after `since`, oldest first; null when the ring no longer reaches back that far. */
  commitsSince(since: number): readonly Commit[] | null;
  /** Called once per commit, after the journal has it. Returns the way out. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Level changes of today, newest first, at most `limit`. */
  changes(limit: number): readonly LevelChange[];
}

/** The local append-only log. `append` returns once the bytes are the operating system's (they survive kill -9). */
export interface Journal {
  append(commit: Commit): void;
  /** State to start again from, written now and then; older commits may then be dropped once the store has them. */
  checkpoint(seq: number, state: unknown): void;
}

export interface SeriesQuery {
  readonly unit: string;
  readonly metric: MetricName;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Milliseconds; buckets align to London midnight. */
  readonly step: number;
}

/** History reads. Rejects with `StoreUnavailable` (code `STORE_UNAVAILABLE`) while the database is away. */
export interface HistoryReader {
  series(query: SeriesQuery): Promise<readonly (readonly [EpochMs, number | null])[]>;
  levelChanges(from: EpochMs, to: EpochMs, limit: number): Promise<readonly LevelChange[]>;
}

/** Own normal: what is usual for this site and metric at this time, or null where nothing is known (decision 22). */
export interface Normal {
  usual(site: string, metric: MetricName, at: EpochMs): number | null;
  /** Metrics it can know anything of; absent: any. Saves asking tens of thousands of times a minute in vain. */
  readonly metrics?: ReadonlySet<MetricName>;
  /** Plain words for its origin: "expected from published months". */
  readonly label: string;
}

/** How well the parts behind the board are, for health and for the screen. */
export interface Condition {
  readonly part: 'store' | 'journal' | 'poller' | 'clock' | 'calendar' | 'database';
  readonly status: 'ok' | 'degraded' | 'down';
  readonly reason: string;
}
