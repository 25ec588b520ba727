import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Commit, Condition, Journal } from '../domain/ports.ts';
import { keepWithinBudget } from './journal-budget.ts';
import { readCheckpoint, writeCheckpoint } from './journal-checkpoints.ts';
import { realDisk, type JournalDisk } from './journal-disk.ts';
import { openEpoch, readIdentity } from './journal-epoch.ts';
import { encodeText } from './journal-frame.ts';
import { listSegments, readBack, readSegment } from './journal-segments.ts';
import { createRecent } from './journal-recent.ts';
import { createWriter } from './journal-writer.ts';
import { describe } from './errors.ts';
import { takeLock } from './lock.ts';

const SYNC_EVERY_MS = 1000;
const TOUCH_EVERY = 5;

export interface Recovered {
  readonly epoch: string;
  /** State of the newest checkpoint; null when there is none. */
  readonly state: unknown;
  /** Position of `state`; 0 without one. */
  readonly seq: number;
  /** Everything after it, oldest first. */
  readonly commits: readonly Commit[];
}

export interface DiskJournal extends Journal {
  /** Lives as long as the folder's content: positions of another journal mean nothing here. */
  readonly id: string;
  readonly lastSeq: number;
  /** To be asked once, before the first `append`. */
  recovered(): Recovered;
  /** Commits after `seq`, oldest first, up to the newest; a dropped or damaged stretch is left out. */
  commitsFrom(seq: number): Iterable<Commit>;
  /** The database has everything up to `seq`: the journal may forget it. */
  stored(seq: number): void;
  /** Resolves once what was appended is on the disk itself (survives loss of power). */
  flush(): Promise<void>;
  condition(): Condition;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly folder: string;
  readonly byteBudget: number;
  readonly logger: Logger;
  readonly disk?: JournalDisk;
}

/** Opens the journal in `folder`, alone. Throws `FolderLocked` while another process has it. */
export function openJournal(options: JournalOptions): Promise<DiskJournal> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, 'lock'), `The data folder ${folder}`);
  try {
    return Promise.resolve(build(options, lock));
  } catch (error) {
    lock.release();
    throw error;
  }
}

