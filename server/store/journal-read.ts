import type { Commit } from '../domain/ports.ts';
import type { Recent } from './journal-recent.ts';
import { readSegment, type Segment } from './journal-segments.ts';

/**
 * Commits after `after`, oldest first: from memory where it reaches back that far, else from the segments. Lazy: the
 * journal may grow and lose segments meanwhile. A stretch that is neither here nor there is left out.
 */
export function* commitsAfter(
  segments: readonly Segment[],
  recent: Recent,
  after: number,
  onDamage: (text: string) => void,
): Generator<Commit> {
  let seq = after;
  for (;;) {
    const segment = recent.covers(seq) ? undefined : segments.find((s) => s.last > seq);
    if (segment !== undefined) {
      const before = seq;
      for (const commit of readSegment(segment, seq, onDamage)) {
        seq = commit.seq;
        yield commit;
      }
      // Nothing readable in it: on to the next one.
      if (seq === before) seq = segment.last;
      continue;
    }
    const commit = recent.after(seq);
    if (commit === null) return;
    seq = commit.seq;
    yield commit;
  }
}
