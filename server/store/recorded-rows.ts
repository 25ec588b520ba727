import type { EpochMs } from '#shared/model/time.ts';
import type { RecordedRow, Stretch } from '../domain/replay/recorded.ts';
import type { Query } from './database.ts';
import { RUN } from './run.ts';

/** A row of the recording, ready to be written. */
export interface PackedRow {
  readonly kind: RecordedRow['kind'];
  readonly stretch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly rules: string;
  /** Length of the text in `body`. */
  readonly bytes: number;
  readonly body: Buffer;
}

export interface StoredStretch extends Stretch {
  readonly journal: string;
  readonly epoch: string;
  readonly toSeq: number;
}

const time = (place: number) => `to_timestamp($${place}::float8 / 1000)`;
const ms = (column: string, name: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${name}"`;
const KINDS: readonly RecordedRow['kind'][] = ['board', 'changes'];
const kindOf = (kind: RecordedRow['kind']) => KINDS.indexOf(kind);

/** Written twice it is the same row. */
export const addRow = (runId: number, row: PackedRow): Query => ({
  name: 'add-recorded',
  text: `insert into recorded (run_id, stretch, kind, from_seq, to_seq, from_at, to_at, rules, bytes, body)
         values ($1, $2, $3, $4, $5, ${time(6)}, ${time(7)}, $8, $9, $10)
         on conflict (run_id, stretch, kind, from_seq, from_at) do update
           set to_seq = excluded.to_seq, to_at = excluded.to_at, bytes = excluded.bytes, body = excluded.body`,
  values: [
    ...[runId, row.stretch, kindOf(row.kind), row.fromSeq, row.toSeq, row.from, row.to, row.rules, row.bytes],
    row.body,
  ],
});

/** Takes away the pieces of a row that is now written whole. */
export const dropPieces = (runId: number, stretch: number, fromSeq: number, from: EpochMs): Query => ({
  name: 'drop-recorded-pieces',
  text: `delete from recorded
         where run_id = $1 and stretch = $2 and kind = 1 and from_seq >= $3 and from_at >= ${time(4)}`,
  values: [runId, stretch, fromSeq, from],
});

/** Begins a stretch, or says how far it has come. */
export const putStretch = (runId: number, s: StoredStretch): Query => ({
  name: 'put-stretch',
  text: `insert into recorded_stretch (run_id, stretch, journal, epoch, from_at, to_at, to_seq)
         values ($1, $2, $3, $4, ${time(5)}, ${time(6)}, $7)
         on conflict (run_id, stretch) do update
           set epoch = excluded.epoch, to_at = excluded.to_at, to_seq = excluded.to_seq`,
  values: [runId, s.stretch, s.journal, s.epoch, s.from, s.to, s.toSeq],
});

export const readLastStretch = (runId: number): Query => ({
  name: 'read-last-stretch',
  text: `select stretch, journal, epoch, ${ms('from_at', 'from')}, ${ms('to_at', 'to')}, to_seq as "toSeq"
         from recorded_stretch where run_id = $1 order by stretch desc limit 1`,
  values: [runId],
});

export const readStretches = (system: string, run: string): Query => ({
  name: 'read-stretches',
  text: `select stretch, ${ms('from_at', 'from')}, ${ms('to_at', 'to')}
         from recorded_stretch where run_id = ${RUN} order by stretch`,
  values: [system, run],
});

/** The state of each feed at `from`, then every change of one up to `to`. */
export const readFeedStates = (system: string, run: string, from: EpochMs, to: EpochMs): Query => ({
  name: 'read-feed-states',
  text: `(select distinct on (feed) feed, ${ms('at', 'at')}, state from feed_state_change
          where run_id = ${RUN} and at <= ${time(3)} order by feed, feed_state_change.at desc)
         union all
         (select feed, ${ms('at', 'at')}, state from feed_state_change
          where run_id = ${RUN} and at > ${time(3)} and at <= ${time(4)})
         order by "at", feed`,
  values: [system, run, from, to],
});

/** A row as the database gives it: its kind by number. */
export interface StoredRow extends Omit<PackedRow, 'kind'> {
  readonly kind: number;
}
const ROW = `kind, stretch, from_seq as "fromSeq", to_seq as "toSeq", ${ms('from_at', 'from')}, ${ms('to_at', 'to')},
             rules, bytes, body`;

/**
 * The newest whole board of a stretch at or before `at`, then the changes after it that begin by then, in one go. No board
 * before `since` is looked for: weeks that need not be searched are not even planned for.
 */
export const readUpTo = (
  values: readonly [system: string, run: string, stretch: number, at: EpochMs, since: EpochMs, limit: number],
): Query => ({
  name: 'read-recorded-up-to',
  text: `with board as (select from_seq, from_at from recorded
                        where run_id = ${RUN} and stretch = $3 and kind = 0
                          and from_at <= ${time(4)} and from_at >= ${time(5)}
                        order by from_at desc, from_seq desc limit 1)
         (select ${ROW} from recorded
          where run_id = ${RUN} and stretch = $3 and kind = 0
            and from_at = (select from_at from board) and from_seq = (select from_seq from board))
         union all
         (select ${ROW} from recorded
          where run_id = ${RUN} and stretch = $3 and kind = 1 and to_seq > (select from_seq from board)
            and from_at >= (select from_at from board) and from_at <= ${time(4)} and from_at >= ${time(5)}
          order by from_seq limit $6)`,
  values,
});

/** Changes after revision `after` that begin at or before `until`; none begins earlier than `since`. */
export const readChanges = (
  ...[system, run, stretch, after, since, until, limit]: [string, string, number, number, EpochMs, EpochMs, number]
): Query => ({
  name: 'read-recorded-changes',
  text: `select ${ROW} from recorded
         where run_id = ${RUN} and stretch = $3 and kind = 1 and to_seq > $4
           and from_at >= ${time(5)} and from_at <= ${time(6)}
         order by from_seq limit $7`,
  values: [system, run, stretch, after, since, until, limit],
});
