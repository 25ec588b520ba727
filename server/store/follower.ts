import type { EpochMs } from '#shared/model/time.ts';
import type { Commit } from '../domain/ports.ts';
import { ensureNumbers, toBatch, writeBatch, type Batch, type Numbers } from './batch.ts';
import type { Database } from './database.ts';
import type { DiskJournal } from './journal.ts';
import { dropPartitions, makePartitions, weekOf } from './partitions.ts';
import { readPosition, writePosition, type Position } from './position.ts';

const WEEK = 7 * 86_400_000;
/** A batch is closed at so many readings or commits, whichever comes first. */
const READINGS = 6000;
const COMMITS = 400;

export interface FollowerDeps {
  readonly database: Database;
  readonly journal: Pick<DiskJournal, 'id' | 'commitsFrom' | 'stored'>;
  readonly runId: number;
  readonly numbers: Numbers;
  readonly gapMs: number;
  readonly retentionMs: number;
  /** Changes that the journal no longer had when their turn came. */
  readonly onHole: (missing: number) => void;
  readonly onDropped: (names: readonly string[]) => void;
}

export interface Follower {
  /** Takes in what the journal has and the database has not; resolves at its end, or early once `stop` says so. */
  catchUp(stop: () => boolean): Promise<void>;
  readonly seq: number;
  readonly at: EpochMs | null;
}

/**
 * Takes the journal into the database in order, exactly once: rows and position are written in one transaction, and the
 * position is read there again before anything is written. To be made anew after every loss of the connection.
 */
export async function createFollower(deps: FollowerDeps): Promise<Follower> {
  const { database, journal, runId } = deps;
  const made = new Set<EpochMs>();
  let position = await read();
  let at: EpochMs | null = null;
  journal.stored(position);

  async function read(): Promise<number> {
    const [row] = await database.query<Position>(readPosition(runId));
    return row?.journal === journal.id ? row.seq : 0;
  }

  async function makeRoom(batch: Batch): Promise<void> {
    const weeks = new Set(batch.history.map((row) => weekOf(row.quarter)));
    // The one after the newest, so that midnight on a Sunday finds it there.
    weeks.add(weekOf(batch.at)).add(weekOf(batch.at) + WEEK);
    const missing = [...weeks].filter((week) => !made.has(week));
    if (missing.length === 0) return;
    await makePartitions(database, missing);
    for (const week of missing) made.add(week);
    const dropped = await dropPartitions(database, batch.at - deps.retentionMs);
    if (dropped.length > 0) deps.onDropped(dropped);
  }

  async function take(commits: readonly Commit[]): Promise<void> {
    const batch = toBatch(commits, deps.gapMs);
    await ensureNumbers(batch, deps.numbers);
    await makeRoom(batch);
    const before = position;
    const moved = await database.transaction(async (inside) => {
      const [row] = await inside.query<Position>(readPosition(runId));
      const there = row?.journal === journal.id ? row.seq : 0;
      // Another server of the same run was faster, or an answer to `commit` was lost on the way: begin again from there.
      if (there !== before) return there;
      await writeBatch(inside, runId, batch, deps.numbers, deps.gapMs);
      await inside.query(writePosition(runId, { journal: journal.id, seq: batch.seq }, batch.at));
      return batch.seq;
    });
    position = moved;
    at = batch.at;
    journal.stored(position);
    const first = commits[0];
    if (moved === batch.seq && first !== undefined && before > 0 && first.seq > before + 1) {
      deps.onHole(first.seq - before - 1);
    }
  }

  return {
    get seq() {
      return position;
    },
    get at() {
      return at;
    },
    async catchUp(stop) {
      while (!stop()) {
        const commits = gather(journal.commitsFrom(position));
        if (commits.length === 0) return;
        await take(commits);
      }
    },
  };
}

function gather(source: Iterable<Commit>): Commit[] {
  const commits: Commit[] = [];
  let readings = 0;
  for (const commit of source) {
    commits.push(commit);
    readings += commit.applied.length;
    if (readings >= READINGS || commits.length >= COMMITS) break;
  }
  return commits;
}
