import type { EpochMs } from '#shared/model/time.ts';
import type { FeedPatch, FeedStatus, Unit, UnitPatch } from '#shared/model/unit.ts';
import type { Commit } from '../ports.ts';
import { apply, diff, put, type Delta } from './delta.ts';

/** One revision as it is recorded: what turns the board before it into the board after it. */
export interface Change {
  readonly seq: number;
  readonly at: EpochMs;
  /** By id. */
  readonly units: Readonly<Record<string, Delta>>;
  readonly feeds: Readonly<Record<string, Delta>>;
  readonly removed: readonly string[];
}

/** A board as its patches tell it. Units and feeds are replaced on change, never changed in place. */
export interface Shadow {
  readonly units: Map<string, Unit>;
  readonly feeds: Map<string, FeedStatus>;
}

export function shadowOf(units: readonly Unit[], feeds: readonly FeedStatus[]): Shadow {
  return { units: new Map(units.map((unit) => [unit.id, unit])), feeds: new Map(feeds.map((feed) => [feed.id, feed])) };
}

export const copyShadow = ({ units, feeds }: Shadow): Shadow => ({ units: new Map(units), feeds: new Map(feeds) });

/** Top-level fields replace, metrics merge by name, null is a value. A patch of an unknown unit is the unit. */
export function patchUnit(unit: Unit | undefined, patch: UnitPatch): Unit {
  if (unit === undefined) return patch as Unit;
  return { ...unit, ...patch, metrics: patch.metrics ? { ...unit.metrics, ...patch.metrics } : unit.metrics };
}

const patchFeed = (feed: FeedStatus | undefined, patch: FeedPatch): FeedStatus =>
  feed === undefined ? (patch as FeedStatus) : { ...feed, ...patch };

/** Takes a commit into the shadow, and tells what it changed there. */
export function takeCommit(shadow: Shadow, commit: Commit): Change {
  const units: Record<string, Delta> = {};
  const feeds: Record<string, Delta> = {};
  for (const patch of commit.units) {
    const before = shadow.units.get(patch.id);
    const after = patchUnit(before, patch);
    const delta = diff(before, after);
    if (delta === null) continue;
    units[patch.id] = delta;
    shadow.units.set(patch.id, after);
  }
  for (const patch of commit.feeds) {
    const before = shadow.feeds.get(patch.id);
    const after = patchFeed(before, patch);
    const delta = diff(before, after);
    if (delta === null) continue;
    feeds[patch.id] = delta;
    shadow.feeds.set(patch.id, after);
  }
  for (const id of commit.removed) shadow.units.delete(id);
  return { seq: commit.seq, at: commit.at, units, feeds, removed: commit.removed };
}

/**
 * Takes a recorded change into the shadow. Throws where the two do not belong together. Nobody has seen what is in
 * `owned` yet: of the changes that are taken in with the same one, only the last is left.
 */
export function takeChange({ units, feeds }: Shadow, change: Change, owned: Set<object> = new Set()): void {
  for (const [id, delta] of Object.entries(change.units)) units.set(id, apply(units.get(id), delta, owned) as Unit);
  for (const [id, delta] of Object.entries(change.feeds)) {
    feeds.set(id, apply(feeds.get(id), delta, owned) as FeedStatus);
  }
  for (const id of change.removed) units.delete(id);
}

/** The same for a shadow whose units and feeds nobody else holds: they are changed in place. */
export function putChange({ units, feeds }: Shadow, change: Change): void {
  for (const [id, delta] of Object.entries(change.units)) units.set(id, put(units.get(id), delta) as Unit);
  for (const [id, delta] of Object.entries(change.feeds)) feeds.set(id, put(feeds.get(id), delta) as FeedStatus);
  for (const id of change.removed) units.delete(id);
}
