import { MINUTE } from '#shared/model/time.ts';
import type { FeedStateAt, RecordedSource, Stretch } from '../domain/replay/recorded.ts';
import type { Database } from './database.ts';
import { unpackRow } from './recorded-pack.ts';
import { readBoard, readChanges, readFeedStates, readStretches, type StoredRow } from './recorded-rows.ts';

/** A row may begin this long before the last change that was read of it: pieces are joined while somebody reads. */
const OVERLAP_MS = 10 * MINUTE;

/** Reads the recording of one run. Rejects with `StoreUnavailable` while the database is away. */
export function createRecordedReader(database: Database, system: string, run: string): RecordedSource {
  return {
    stretches: () => database.query<Stretch>(readStretches(system, run)),
    feedStates: (from, to) => database.query<FeedStateAt>(readFeedStates(system, run, from, to)),
    async board(stretch, at) {
      const [row] = await database.query<StoredRow>(readBoard(system, run, stretch, at));
      return row === undefined ? null : unpackRow(row);
    },
    async changes(stretch, after, until, limit) {
      const since = after.at - OVERLAP_MS;
      const query = readChanges(system, run, stretch, after.seq, since, until, limit);
      return Promise.all((await database.query<StoredRow>(query)).map(unpackRow));
    },
  };
}
