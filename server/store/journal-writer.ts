import { join } from 'node:path';
import { describe } from './errors.ts';
import type { JournalDisk } from './journal-disk.ts';
import { segmentName, type Segment } from './journal-segments.ts';

/** What waits in memory while the disk takes nothing; beyond it the oldest is given up. */
const BACKLOG_BYTES = 16 * 1024 * 1024;

export interface Writer {
  /** Puts a record at the end of the journal, or keeps it in memory while the disk takes none. */
  append(seq: number, frame: Buffer): void;
  /** Asks the disk to make everything durable; a failure shows in `trouble`. */
  sync(done: () => void): void;
  /** Why the disk takes nothing, in plain words; null when it does. */
  trouble(): string | null;
  readonly waiting: number;
  readonly lost: number;
  close(): void;
}

/** Appends to the last of `segments` and opens the next one when it is full; `onRoll` tells. */
export function createWriter(deps: {
  readonly folder: string;
  readonly segments: Segment[];
  readonly segmentBytes: number;
  readonly disk: JournalDisk;
  readonly onRoll: () => void;
}): Writer {
  const { folder, segments, disk } = deps;
  const backlog: { seq: number; frame: Buffer }[] = [];
  let backlogBytes = 0;
  let lost = 0;
  let trouble: string | null = null;
  let fd: number | null = null;
  let open: Segment | null = null;
  let dirty = false;

  function segmentFor(seq: number): { fd: number; segment: Segment } {
    if (fd !== null && open !== null && open.bytes < deps.segmentBytes) return { fd, segment: open };
    const last = segments.at(-1);
    const again = fd === null && last !== undefined && last.bytes < deps.segmentBytes;
    const segment = again
      ? last
      : { path: join(folder, segmentName(seq)), first: seq, last: seq - 1, bytes: 0, thinned: 0 as const };
    const next = disk.openSync(segment.path, 'a', 0o600);
    if (fd !== null) disk.closeSync(fd);
    fd = next;
    open = segment;
    if (!again) {
      segments.push(segment);
      deps.onRoll();
    }
    return { fd, segment };
  }

  /** Whole or not at all: half a record is taken back, or its segment is given up for a new one. */
  function write(seq: number, frame: Buffer): void {
    const target = segmentFor(seq);
    try {
      for (let done = 0; done < frame.length;) {
        const count = disk.writeSync(target.fd, frame, done, frame.length - done);
        if (count <= 0) throw new Error('the disk took no bytes');
        done += count;
      }
    } catch (error) {
      try {
        disk.ftruncateSync(target.fd, target.segment.bytes);
      } catch {
        // Its end is now unsure: whatever comes next goes to a fresh file, where the record is written again.
        target.segment.bytes = Math.max(target.segment.bytes, deps.segmentBytes);
      }
      throw error;
    }
    target.segment.bytes += frame.length;
    target.segment.last = seq;
    dirty = true;
  }

  function drain(): void {
    try {
      for (let head = backlog[0]; head !== undefined; head = backlog[0]) {
        write(head.seq, head.frame);
        backlog.shift();
        backlogBytes -= head.frame.length;
      }
      trouble = null;
    } catch (error) {
      trouble = describe(error);
    }
  }

  return {
    append(seq, frame) {
      backlog.push({ seq, frame });
      backlogBytes += frame.length;
      drain();
      while (backlogBytes > BACKLOG_BYTES && backlog.length > 1) {
        backlogBytes -= backlog.shift()?.frame.length ?? 0;
        lost += 1;
      }
    },
    sync(done) {
      if (!dirty || fd === null) return done();
      dirty = false;
      disk.fdatasync(fd, (error) => {
        if (error !== null) {
          dirty = true;
          trouble = describe(error);
        }
        done();
      });
    },
    trouble: () => trouble,
    get waiting() {
      return backlog.length;
    },
    get lost() {
      return lost;
    },
    close() {
      drain();
      if (fd !== null) disk.closeSync(fd);
      fd = null;
    },
  };
}
