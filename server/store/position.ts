import type { EpochMs } from '#shared/model/time.ts';
import type { Query } from './database.ts';

export interface Position {
  readonly journal: string;
  readonly seq: number;
}

/** `for update`: a second follower of the same run waits here, and then finds that its batch is already in. */
export const readPosition = (runId: number): Query => ({
  name: 'read-position',
  text: 'select journal, seq from journal_position where run_id = $1 for update',
  values: [runId],
});

export const writePosition = (runId: number, position: Position, at: EpochMs): Query => ({
  name: 'write-position',
  text: `insert into journal_position (run_id, journal, seq, at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
         on conflict (run_id) do update set journal = excluded.journal, seq = excluded.seq, at = excluded.at, stored_at = now()`,
  values: [runId, position.journal, position.seq, at],
});