function build(
  { folder, byteBudget, logger, disk = realDisk }: JournalOptions,
  lock: ReturnType<typeof takeLock>,
): DiskJournal {
  const segments = listSegments(folder);
  const { found, damaged } = readCheckpoint(folder);
  const back = readBack(segments, found?.seq ?? null);
  const notes = [...damaged.map((seq) => `checkpoint ${seq} could not be read`), ...back.damage];
  for (const note of notes) logger.error({ type: 'journal.damage', folder }, `Journal: ${note}.`);
  const id = readIdentity(folder);
  const whole = back.continuous && Math.max(0, ...damaged) <= (back.lastSeq ?? 0);
  const epoch = openEpoch(folder, whole);
  const recovered: { current: Recovered | null } = {
    current: { epoch: epoch.value, state: found?.state ?? null, seq: found?.seq ?? 0, commits: back.commits },
  };

  let lastSeq = back.lastSeq ?? 0;
  let storedSeq = 0;
  let lostBefore = 0;
  let damageNote = notes.filter((n) => !n.startsWith('an unfinished')).join('; ');
  let checkpointTrouble = '';
  let writing: Promise<void> = Promise.resolve();
  let pending: { seq: number; text: string; lost: number } | null = null;
  let closed = false;
  let beats = 0;

  const recent = createRecent();
  const budget = keepWithinBudget({ folder, segments, byteBudget, logger, stored: () => storedSeq });
  const segmentBytes = Math.min(8 * 1024 * 1024, Math.max(64 * 1024, Math.floor(byteBudget / 16)));
  const writer = createWriter({ folder, segments, segmentBytes, disk, onRoll: budget.tidy });

  const timer = setInterval(() => {
    beats += 1;
    if (beats % TOUCH_EVERY === 0) lock.touch();
    writer.sync(() => undefined);
  }, SYNC_EVERY_MS);
  timer.unref();

  /** While a record could be lost, nobody may resume from this epoch after a restart: the file that vouches for it goes. */
  function vouch(): void {
    const unsure = writer.trouble() !== null || writer.waiting > 0 || writer.lost > lostBefore;
    if (unsure === epoch.vouched) {
      if (unsure) {
        epoch.withdraw();
        logger.error({ type: 'journal.trouble', reason: writer.trouble() }, 'Journal: the disk takes nothing more.');
        budget.tidy();
      } else {
        epoch.vouch();
        if (epoch.vouched) logger.info({ type: 'journal.recovered' }, 'Journal: the disk takes records again.');
      }
    }
  }

  async function writePending(): Promise<void> {
    for (let next = pending; next !== null; next = pending) {
      pending = null;
      try {
        await writeCheckpoint(folder, next.seq, next.text);
        checkpointTrouble = '';
        damageNote = '';
        lostBefore = next.lost;
        budget.tidy();
      } catch (error) {
        checkpointTrouble = describe(error);
        logger.error({ type: 'journal.checkpoint', err: error }, 'Journal: a checkpoint could not be written.');
      }
    }
  }

  return {
    id,
    get lastSeq() {
      return lastSeq;
    },
    recovered() {
      if (recovered.current === null)
        throw new Error('What the journal gave back is asked for once, before the first append.');
      return recovered.current;
    },
    append(commit) {
      if (closed) throw new Error('The journal is closed.');
      recovered.current = null;
      const text = JSON.stringify(commit);
      lastSeq = commit.seq;
      recent.add(commit, text.length);
      writer.append(commit.seq, encodeText('commit', commit.seq, text));
      vouch();
    },
    checkpoint(seq, state) {
      if (closed) throw new Error('The journal is closed.');
      const idle = pending === null;
      pending = { seq, text: JSON.stringify(state), lost: writer.lost };
      if (idle) writing = writing.then(writePending);
    },
    *commitsFrom(after) {
      let seq = after;
      for (;;) {
        if (recent.covers(seq)) {
          const commit = recent.after(seq);
          if (commit === null) return;
          seq = commit.seq;
          yield commit;
          continue;
        }
        const segment = segments.find((s) => s.last > seq);
        const before = seq;
        if (segment !== undefined) {
          const onDamage = (text: string) => logger.error({ type: 'journal.damage', folder }, `Journal: ${text}.`);
          for (const commit of readSegment(segment, seq, onDamage)) {
            seq = commit.seq;
            yield commit;
          }
          if (seq === before) seq = segment.last;
          continue;
        }
        const next = recent.after(seq);
        if (next === null) return;
        seq = next.seq;
        yield next;
      }
    },
    stored(seq) {
      storedSeq = Math.max(storedSeq, seq);
      budget.tidy();
    },
    flush: () =>
      new Promise((resolve, reject) => {
        writer.sync(() => {
          const trouble = writer.trouble();
          if (trouble === null) resolve();
          else reject(new Error(`The journal could not be written: ${trouble}`));
        });
      }),
    condition() {
      const reasons = [
        writer.trouble() === null
          ? ''
          : `The journal's disk takes nothing more (${writer.trouble()}); ${writer.waiting} changes wait in memory`,
        writer.lost > lostBefore ? `${writer.lost - lostBefore} changes could not be kept` : '',
        checkpointTrouble === '' ? '' : `The board's state could not be saved (${checkpointTrouble})`,
        damageNote === '' ? '' : `Part of the journal was damaged: ${damageNote}`,
        budget.note(),
      ].filter((r) => r !== '');
      return { part: 'journal', status: reasons.length === 0 ? 'ok' : 'degraded', reason: reasons.join('. ') };
    },
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      await writing;
      await budget.idle();
      await new Promise<void>((resolve) => {
        writer.sync(resolve);
      });
      writer.close();
      if (writer.trouble() === null && epoch.vouched) epoch.closeClean();
      lock.release();
    },
  };
}
