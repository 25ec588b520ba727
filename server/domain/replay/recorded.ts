import type { EpochMs } from '#shared/model/time.ts';

/** A stretch of product time in which every change of the board was recorded. Numbers rise with time. */
export interface Stretch {
  readonly stretch: number;
  readonly from: EpochMs;
  /** Time of its last revision. */
  readonly to: EpochMs;
}

export interface Revision {
  readonly seq: number;
  readonly at: EpochMs;
}

/** A piece of the recording: lines of ASCII text, either a whole board (`board`) or the changes after it. */
export interface RecordedRow {
  readonly kind: 'board' | 'changes';
  readonly stretch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** `<version>/<hash>` of the rules it was judged by. */
  readonly rules: string;
  /** In bytes: as one text it would be more than the engine likes to hold. */
  readonly text: Uint8Array;
}

/** What a feed came to at a time. */
export interface FeedStateAt {
  readonly feed: string;
  readonly at: EpochMs;
  readonly state: string;
}

/** From where a moment is reached. `changes`: those rows after the board that begin at or before it, oldest first. */
export interface RecordedStart {
  readonly board: RecordedRow;
  readonly changes: readonly RecordedRow[];
}

/** Reads of the recording; rows are the own of whoever gets them. Rejects with `StoreUnavailable` (code `STORE_UNAVAILABLE`) while the database is away. */
export interface RecordedSource {
  /** Every stretch, oldest first. */
  stretches(): Promise<readonly Stretch[]>;
  /** The newest whole board of a stretch at or before `at`, and the changes from there on; null where it has none. */
  upTo(stretch: number, at: EpochMs, limit: number): Promise<RecordedStart | null>;
  /** Rows with changes after a revision that begin at or before `until`, oldest first, at most `limit` of them. */
  changes(stretch: number, after: Revision, until: EpochMs, limit: number): Promise<readonly RecordedRow[]>;
  /** The state of each feed at `from`, then every change of one up to `to`, in order of time. */
  feedStates(from: EpochMs, to: EpochMs): Promise<readonly FeedStateAt[]>;
}
