import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Commit, Condition, Journal } from '../domain/ports.ts';
import { keepWithinBudget } from './journal-budget.ts';
import { createCheckpointer } from './journal-checkpointer.ts';
import { realDisk, type JournalDisk } from './journal-disk.ts';
import { encodeText } from './journal-frame.ts';
import { openFolder, type Opened, type Recovered } from './journal-opening.ts';
import { commitsAfter } from './journal-read.ts';
import { createRecent } from './journal-recent.ts';
import { createVoucher } from './journal-voucher.ts';
import { createWriter, type Writer } from './journal-writer.ts';
import { takeLock, type FolderLock } from './lock.ts';

const SYNC_EVERY_MS = 1000;
const TOUCH_EVERY = 5;
const MOST_SEGMENT_BYTES = 8 * 1024 * 1024;
const LEAST_SEGMENT_BYTES = 64 * 1024;

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

/** Opens the journal in `folder`, alone. Rejects with `FolderLocked` while another process has it. */
export async function openJournal(options: JournalOptions): Promise<DiskJournal> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, 'lock'), `The data folder ${folder}`);
  try {
    return build(options, openFolder(folder, options.logger), lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function build(options: JournalOptions, opened: Opened, lock: FolderLock): DiskJournal {
  const { folder, byteBudget, logger } = options;
  const { segments, epoch } = opened;
  let { lastSeq, damage } = opened;
  let recovered: Recovered | null = opened.recovered;
  let storedSeq = 0;
  let closed = false;

  const recent = createRecent();
  const budget = keepWithinBudget({ folder, segments, byteBudget, logger, stored: () => storedSeq });
  const segmentBytes = Math.min(MOST_SEGMENT_BYTES, Math.max(LEAST_SEGMENT_BYTES, Math.floor(byteBudget / 16)));
  const disk = options.disk ?? realDisk;
  const writer = createWriter({ folder, segments, segmentBytes, disk, onRoll: budget.tidy });
  const voucher = createVoucher(epoch, writer, logger);
  const checkpoints = createCheckpointer({
    folder,
    logger,
    mark: () => writer.lost,
    onWritten: (lost) => {
      // The state holds what the records before it could not: from here on the journal is whole again.
      voucher.forgive(lost);
      damage = '';
      budget.tidy();
    },
  });
  const stopBeat = beat(() => writer.sync(() => undefined), lock);
  const onDamage = (text: string) => logger.error({ type: 'journal.damage', folder }, `Journal: ${text}.`);
  const mustBeOpen = () => {
    if (closed) throw new Error('The journal is closed.');
  };

  return {
    id: opened.id,
    get lastSeq() {
      return lastSeq;
    },
    recovered() {
      if (recovered !== null) return recovered;
      throw new Error('What the journal gave back is asked for before the first append.');
    },
    append(commit) {
      mustBeOpen();
      recovered = null;
      const text = JSON.stringify(commit);
      lastSeq = commit.seq;
      recent.add(commit, text.length);
      writer.append(commit.seq, encodeText('commit', commit.seq, text));
      if (voucher.check() === 'withdrawn') budget.tidy();
    },
    checkpoint(seq, state) {
      mustBeOpen();
      checkpoints.take(seq, state);
    },
    commitsFrom: (after) => commitsAfter(segments, recent, after, onDamage),
    stored(seq) {
      storedSeq = Math.max(storedSeq, seq);
      budget.tidy();
    },
    flush: () => flush(writer),
    condition: () => conditionOf([voucher.note(), sayUnsaved(checkpoints.trouble()), sayDamage(damage), budget.note()]),
    async close() {
      if (closed) return;
      closed = true;
      stopBeat();
      await checkpoints.idle();
      await budget.idle();
      await new Promise<void>((resolve) => writer.sync(resolve));
      writer.close();
      if (writer.trouble() === null && epoch.vouched) epoch.closeClean();
      lock.release();
    },
  };
}

/** Real time: what the machine itself could lose is at most a second old. */
function beat(sync: () => void, lock: FolderLock): () => void {
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    if (beats % TOUCH_EVERY === 0) lock.touch();
    sync();
  }, SYNC_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function flush(writer: Writer): Promise<void> {
  return new Promise((resolve, reject) => {
    writer.sync(() => {
      const trouble = writer.trouble();
      if (trouble === null) resolve();
      else reject(new Error(`The journal could not be written: ${trouble}`));
    });
  });
}

const sayUnsaved = (trouble: string) => (trouble === '' ? '' : `The board's state could not be saved (${trouble})`);
const sayDamage = (damage: string) => (damage === '' ? '' : `Part of the journal was damaged: ${damage}`);

function conditionOf(notes: readonly string[]): Condition {
  const reasons = notes.filter((note) => note !== '');
  return { part: 'journal', status: reasons.length === 0 ? 'ok' : 'degraded', reason: reasons.join('. ') };
}
