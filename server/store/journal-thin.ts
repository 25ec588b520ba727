import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { QUARTER } from '#shared/model/time.ts';
import type { Applied, Commit } from '../domain/ports.ts';
import { decodeFrame, encodeFrame, scan } from './journal-frame.ts';
import type { Segment } from './journal-segments.ts';

/**
 * Rewrites a closed segment with less in it. Depth 1 leaves out what only an exact replay needs; depth 2 also keeps just
 * the last reading of each quarter hour of a metric. Levels stay as they were.
 */
export async function thinSegment(segment: Segment, depth: 1 | 2): Promise<void> {
  const file = readFileSync(segment.path);
  const seen = new Set<string>();
  const frames: Buffer[] = [];
  // From the back, so that the first reading met of a quarter hour is its last one.
  for (const piece of [...scan(file)].reverse()) {
    if (piece.type !== 'frame') continue;
    const commit = decodeFrame(file, piece) as Commit;
    const applied = depth === 1 ? commit.applied : lastOfQuarter(commit.applied, seen);
    const thin: Commit = { ...commit, units: [], removed: [], feeds: [], inputs: [], applied, thinned: true };
    frames.push(encodeFrame('thinned', piece.seq, thin));
    if (frames.length % 16 === 0) await turn();
  }
  writeFileSync(`${segment.path}.tmp`, Buffer.concat(frames.reverse()), { mode: 0o600, flush: true });
  renameSync(`${segment.path}.tmp`, segment.path);
  segment.bytes = statSync(segment.path).size;
  segment.thinned = depth;
}

function lastOfQuarter(applied: readonly Applied[], seen: Set<string>): Applied[] {
  return applied
    .toReversed()
    .filter((a) => {
      const key = `${a.unit} ${a.metric} ${Math.floor(a.observedAt / QUARTER)}`;
      return !seen.has(key) && seen.add(key);
    })
    .reverse();
}
