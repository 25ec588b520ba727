import { readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../domain/error-code.ts';
import type { Commit } from '../domain/ports.ts';
import { decodeFrame, scan, type Piece } from './journal-frame.ts';

const NAME = /^segment-(\d{16})\.hrj$/;
export const segmentName = (first: number) => `segment-${String(first).padStart(16, '0')}.hrj`;

export interface Segment {
  readonly path: string;
  /** Number of its first record. */
  readonly first: number;
  /** Number of its last record; of the open one it grows. */
  last: number;
  bytes: number;
  /** How much of its detail was given up: 0 none, 1 what only a replay needs, 2 all but one reading a quarter hour. */
  thinned: 0 | 1 | 2;
}

/** Segments on disk, oldest first. `last` is what the next one's name leaves room for; the final one's is found by reading. */
export function listSegments(folder: string): Segment[] {
  for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
  const firsts = readdirSync(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  return firsts.map((first, i) => {
    const path = join(folder, segmentName(first));
    return { path, first, last: (firsts[i + 1] ?? Infinity) - 1, bytes: statSync(path).size, thinned: 0 };
  });
}

export interface ReadBack {
  readonly commits: Commit[];
  /** What went bad, in plain words. */
  readonly damage: readonly string[];
  /** What was never finished, and cut off: no loss, for nobody had heard of it. */
  readonly torn: readonly string[];
  /** Number of the last record that was read, of any kind; null in an empty journal. */
  readonly lastSeq: number | null;
  /** False when a record that had been acknowledged is missing after `after`. */
  readonly continuous: boolean;
}

/**
 * Reads every commit after `after`. A record that was never finished at the very end is cut off its file; bytes that
 * went bad elsewhere are stepped over and told.
 */
export function readBack(segments: Segment[], after: number | null): ReadBack {
  const commits: Commit[] = [];
  const damage: string[] = [];
  const torn: string[] = [];
  let continuous = true;
  let lastSeq = after;
  let expected = after === null ? null : after + 1;
  segments.forEach((segment, index) => {
    const final = index === segments.length - 1;
    if (!final && segment.last <= (after ?? -1)) return;
    const file = readFileSync(segment.path);
    let end = 0;
    for (const piece of scan(file)) {
      if (piece.type === 'damage') {
        (final && piece.torn ? torn : damage).push(sayDamage(segment, piece));
        if (final && piece.to === file.length && !piece.torn) continuous = false;
        continue;
      }
      end = piece.to;
      if (final) segment.last = piece.seq;
      if (lastSeq !== null && piece.seq <= lastSeq) continue;
      // Without a checkpoint only a journal from its very first record can give the state back.
      if (expected === null ? piece.seq > 1 : piece.seq !== expected) continuous = false;
      expected = piece.seq + 1;
      lastSeq = piece.seq;
      if (piece.kind === 'thinned') continuous = false;
      commits.push(decodeFrame(file, piece) as Commit);
    }
    if (final) {
      if (segment.last === Infinity) segment.last = segment.first - 1;
      if (end < file.length) truncateSync(segment.path, end);
      segment.bytes = end;
    }
  });
  return { commits, damage, torn, lastSeq, continuous };
}

/** Commits of one segment after `after`; bytes that are no record are handed to `onDamage`. A dropped segment is empty. */
export function* readSegment(segment: Segment, after: number, onDamage: (text: string) => void): Generator<Commit> {
  let file: Buffer;
  try {
    file = readFileSync(segment.path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  for (const piece of scan(file)) {
    if (piece.type === 'damage') {
      // The open segment may be caught in the middle of a write.
      if (!piece.torn) onDamage(sayDamage(segment, piece));
    } else if (piece.seq > after) {
      yield decodeFrame(file, piece) as Commit;
    }
  }
}

function sayDamage(segment: Segment, piece: Extract<Piece, { type: 'damage' }>): string {
  const where = `bytes ${piece.from} to ${piece.to} of segment ${segment.first}`;
  return piece.torn
    ? `an unfinished last record (${where}) was cut off`
    : `${where} could not be read and were skipped`;
}
