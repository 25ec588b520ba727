import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { Commit } from '../domain/ports.ts';
import { patchBetween } from '../domain/replay/patch.ts';
import { takeChange, type Change, type Shadow } from '../domain/replay/shadow.ts';

/** Revisions kept for clients that are a little behind. */
const RING = 100;

/** The board of the past as it stands now, and how it changes. Numbers rise over all epochs: nobody can mix them up. */
export interface Stage {
  readonly seq: number;
  readonly at: EpochMs;
  readonly epoch: string;
  units(): readonly Unit[];
  unit(id: string): Unit | undefined;
  feeds(): readonly FeedStatus[];
  scope(id: string): ReadonlySet<string> | null;
  commitsSince(since: number): readonly Commit[] | null;
  /** Another board altogether, in an epoch of its own. */
  set(shadow: Shadow, at: EpochMs, epoch: string): void;
  /** Any number of changes become one revision; none are one in which only the clock, or what is said, is new. */
  advance(changes: readonly Change[]): Commit;
}

export function createStage(): Stage {
  let shadow: Shadow = { units: new Map(), feeds: new Map() };
  let seq = 0;
  let at = 0;
  let epoch = '';
  let ring: Commit[] = [];
  let scopes = new Map<string, ReadonlySet<string> | null>();

  return {
    get seq() {
      return seq;
    },
    get at() {
      return at;
    },
    get epoch() {
      return epoch;
    },
    units: () => [...shadow.units.values()],
    unit: (id) => shadow.units.get(id),
    feeds: () => [...shadow.feeds.values()],
    scope(id) {
      const known = scopes.get(id) ?? scopeOf(shadow, id);
      scopes.set(id, known);
      return known;
    },
    commitsSince(since) {
      if (since > seq || seq - since > ring.length) return null;
      return ring.slice(ring.length - (seq - since));
    },
    set(next, time, name) {
      [shadow, at, epoch] = [next, time, name];
      seq += 1;
      ring = [];
      scopes = new Map();
    },
    advance(changes) {
      const before = takeAll(shadow, changes);
      const touched = new Set([...before.units.keys(), ...before.feeds.keys(), ...idsOf(changes)]);
      const patch = patchBetween(before, shadow, touched);
      if (patch.removed.length > 0 || patch.units.some(({ parent }) => parent !== undefined)) scopes = new Map();
      seq += 1;
      at = changes.at(-1)?.at ?? at;
      const commit: Commit = { seq, epoch, at, ...patch, applied: [], levels: [], inputs: [] };
      ring = [...ring.slice(1 - RING), commit];
      return commit;
    },
  };
}

function idsOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ units, feeds }) => [...Object.keys(units), ...Object.keys(feeds)]);
}

/** Takes changes in; gives what they touched as it was before. */
function takeAll(shadow: Shadow, changes: readonly Change[]): Shadow {
  const before: Shadow = { units: new Map(), feeds: new Map() };
  const owned = new Set<object>();
  for (const change of changes) {
    for (const id of [...Object.keys(change.units), ...change.removed]) {
      const unit = shadow.units.get(id);
      if (unit !== undefined && !before.units.has(id)) before.units.set(id, unit);
    }
    for (const id of Object.keys(change.feeds)) {
      const feed = shadow.feeds.get(id);
      if (feed !== undefined && !before.feeds.has(id)) before.feeds.set(id, feed);
    }
    takeChange(shadow, change, owned);
  }
  return before;
}

/** The unit, all beneath it and its ancestors, by the hierarchy of that time; null where it was not there. */
function scopeOf({ units }: Shadow, id: string): ReadonlySet<string> | null {
  if (!units.has(id)) return null;
  const children = Map.groupBy(units.values(), ({ parent }) => parent);
  const members = new Set([id]);
  // A set goes on over what is added to it on the way.
  for (const member of members) for (const child of children.get(member) ?? []) members.add(child.id);
  for (let up = units.get(id)?.parent; up; up = units.get(up)?.parent) members.add(up);
  return members;
}
