import type { Commit } from '../domain/ports.ts';

const MOST_COMMITS = 3000;
const MOST_BYTES = 48 * 1024 * 1024;

/** Rough size of a commit's patches in memory; exact sizes would cost more than they are worth. */
function weigh(commit: Commit): number {
  let bytes = 200 + commit.feeds.length * 200;
  for (const unit of commit.units) {
    bytes += 150 + (unit.metrics ? Object.keys(unit.metrics).length * 150 : 0);
    bytes += unit.indicators ? unit.indicators.length * 250 : 0;
  }
  return bytes;
}

/** The newest commits, for clients that come back with a position. Bounded by number and by size. */
export interface CommitRing {
  push(commit: Commit): void;
  /** Commits after `since`; null when the ring does not reach back that far, or `since` has not been yet. */
  since(seq: number, newest: number): readonly Commit[] | null;
}

export function createCommitRing(mostCommits = MOST_COMMITS, mostBytes = MOST_BYTES): CommitRing {
  let commits: { commit: Commit; bytes: number }[] = [];
  let first = 0;
  let bytes = 0;
  return {
    push(commit) {
      // Inputs are the journal's business; what clients need are the patches.
      const kept = { ...commit, inputs: [], applied: [] };
      const weight = weigh(kept);
      commits.push({ commit: kept, bytes: weight });
      bytes += weight;
      while (commits.length - first > 1 && (commits.length - first > mostCommits || bytes > mostBytes)) {
        bytes -= commits[first]?.bytes ?? 0;
        first += 1;
      }
      if (first > 1024) {
        commits = commits.slice(first);
        first = 0;
      }
    },
    since(seq, newest) {
      if (seq > newest) return null;
      if (seq === newest) return [];
      const oldest = commits[first]?.commit.seq;
      if (oldest === undefined || seq < oldest - 1) return null;
      return commits.slice(first + (seq + 1 - oldest)).map((entry) => entry.commit);
    },
  };
}
