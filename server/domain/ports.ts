import type { DeclaredReason } from '#shared/model/declared-reasons.ts';
import type { Absence, FeedState } from '#shared/model/absence.ts';
import type { Definition } from '#shared/model/definition.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import type { Level } from '#shared/model/level.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
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
  /** `screen`: a paired wall; it reads and reports itself, and commands nothing. */
  readonly role: 'local-operator' | 'system' | 'screen';
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
  /** Derived by a stated rule rather than reported for this site: its share of an account that several sites have. */
  readonly estimated?: true;
  /**
   * Start of the London day for which a since-midnight metric's value is the final total ("yesterday's data"). It
   * completes that day in the history and never stands for today. Absent: the value is of now.
   */
  readonly day?: EpochMs;
}

/** What the people of a site say of themselves. Codes and words of ours only, never free text. */
export interface DeclaredReading {
  readonly site: string;
  /** Null: stood down. */
  readonly level: Level | null;
  readonly reason: DeclaredReason;
  /** A role in our own words ("practice manager"), never a person. */
  readonly by: string;
  readonly at: EpochMs;
  readonly until: EpochMs;
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

/** Bookable capacity of one site as its feed tells it slot by slot. */
export interface SiteSlots {
  /** Feed instance that counts for its slots; null: none brings any. */
  readonly feed: string | null;
  /** False where its standard tells free slots only: how many are taken is not zero but unknown. */
  readonly tellsTaken: boolean;
  /** Today's, past ones too; null: not known now, or told as counts only. */
  readonly now: readonly SlotGroup[] | null;
  /** Where `now` is null: what was last told of today, and for when. In no sum. */
  readonly last: { readonly groups: readonly SlotGroup[]; readonly observedAt: EpochMs } | null;
  /** Hubs: the people they serve; 0 for others. */
  readonly served: number;
}

/** Reads of slots, which units carry as counts only. */
export interface SlotsView {
  /** Null for what is no site of the system. */
  slots(site: string): SiteSlots | null;
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
  /** Declared states that the answer held; absent for feeds that bring none. */
  readonly declared?: readonly DeclaredReading[];
  /** Records the answer held, taken or refused; absent where nothing was read. */
  readonly volume?: number;
  /** When this instance is polled next; null: not planned; absent: unknown. */
  readonly nextPollAt?: EpochMs | null;
  /** Failed polls in a row, this one included; absent: 0. */
  readonly failures?: number;
  /** Set while a person has paused the feed; null once that has ended; absent: nothing to say about it. */
  readonly paused?: Pause | null;
  /** Read again from quarantine: late data, which completes the history and leaves the feed's own state alone. */
  readonly again?: true;
}

export interface Pause {
  readonly by: string;
  readonly reason: string;
  readonly at: EpochMs;
  readonly until: EpochMs | null;
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
  /**
   * A since-midnight total that is no rise over the value before: another feed's, or one told after the day. The day's
   * total is this; when within the day it came about is not known.
   */
  readonly level?: true;
}

/**
 * One revision of the board: what came in, and what it changed. Appended to the journal before anybody hears of it.
 * `inputs` are enough to reach the same state again by replaying them over the state before.
 */
/** Urgent patients of a practice who were booked out of slots held for it, since midnight. */
export interface Placed {
  readonly unit: string;
  /** London midnight. */
  readonly day: EpochMs;
  readonly count: number;
}

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
  /** Rules that came into force with this commit, before anything else in it was worked out. */
  readonly rules?: Rules;
  /** Practices of which it was told anew how many were placed elsewhere. */
  readonly placed?: readonly Placed[];
  /** The journal had to give up its detail: patches and inputs are gone, readings and levels are left. */
  readonly thinned?: true;
}

