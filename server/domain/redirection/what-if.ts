import { NEED_KINDS, type NeedKind } from '#shared/model/redirection-words.ts';
import { dayEnd, dayStart, fromInstant, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Change } from '#shared/protocol/what-if.ts';
import type { SlotGroup } from '../ports.ts';
import type { Draft } from './drafts.ts';
import type { Ground } from './ground.ts';
import { lotsOf, slotKey, type HubFree } from './lots.ts';
import { sumOf, type Counts } from './needs.ts';
import { ownDraft } from './own-offer.ts';
import { RedirectionProblem } from './problem-codes.ts';

/** Who needs a slot (null: not known) and which are free; hubs of which nothing is known have no groups. */
export interface Situation {
  readonly at: EpochMs;
  readonly counts: ReadonlyMap<string, Counts | null>;
  readonly hubs: readonly HubFree[];
  /** Free slots that are not to be had any more, by `slotKey`. */
  readonly promised: ReadonlyMap<string, number>;
}

/** Patients who are sent somewhere whatever would be best. */
export interface Pin {
  readonly practice: string;
  readonly hub: string;
  readonly placed: Counts;
}

export interface Changed extends Situation {
  readonly pins: readonly Pin[];
  /** Index of the change and what is wrong with it; the rest is applied without it. */
  readonly faults: readonly { readonly change: number; readonly text: string }[];
  /** Index of the change and what it costs before anything is gained. */
  readonly warnings: readonly { readonly change: number; readonly text: string }[];
}

interface Work {
  readonly ground: Ground;
  readonly nameOf: (unit: string) => string;
  readonly at: EpochMs;
  readonly counts: Map<string, Counts | null>;
  readonly hubs: Map<string, readonly SlotGroup[] | null>;
  readonly promised: Situation['promised'];
  readonly pins: Pin[];
}
/** What came of one change: a fault in words, or warnings. */
type Applied = { readonly fault: string } | { readonly warnings: readonly string[] };
const fault = (text: string): Applied => ({ fault: text });
const NOTHING: Applied = { warnings: [] };

/** The situation as it would be, change by change in their order; faults name units as people do. Pure: what is given stays as it is. */
export function applyChanges(
  ground: Ground,
  situation: Situation,
  changes: readonly Change[],
  nameOf: (unit: string) => string,
): Changed {
  const work: Work = {
    ...{ ground, nameOf, at: situation.at, counts: new Map(situation.counts), promised: situation.promised },
    pins: [],
    hubs: new Map(situation.hubs.map(({ hub, groups }) => [hub, groups])),
  };
  const faults: Changed['faults'][number][] = [];
  const warnings: Changed['warnings'][number][] = [];
  changes.forEach((change, index) => {
    const applied = applyOne(work, change);
    if ('fault' in applied) faults.push({ change: index, text: applied.fault });
    else warnings.push(...applied.warnings.map((text) => ({ change: index, text })));
  });
  const hubs = [...work.hubs].map(([hub, groups]) => ({ hub, groups }));
  return { ...{ at: work.at, counts: work.counts, hubs, promised: work.promised }, pins: work.pins, faults, warnings };
}

function applyOne(work: Work, change: Change): Applied {
  if (change.what === 'without') return leaveOut(work, change.practice);
  const groups = work.hubs.get(change.hub);
  if (groups === undefined) return fault(`there is no hub ${work.nameOf(change.hub)}`);
  if (groups === null) return fault(`which slots ${work.nameOf(change.hub)} has is not known now`);
  if (change.what === 'send') return send(work, change, groups);
  const [from, to] = [fromInstant(change.from), fromInstant(change.to)];
  for (const time of [from, to])
    if (time < dayStart(work.at) || time > dayEnd(work.at)) return fault('it is not of today');
  if (change.what === 'move') return move(work, change, groups, from, to);
  if (to <= from) return fault('it ends before it begins');
  return change.what === 'close' ? close(work, change.hub, groups, from, to) : add(work, change, groups, from, to);
}

function leaveOut({ counts }: Work, practice: string): Applied {
  if (!counts.has(practice)) return fault(`there is no practice ${practice}`);
  counts.set(practice, {});
  return NOTHING;
}

function close(work: Work, hub: string, groups: readonly SlotGroup[], from: EpochMs, to: EpochMs): Applied {
  const isClosed = ({ start }: SlotGroup) => start >= from && start < to;
  const taken = groups.reduce((sum, group) => (isClosed(group) ? sum + group.busy + group.held : sum), 0);
  work.hubs.set(
    hub,
    groups.filter((group) => !isClosed(group)),
  );
  const alone = stranded(work, hub);
  return {
    warnings: [
      ...(taken > 0 ? [`${taken} booked or held there would have to move`] : []),
      ...(alone > 0 ? [`${alone} ${alone === 1 ? 'practice has' : 'practices have'} no other hub within reach`] : []),
    ],
  };
}

