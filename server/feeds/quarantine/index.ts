import type { EpochMs } from '#shared/model/time.ts';
import type { QuarantineQuery, QuarantineRecord } from '../../domain/ports.ts';
import type { AnswerLine } from './lines.ts';
import type { Position } from './files.ts';

const MOST_ANSWERS = 20_000;

/** One kept answer; its copies stay on the disk. */
export interface Kept {
  readonly id: string;
  readonly feed: string;
  readonly at: EpochMs;
  readonly askedAt: EpochMs;
  readonly position: Position;
  /** Whether the document can be read again. */
  readonly whole: boolean;
  /** Refusals listed in it by group. */
  readonly groups: ReadonlyMap<string, number>;
  state: QuarantineRecord['state'];
}

/** Which answers are kept and where, oldest first. Bounded: the oldest are forgotten first. */
export interface KeptIndex {
  add(line: AnswerLine, position: Position): void;
  settle(id: string, state: Exclude<QuarantineRecord['state'], 'kept'>): boolean;
  /** Answers of one file are gone. The time of the newest of them; null where there was none. */
  forget(file: string): EpochMs | null;
  /** Kept whole and not yet read again with success, by group. */
  keptByGroup(): ReadonlyMap<string, number>;
  /** Bytes on the disk by feed. */
  bytesOf(feed: string): number;
  ofGroup(group: string): Kept[];
  newestFirst(query: Omit<QuarantineQuery, 'limit'>): Iterable<Kept>;
}

export function createKeptIndex(): KeptIndex {
  const kept = new Map<string, Kept>();
  const byGroup = new Map<string, number>();
  const bytes = new Map<string, number>();

  const count = (entry: Kept, sign: 1 | -1): void => {
    bytes.set(entry.feed, (bytes.get(entry.feed) ?? 0) + sign * entry.position.length);
    if (entry.state !== 'read-again') countGroups(entry, sign);
  };
  const countGroups = ({ groups, whole }: Kept, sign: 1 | -1): void => {
    if (!whole) return;
    for (const [group, n] of groups) byGroup.set(group, (byGroup.get(group) ?? 0) + sign * n);
  };
  const drop = (entry: Kept): void => {
    count(entry, -1);
    kept.delete(entry.id);
  };

  return {
    add(line, position) {
      const groups = new Map<string, number>();
      for (const { group } of line.refusals) groups.set(group, (groups.get(group) ?? 0) + 1);
      const { id, feed, at, askedAt } = line;
      const entry: Kept = {
        id,
        feed,
        at,
        askedAt,
        position,
        groups,
        whole: line.document !== undefined,
        state: 'kept',
      };
      kept.set(id, entry);
      count(entry, 1);
      const oldest = kept.values().next().value;
      if (kept.size > MOST_ANSWERS && oldest !== undefined) drop(oldest);
    },
    settle(id, state) {
      const entry = kept.get(id);
      if (entry === undefined) return false;
      if (entry.state !== 'read-again') countGroups(entry, -1);
      entry.state = state;
      if (state !== 'read-again') countGroups(entry, 1);
      return true;
    },
    forget(file) {
      let newest: EpochMs | null = null;
      for (const entry of [...kept.values()]) {
        if (entry.position.file !== file) continue;
        newest = Math.max(newest ?? entry.at, entry.at);
        drop(entry);
      }
      return newest;
    },
    keptByGroup: () => byGroup,
    bytesOf: (feed) => bytes.get(feed) ?? 0,
    ofGroup: (group) => [...kept.values()].filter(({ groups }) => groups.has(group)),
    *newestFirst({ group, feed }) {
      for (const entry of [...kept.values()].reverse()) {
        if (group !== undefined && !entry.groups.has(group)) continue;
        if (feed !== undefined && entry.feed !== feed && !entry.feed.startsWith(`${feed}:`)) continue;
        yield entry;
      }
    },
  };
}
