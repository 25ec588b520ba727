import { HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { FeedStateAt, RecordedSource, Stretch } from '../domain/replay/recorded.ts';
import type { Database } from './database.ts';
import { unpackRow } from './recorded-pack.ts';
import { readChanges, readFeedStates, readStretches, readUpTo, type StoredRow } from './recorded-rows.ts';

/** Each week in which something changed has a whole board. */
const MOST_APART_MS = 8 * 24 * HOUR;
/** A row may begin this long before the last change that was read of it: pieces are joined while somebody reads. */
const OVERLAP_MS = 10 * MINUTE;

/** Reads the recording of one run. Rejects with `StoreUnavailable` while the database is away. */
export function createRecordedReader(database: Database, system: string, run: string): RecordedSource {
  return {
    stretches: () => database.query<Stretch>(readStretches(system, run)),
    feedStates: (from, to) => database.query<FeedStateAt>(readFeedStates(system, run, from, to)),
    async upTo(stretch, at, limit) {
      const ask = (since: EpochMs) => database.query<StoredRow>(readUpTo([system, run, stretch, at, since, limit]));
      let rows = await ask(at - MOST_APART_MS);
      // Nothing had changed for weeks.
      if (rows.length === 0) rows = await ask(0);
      const read = await Promise.all(rows.map(unpackRow));
      const board = read.find(({ kind }) => kind === 'board');
      const changes = read.filter(({ kind }) => kind === 'changes').sort((a, b) => a.fromSeq - b.fromSeq);
      return board === undefined ? null : { board, changes };
    },
    async changes(stretch, after, until, limit) {
      const since = after.at - OVERLAP_MS;
      const query = readChanges(system, run, stretch, after.seq, since, until, limit);
      return Promise.all((await database.query<StoredRow>(query)).map(unpackRow));
    },
  };
}