/** Practices in need that could be sent to this hub, where nothing is free any more, and to no other that has a slot. */
function stranded({ ground, counts, hubs }: Work, hub: string): number {
  const isOpen = (id: string) => (hubs.get(id) ?? []).some(({ free }) => free > 0);
  if (isOpen(hub)) return 0;
  return [...counts].filter(([practice, needs]) => {
    if (needs === null || NEED_KINDS.every((kind) => (needs[kind] ?? 0) === 0)) return false;
    const pairs = ground.pairs.get(practice) ?? [];
    return pairs.some((pair) => pair.hub === hub) && !pairs.some((pair) => isOpen(pair.hub));
  }).length;
}

function add(
  work: Work,
  { hub, minutes, channel }: Extract<Change, { what: 'clinician' }>,
  groups: readonly SlotGroup[],
  from: EpochMs,
  to: EpochMs,
): Applied {
  const last = to - minutes * MINUTE;
  if (last < from) return fault('there is no room for one slot');
  const like = groups.find((group) => group.channel === channel);
  const more: SlotGroup[] = [];
  for (let start = from; start <= last; start += minutes * MINUTE)
    more.push({
      ...{ start, minutes, channel, role: like?.role ?? null, service: like?.service ?? null },
      ...{ free: 1, busy: 0, held: 0 },
    });
  work.hubs.set(hub, joined(hub, [...groups, ...more]));
  return NOTHING;
}

function move(
  work: Work,
  { hub, slots }: Extract<Change, { what: 'move' }>,
  groups: readonly SlotGroup[],
  from: EpochMs,
  to: EpochMs,
): Applied {
  if (to <= work.at) return fault('they cannot begin in the past');
  const { rest, taken } = takeFree(groups, slots, ({ start }) => start >= from && start < from + HOUR);
  if (taken === null) return fault(`there are fewer than ${slots} free slots in that hour`);
  const moved = taken.map((group) => ({ ...group, start: group.start - from + to }));
  work.hubs.set(hub, joined(hub, [...rest, ...moved]));
  return NOTHING;
}

function send(
  work: Work,
  { hub, practice, slots }: Extract<Change, { what: 'send' }>,
  groups: readonly SlotGroup[],
): Applied {
  const { ground, counts, pins, at } = work;
  const needs = counts.get(practice);
  if (needs === undefined) return fault(`there is no practice ${practice}`);
  if (needs === null) return fault(`how many wait at ${work.nameOf(practice)} is not known`);
  const lots = lotsOf(ground, [{ hub, groups }], { at, promised: work.promised });
  let draft: Draft;
  try {
    const own = { ground, lots, needs: counts, at, nameOf: work.nameOf };
    draft = ownDraft(own, { hub, from: at, to: dayEnd(at) }, [{ practice, slots }]);
  } catch (error) {
    if (error instanceof RedirectionProblem) return fault(error.message);
    throw error;
  }
  const placed: Partial<Record<NeedKind, number>> = {};
  const left: Partial<Record<NeedKind, number>> = { ...needs };
  for (const { need, count } of draft.slots) {
    const known = Math.min(count, left[need] ?? 0);
    placed[need] = (placed[need] ?? 0) + known;
    left[need] = (left[need] ?? 0) - known;
  }
  const more = slots - sumOf(placed);
  const gone = new Map<string, number>();
  for (const slot of draft.slots) gone.set(slotKey(hub, slot), (gone.get(slotKey(hub, slot)) ?? 0) + slot.count);
  work.hubs.set(
    hub,
    groups.map((group) => ({ ...group, free: group.free - (gone.get(slotKey(hub, group)) ?? 0) })),
  );
  counts.set(practice, left);
  pins.push({ practice, hub, placed });
  return { warnings: more > 0 ? [`${more} of them for nobody who is known to need one`] : [] };
}

/** Slots of one kind and start stand together, as a feed tells them. */
function joined(hub: string, groups: readonly SlotGroup[]): SlotGroup[] {
  const kinds = Map.groupBy(groups, (group) => slotKey(hub, group));
  return [...kinds.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const add = (a: SlotGroup, b: SlotGroup) => ({
      ...a,
      free: a.free + b.free,
      busy: a.busy + b.busy,
      held: a.held + b.held,
    });
    return [others.reduce(add, first)];
  });
}

/** So many free slots of those, the earliest first; `taken` null where there are too few. */
function takeFree(
  groups: readonly SlotGroup[],
  wanted: number,
  isMeant: (group: SlotGroup) => boolean,
): { rest: readonly SlotGroup[]; taken: readonly SlotGroup[] | null } {
  let left = wanted;
  const taken: SlotGroup[] = [];
  const rest = [...groups]
    .sort((a, b) => a.start - b.start)
    .map((group) => {
      const count = isMeant(group) ? Math.min(left, group.free) : 0;
      if (count <= 0) return group;
      left -= count;
      taken.push({ ...group, free: count, busy: 0, held: 0 });
      return { ...group, free: group.free - count };
    });
  return left > 0 ? { rest: groups, taken: null } : { rest, taken };
}
