import { dayEnd, dayStart, QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { QuarantineGroup } from '../../domain/ports.ts';

const MOST_GROUPS = 500;
const MOST_FEEDS = 200;

/** What a group is named by. */
export interface GroupName {
  readonly key: string;
  readonly supplier: string;
  readonly adapter: string;
  readonly field: string;
  readonly reason: string;
}

interface Group extends GroupName {
  example: string | null;
  count: number;
  firstAt: EpochMs;
  lastAt: EpochMs;
  readonly feeds: Set<string>;
  readonly quarters: number[];
}

/** Refusals since London midnight by supplier, standard, field and reason; they begin anew with each day. */
export interface Groups {
  add(name: GroupName, feed: string, at: EpochMs, count: number, example: string | null): void;
  today(now: EpochMs): number;
  list(now: EpochMs, kept: ReadonlyMap<string, number>): QuarantineGroup[];
}

export function createGroups(): Groups {
  let day = { start: 0, end: 0 };
  let total = 0;
  let groups = new Map<string, Group>();

  const turn = (now: EpochMs): void => {
    if (now < day.end && now >= day.start) return;
    day = { start: dayStart(now), end: dayEnd(now) };
    total = 0;
    groups = new Map();
  };

  return {
    add(name, feed, at, count, example) {
      if (at >= day.end) turn(at);
      if (at < day.start) return;
      total += count;
      const known = groups.get(name.key);
      if (known === undefined && groups.size >= MOST_GROUPS) return;
      const group: Group = known ?? {
        ...name,
        example: null,
        count: 0,
        firstAt: at,
        lastAt: at,
        feeds: new Set(),
        quarters: [],
      };
      groups.set(name.key, group);
      group.count += count;
      group.example = example ?? group.example;
      group.firstAt = Math.min(group.firstAt, at);
      group.lastAt = Math.max(group.lastAt, at);
      if (group.feeds.size < MOST_FEEDS) group.feeds.add(feed);
      const quarter = Math.floor((at - day.start) / QUARTER);
      group.quarters[quarter] = (group.quarters[quarter] ?? 0) + count;
    },
    today(now) {
      turn(now);
      return total;
    },
    list(now, kept) {
      turn(now);
      const quarters = Math.floor((now - day.start) / QUARTER) + 1;
      return [...groups.values()]
        .sort((a, b) => b.count - a.count || a.key.localeCompare(b.key))
        .map(({ feeds, quarters: counts, ...group }) => ({
          ...group,
          kept: Math.min(group.count, kept.get(group.key) ?? 0),
          feeds: [...feeds],
          history: Array.from({ length: quarters }, (_, index) => counts[index] ?? 0),
        }));
    },
  };
}