/** Those placed elsewhere wait no longer: where redirections tell it, and ask what already counts. */
export interface PlacedPort {
  takePlaced(placed: readonly Placed[]): void;
  /** Of that day; what was told since the last tick is not in it. */
  placed(unit: string, day: EpochMs): number;
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

export interface ChartQuery extends SeriesQuery {
  /** Asks for `bounds` as well. */
  readonly band?: boolean;
}

/** What stood in a bucket, the value with which it began included; null where nothing was known. */
export interface SeriesBounds {
  readonly at: EpochMs;
  readonly min: number | null;
  readonly max: number | null;
  /** By how long each value stood, to seven digits. */
  readonly mean: number | null;
  /** Share of the bucket's time in which a value stood and the server was recording. */
  readonly coverage: number;
  /** Readings in the bucket, absences included. */
  readonly count: number;
}

export interface SeriesChart {
  /** Bucket start and value; a gap is null. */
  readonly points: readonly (readonly [EpochMs, number | null])[];
  /** The roll-up behind the points; what it does not have yet comes from the readings themselves. */
  readonly source: 'readings' | 'five-minutes' | 'hours' | 'days';
  /** One a bucket; empty unless asked for, and for counts of the day, whose points are rises. */
  readonly bounds: readonly SeriesBounds[];
}

/** History reads. Rejects with `StoreUnavailable` (code `STORE_UNAVAILABLE`) while the database is away. */
export interface HistoryReader {
  /** A series with the roll-up it came from and, if asked for, its bounds. */
  chart(query: ChartQuery): Promise<SeriesChart>;
  /** The points of a chart. */
  series(query: SeriesQuery): Promise<readonly (readonly [EpochMs, number | null])[]>;
  levelChanges(from: EpochMs, to: EpochMs, limit: number): Promise<readonly LevelChange[]>;
  /** What NHS England published about an organisation, as far as it was imported; the newest `months` months. */
  published(organisation: string, months: number): Promise<PublishedHistory>;
}

export interface SampleQuery {
  readonly units: readonly string[];
  readonly metrics: readonly MetricName[];
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * Some of the readings of one metric of one unit, as they changed, ascending by when they were observed; of two at one
 * time the later arrival stands behind. All arrays have the same length, at least 1.
 */
export interface SampleBlock {
  readonly unit: string;
  readonly metric: MetricName;
  /** Epoch ms. */
  readonly at: Float64Array;
  /** NaN: absent from here on. */
  readonly value: Float64Array;
  /** Why, by place in `ABSENCES` counted from 1, or `QUIET` of domain/quiet.ts; 0: present. */
  readonly absence: Uint8Array;
  /** 1 where a since-midnight total is no rise over the sample before (`Applied.level`); null: nowhere. */
  readonly level: Uint8Array | null;
}

/**
 * Bulk reads of the history, for back-tests and normals. Blocks come day by day: all of one London day before any of the
 * next, a pair's own ascending. Before the first day come blocks of one sample each, observed before `from`: what stands
 * there (looked for 35 days back). A pair without samples has no block. Nothing is held but the block that is read.
 * Rejects with `StoreUnavailable`.
 */
export interface SampleReader {
  samples(query: SampleQuery): AsyncIterable<SampleBlock>;
}

/** A month's published figure; one that is published by day is summed over its days. */
export interface PublishedFigure {
  readonly dataset: string;
  readonly item: string;
  /** `2026-02`. */
  readonly month: string;
  readonly value: number;
  /** Days that stand behind it; null for a figure published by month. */
  readonly days: number | null;
  /** Name of the file it came in. */
  readonly file: string;
}

export interface PublishedHistory {
  /** As the register has it; null where it was not imported or does not know the code. */
  readonly organisation: {
    readonly name: string;
    readonly kind: 'practice' | 'network';
    readonly parent: string | null;
    readonly status: string | null;
    readonly opened: string | null;
    readonly closed: string | null;
  } | null;
  /** Networks a practice was in, newest first; `to` null: to this day. */
  readonly memberships: readonly {
    readonly network: string;
    readonly name: string | null;
    readonly from: string;
    readonly to: string | null;
  }[];
  readonly figures: readonly PublishedFigure[];
}

/** Own normal: what is usual for this site and metric at this time, or null where nothing is known (decision 22). */
export interface Normal {
  usual(site: string, metric: MetricName, at: EpochMs): number | null;
  /** Metrics it can know anything of; absent: any. Saves asking tens of thousands of times a minute in vain. */
  readonly metrics?: ReadonlySet<MetricName>;
  /** Plain words for its origin: "expected from published months". */
  readonly label: string;
  /** What stands behind `usual` of the same arguments; null where nothing is known. Absent: `label` says it of all. */
  about?(site: string, metric: MetricName, at: EpochMs): NormalAbout | null;
}

/** How well the parts behind the board are, for health and for the screen. */
export interface Condition {
  readonly part:
    'store' | 'journal' | 'poller' | 'clock' | 'calendar' | 'database' | 'normals' | 'screens' | 'redirections';
  readonly status: 'ok' | 'degraded' | 'down';
  readonly reason: string;
}

/** One refused record as it is kept: where and why, and a copy in which only what is allowed by name can be read. */
export interface QuarantineRecord {
  readonly id: string;
  /** Feed instance. */
  readonly feed: string;
  readonly supplier: string;
  readonly adapter: string;
  readonly at: EpochMs;
  /** JSON pointer into the payload. */
  readonly place: string;
  /** The pointer with `*` for every index: what refusals are grouped by. */
  readonly field: string;
  readonly reason: string;
  /** Redacted JSON of the record, or null where its detail was thinned. */
  readonly record: string | null;
  readonly state: 'kept' | 'read-again' | 'refused-again';
}

/** Refusals of one supplier's feeds for one reason at one field since midnight. */
export interface QuarantineGroup {
  readonly key: string;
  readonly supplier: string;
  readonly adapter: string;
  readonly field: string;
  readonly reason: string;
  /** The refused value as the redacted copy shows it, or null. */
  readonly example: string | null;
  readonly count: number;
  /** Of `count`: kept whole and not yet read again. */
  readonly kept: number;
  readonly feeds: readonly string[];
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  /** Counts a 15 minutes, oldest first, up to now. */
  readonly history: readonly number[];
}

export interface QuarantineQuery {
  readonly group?: string;
  readonly feed?: string;
  readonly limit: number;
}

export interface ReadAgainResult {
  readonly records: number;
  readonly taken: number;
  readonly refused: number;
}

/** What was refused. Kept on the local disk, bounded; one feed cannot crowd out another. */
export interface QuarantineView {
  groups(): readonly QuarantineGroup[];
  records(query: QuarantineQuery): readonly QuarantineRecord[];
  /** Refused since midnight, in all and by feed instance. */
  today(): number;
  /** Plain words on what was thinned for want of room; empty when nothing was. */
  note(): string;
}

/** A feed's last answer, redacted: what came, for somebody who wants to see for himself. */
export interface KeptAnswer {
  readonly feed: string;
  readonly at: EpochMs;
  /** Null where no answer came. */
  readonly status: number | null;
  /** Only those that are known to hold no secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Redacted, indented; null where there was none or it was no JSON or CSV. */
  readonly body: string | null;
  readonly truncated: boolean;
  readonly state: FeedState;
  readonly fault: string;
}

/** What people may have the poller do. Ids are feed instances or whole feeds (all their instances). */
export interface FeedControl {
  /** Asks for a poll of each as soon as quotas allow; `keep` keeps the redacted answer. How many were asked for. */
  pollNow(ids: readonly string[], keep: boolean): number;
  /** On disk when it returns. `until` null: until somebody resumes it. */
  pause(
    ids: readonly string[],
    pause: { readonly by: string; readonly reason: string; readonly until: EpochMs | null },
  ): number;
  resume(ids: readonly string[], by: string): number;
  /** Reads quarantined records of a group again with today's mapping. Rejects with code UNKNOWN_GROUP. */
  readAgain(group: string): Promise<ReadAgainResult>;
  answer(id: string): KeptAnswer | null;
  /** Whether an id names an instance or a feed. */
  knows(id: string): boolean;
}
