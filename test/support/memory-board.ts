import type { Definition } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import type { FeedPatch, FeedStatus, Unit, UnitPatch } from '#shared/model/unit.ts';
import type { BoardView, Commit } from '../../server/domain/ports.ts';

export const MONDAY_8AM: EpochMs = Date.UTC(2026, 10, 23, 8);

/** A board whose commits are written by the test itself: any patch, of any size, at once. */
export interface MemoryBoard extends BoardView {
  change(units: readonly UnitPatch[], feeds?: readonly FeedPatch[]): Commit;
}

function blank(def: Definition['units'][number]): Unit {
  return {
    id: def.id,
    kind: def.kind,
    siteKind: def.siteKind,
    parent: def.parent,
    name: def.name,
    population: def.population,
    level: null,
    score: null,
    trend: null,
    coverage: 0,
    drivers: [],
    metrics: {},
    declared: null,
    at: toInstant(MONDAY_8AM),
    levelSince: null,
    keptUntil: null,
    confidence: null,
    beside: null,
    rollup: null,
    sentence: '',
    brief: '',
    indicators: [],
    day: '',
    trail: [],
    slotHours: [],
    feeds: [],
    reporting: { of: 1, sites: 0 },
    position: def.position,
    illustrative: def.illustrative,
    open: def.kind === 'site' ? true : null,
  };
}

function status(feed: Definition['feeds'][number]): FeedStatus {
  return {
    id: feed.id,
    feed: feed.id,
    adapter: feed.adapter,
    supplier: feed.supplier,
    label: feed.label,
    sites: feed.sites,
    state: 'never-polled',
    fault: '',
    observedAt: null,
    receivedAt: null,
    polledAt: null,
    everyMs: 15_000,
    staleAfterMs: feed.staleAfterMs,
    latencyMs: null,
    rejected: 0,
    since: null,
    nextPollAt: null,
    failures: 0,
    volume: null,
    usualVolume: null,
    rejectedToday: 0,
    paused: null,
  };
}

function mergeUnit(unit: Unit, patch: UnitPatch): Unit {
  return { ...unit, ...patch, metrics: { ...unit.metrics, ...patch.metrics } };
}

export function createMemoryBoard(definition: Definition, { ring = 100, epoch = 'epoch-1' } = {}): MemoryBoard {
  const units = new Map(definition.units.map((u) => [u.id, blank(u)]));
  const feeds = new Map(definition.feeds.map((f) => [f.id, status(f)]));
  const commits: Commit[] = [];
  const listeners = new Set<(commit: Commit) => void>();
  let seq = 0;
  let at = MONDAY_8AM;

  function scope(id: string): ReadonlySet<string> | null {
    if (!units.has(id)) return null;
    const members = new Set([id]);
    for (const u of definition.units) if (u.parent !== null && members.has(u.parent)) members.add(u.id);
    for (let up = units.get(id)?.parent; up; up = units.get(up)?.parent) members.add(up);
    return members;
  }

  return {
    definition,
    epoch,
    get seq() {
      return seq;
    },
    get at() {
      return at;
    },
    units: () => [...units.values()],
    unit: (id) => units.get(id),
    feeds: () => [...feeds.values()],
    scope,
    commitsSince(since) {
      if (since > seq || seq - since > commits.length) return null;
      return commits.slice(commits.length - (seq - since));
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changes: () => [],
    change(patches, feedPatches = []) {
      seq += 1;
      at += 100;
      for (const patch of patches) {
        const unit = units.get(patch.id);
        if (unit) units.set(patch.id, mergeUnit(unit, patch));
      }
      for (const patch of feedPatches) {
        const feed = feeds.get(patch.id);
        if (feed) feeds.set(patch.id, { ...feed, ...patch });
      }
      const rest = { removed: [], applied: [], levels: [], inputs: [] };
      const commit: Commit = { seq, epoch, at, units: patches, feeds: feedPatches, ...rest };
      commits.push(commit);
      if (commits.length > ring) commits.shift();
      for (const listener of listeners) listener(commit);
      return commit;
    },
  };
}
