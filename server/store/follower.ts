import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Commit } from '../domain/ports.ts';
import { ensureNumbers, toBatch, writeBatch, type Batch, type Numbers } from './batch.ts';
import type { Database } from './database.ts';
import type { DiskJournal } from './journal.ts';
import { makePartitions, weekOf } from './partitions.ts';
import { readPosition, writePosition, type Position } from './position.ts';
import { dropRecordedPartitions, makeRecordedPartitions } from './recorded-partitions.ts';
import type { Recorder, Recording } from './recorder.ts';
import { keptFrom } from './retention.ts';

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
  /** Keeps the body of rules that come into force. */
  readonly describeRules: (rules: Rules) => Promise<void>;
  /** Changes that the journal no longer had when their turn came. */
  readonly onHole: (missing: number) => void;
  readonly onDropped: (names: readonly string[]) => void;
  /** Makes what records the broadcast, from a position of the journal on; absent: it is not recorded. */
  readonly recorder?: (position: number) => Promise<Recorder>;
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
  const madeRecorded = new Set<EpochMs>();
  let recorder: Recorder | null = null;
  let position = await read();
  let at: EpochMs | null = null;
  journal.stored(position);

  async function read(): Promise<number> {
    const [row] = await database.query<Position>(readPosition(runId));
    return row?.journal === journal.id ? row.seq : 0;
  }

  async function makeRecordedRoom({ times }: Recording): Promise<void> {
    const missing = [...new Set(times.map(weekOf))].filter((week) => !madeRecorded.has(week));
    if (missing.length === 0) return;
    await makeRecordedPartitions(database, missing);
    for (const week of missing) madeRecorded.add(week);
    const before = await keptFrom(database, Math.max(...times), deps.retentionMs);
    const dropped = await dropRecordedPartitions(database, before);
    if (dropped.length > 0) deps.onDropped(dropped);
  }

  async function makeRoom(batch: Batch): Promise<void> {
    const weeks = new Set(batch.history.map((row) => weekOf(row.quarter)));
    // The one after the newest, so that midnight on a Sunday finds it there.
    weeks.add(weekOf(batch.at)).add(weekOf(batch.at) + WEEK);
    const missing = [...weeks].filter((week) => !made.has(week));
    if (missing.length === 0) return;
    await makePartitions(database, missing);
    for (const week of missing) made.add(week);
  }

  async function take(commits: readonly Commit[]): Promise<void> {
    const batch = toBatch(commits, deps.gapMs);
    await ensureNumbers(batch, deps.numbers);
    for (const { rules } of commits) if (rules) await deps.describeRules(rules);
    await makeRoom(batch);
    const before = position;
    recorder ??= (await deps.recorder?.(position)) ?? null;
    const recording = await recorder?.prepare(commits);
    if (recording !== undefined) await makeRecordedRoom(recording);
    const moved = await database.transaction(async (inside) => {
      const [row] = await inside.query<Position>(readPosition(runId));
      const there = row?.journal === journal.id ? row.seq : 0;
      // Another server of the same run was faster, or an answer to `commit` was lost on the way: begin again from there.
      if (there !== before) return there;
      await writeBatch(inside, runId, batch, deps.numbers, deps.gapMs);
      await recording?.write(inside);
      await inside.query(writePosition(runId, { journal: journal.id, seq: batch.seq }, batch.at));
      return batch.seq;
    });
    position = moved;
    // What it holds was not written: it begins again from what was.
    if (moved !== batch.seq) recorder = null;
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
