import type { Commit } from '../domain/ports.ts';

/** Bytes of JSON whose commits are kept in memory, so that whoever follows closely need not read the disk. */
const KEPT_BYTES = 16 * 1024 * 1024;

export interface Recent {
  add(commit: Commit, bytes: number): void;
  /** Whether everything after `seq` is here. */
  covers(seq: number): boolean;
  /** The first commit after `seq`, or null. */
  after(seq: number): Commit | null;
}

/** The newest commits of this process, oldest first. */
export function createRecent(): Recent {
  const kept: { commit: Commit; bytes: number }[] = [];
  let total = 0;
  return {
    add(commit, bytes) {
      kept.push({ commit, bytes });
      total += bytes;
      while (total > KEPT_BYTES && kept.length > 1) total -= kept.shift()?.bytes ?? 0;
    },
    covers(seq) {
      const first = kept[0];
      return first !== undefined && first.commit.seq <= seq + 1;
    },
    after(seq) {
      // Numbers rise by one, so the place is known; the search is only for the day when they do not.
      const first = kept[0]?.commit.seq;
      if (first === undefined) return null;
      const guess = kept[Math.max(0, seq + 1 - first)]?.commit;
      if (guess?.seq === seq + 1) return guess;
      return kept.find(({ commit }) => commit.seq > seq)?.commit ?? null;
    },
  };
}
