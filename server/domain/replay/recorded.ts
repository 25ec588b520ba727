import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { Change } from './shadow.ts';

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

/** A piece of the recording: lines of text, either a whole board (`board`) or the changes after it. */
export interface RecordedRow {
  readonly kind: 'board' | 'changes';
  readonly stretch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** `<version>/<hash>` of the rules it was judged by. */
  readonly rules: string;
  readonly text: string;
}

/** What a feed came to at a time. */
export interface FeedStateAt {
  readonly feed: string;
  readonly at: EpochMs;
  readonly state: string;
}

/** Reads of the recording. Rejects with `StoreUnavailable` (code `STORE_UNAVAILABLE`) while the database is away. */
export interface RecordedSource {
  /** Every stretch, oldest first. */
  stretches(): Promise<readonly Stretch[]>;
  /** The newest whole board of a stretch at or before `at`; null where the stretch has none. */
  board(stretch: number, at: EpochMs): Promise<RecordedRow | null>;
  /** Rows with changes after a revision that begin at or before `until`, oldest first, at most `limit` of them. */
  changes(stretch: number, after: Revision, until: EpochMs, limit: number): Promise<readonly RecordedRow[]>;
  /** The state of each feed at `from`, then every change of one up to `to`, in order of time. */
  feedStates(from: EpochMs, to: EpochMs): Promise<readonly FeedStateAt[]>;
}

/** Units and feeds of a whole board, one a line, so that neither writing nor reading it need be done at one go. */
export type BoardLine = { readonly unit: Unit } | { readonly feed: FeedStatus };

export const sayBoardLine = (line: BoardLine): string => JSON.stringify(line);
export const readBoardLine = (text: string): BoardLine => JSON.parse(text) as BoardLine;

/** A change as a line; what is empty at its end is left out. */
export function sayChange({ seq, at, units, feeds, removed }: Change): string {
  if (removed.length > 0) return JSON.stringify([seq, at, units, feeds, removed]);
  return JSON.stringify([seq, at, units, feeds]);
}

/** Throws where the line is none. */
export function readChange(text: string): Change {
  const [seq, at, units, feeds, removed = []] = JSON.parse(text) as [
    number,
    EpochMs,
    Change['units'],
    Change['feeds'],
    string[]?,
  ];
  // As changes were written once, they would be taken for none.
  for (const deltas of [units, feeds]) {
    for (const id in deltas) if (!Array.isArray(deltas[id])) throw new TypeError(`the change of ${id} is not a list`);
  }
  return { seq, at, units, feeds, removed };
}
