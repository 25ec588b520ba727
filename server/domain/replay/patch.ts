import type { FeedPatch, FeedStatus, Unit, UnitPatch } from '#shared/model/unit.ts';
import type { Shadow } from './shadow.ts';

/** What clients are told so that the board `before` becomes the board `after`, in the order of `after`. */
export interface BoardPatch {
  readonly units: readonly UnitPatch[];
  readonly feeds: readonly FeedPatch[];
  readonly removed: readonly string[];
}

/** Fields of `after` that are other objects or values than those of `before`. */
function changedFields<T extends object>(before: T, after: T): Partial<T> {
  const changed: Partial<T> = {};
  for (const key of Object.keys(after) as (keyof T)[]) if (before[key] !== after[key]) changed[key] = after[key];
  return changed;
}

function unitPatch(before: Unit | undefined, after: Unit): UnitPatch {
  if (before === undefined) return after;
  const { metrics, ...rest } = changedFields(before, after);
  const changed = metrics === undefined ? undefined : changedFields(before.metrics, metrics);
  return { ...rest, id: after.id, ...(changed === undefined ? {} : { metrics: changed as Unit['metrics'] }) };
}

const feedPatch = (before: FeedStatus | undefined, after: FeedStatus): FeedPatch =>
  before === undefined ? after : { ...changedFields(before, after), id: after.id };

/** One patch for whatever lies between two states of one board; only `touched` ids are looked at. */
export function patchBetween(before: Shadow, after: Shadow, touched: Iterable<string>): BoardPatch {
  const units: UnitPatch[] = [];
  const feeds: FeedPatch[] = [];
  const removed: string[] = [];
  for (const id of touched) {
    const [unitBefore, unit] = [before.units.get(id), after.units.get(id)];
    if (unit === undefined && unitBefore !== undefined) removed.push(id);
    else if (unit !== undefined && unit !== unitBefore) units.push(unitPatch(unitBefore, unit));
    const [feedBefore, feed] = [before.feeds.get(id), after.feeds.get(id)];
    if (feed !== undefined && feed !== feedBefore) feeds.push(feedPatch(feedBefore, feed));
  }
  return { units, feeds, removed };
}
