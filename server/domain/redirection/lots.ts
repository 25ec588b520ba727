import { MINUTE, atLocal, dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import type { SlotGroup } from '../ports.ts';
import type { Ground } from './ground.ts';
import type { Lot } from './problem.ts';

/** What tells one kind of slot at one start of one hub from another. */
export type SlotKind = Pick<SlotGroup, 'start' | 'minutes' | 'channel' | 'role' | 'service'>;
export const kindOf = ({ start, minutes, channel, role, service }: SlotKind): SlotKind => ({
  start,
  minutes,
  channel,
  role,
  service,
});
export const slotKey = (hub: string, { start, minutes, channel, role, service }: SlotKind): string =>
  [hub, start, minutes, channel, role, service].join('|');

/** Slots that may be offered: free, less those promised that the feed does not yet count. */
export interface Offerable extends SlotKind {
  readonly free: number;
}

export interface HubFree {
  readonly hub: string;
  /** Null: not known now. */
  readonly groups: readonly SlotGroup[] | null;
}

export interface Lots {
  readonly lots: readonly Lot[];
  /** What each lot is made of, earliest first, by its id. */
  readonly slots: ReadonlyMap<string, readonly Offerable[]>;
}

/**
 * Free slots of today as lots: of one hub, in one stretch of the day, in person or not, for one service. Slots that begin
 * too soon, are under embargo or promised already are in none; a hub of which nothing is known now has none.
 */
export function lotsOf(
  ground: Ground,
  hubs: readonly HubFree[],
  { at, promised }: { readonly at: EpochMs; readonly promised: ReadonlyMap<string, number> },
): Lots {
  const { policy, terms } = ground;
  const [start, end] = [dayStart(at), dayEnd(at)];
  const slots = new Map<string, Offerable[]>();
  const hubOf = new Map<string, string>();
  for (const { hub, groups } of hubs) {
    const embargo = terms.get(hub)?.embargoUntil;
    if (embargo !== undefined && at < atLocal(at, embargo)) continue;
    for (const group of groups ?? []) {
      const inPerson = isInPerson(group);
      const free = group.free - (promised.get(slotKey(hub, group)) ?? 0);
      if (free <= 0 || group.start < Math.max(start, at + noticeOf(policy, group)) || group.start >= end) continue;
      const stretch = Math.floor((group.start - start) / (policy.lotMinutes * MINUTE));
      const id = [hub, stretch, inPerson ? 'in-person' : 'remote', group.service ?? ''].join('|');
      const known = slots.get(id) ?? [];
      known.push({ ...kindOf(group), free });
      slots.set(id, known);
      hubOf.set(id, hub);
    }
  }
  const lots = [...slots].map(([id, members]): Lot => {
    members.sort((a, b) => a.start - b.start);
    const free = members.reduce((sum, member) => sum + member.free, 0);
    const lendable = policy.reach.lend === 'none' ? 0 : Math.floor(free * (1 - policy.reach.keepBack.value));
    const starts = { from: members[0]?.start ?? at, to: members.at(-1)?.start ?? at };
    return { id, hub: hubOf.get(id) ?? '', ...starts, inPerson: members.some(isInPerson), free, lendable };
  });
  return { lots, slots };
}

/** A slot that begins sooner than that after now is too soon to send anybody to, ms. */
export const noticeOf = ({ notice }: RedirectionPolicy, slot: Pick<SlotKind, 'channel'>): number =>
  (isInPerson(slot) ? notice.inPerson : notice.remote) * MINUTE;

/** Of an unknown channel somebody may have to come: it counts as in person. */
export const isInPerson = ({ channel }: Pick<SlotKind, 'channel'>): boolean =>
  channel !== 'telephone' && channel !== 'video';
