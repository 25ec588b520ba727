import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type {
  BoardView,
  Clock,
  Commit,
  Journal,
  LevelChange,
  Normal,
  Placed,
  PlacedPort,
  PollOutcome,
  SlotsView,
} from '../domain/ports.ts';
import { checkRules } from '../domain/rules/check.ts';
import { beginWith, goOver } from './adopt.ts';
import { siteSlots } from './bookable.ts';
import { loadWorld, readSavedState, saveWorld, type SavedState } from './checkpoint.ts';
import { createCore, type Draft } from './core.ts';
import { createWorld } from './initial.ts';
import { createLayout } from './layout.ts';
import { wantedNow } from './nudges.ts';
import { createCommitRing } from './ring.ts';
import { rulesId } from './rules-hash.ts';
import { createScopes } from './scopes.ts';
import { placedOn } from './site-slots.ts';

const TICK_MS = 200;
const CHECKPOINT_MS = 10_000;
/** A checkpoint may take at most this share of the time between two of them. */
const CHECKPOINT_SHARE = 0.02;
const MOST_CHANGES = 5000;

export interface BoardLogger {
  info(context: object, message: string): void;
  error(context: object, message: string): void;
}

export interface BoardDeps {
  /** Its rules are where a board begins that has heard nothing yet. */
  readonly definition: Definition;
  readonly clock: Clock;
  readonly normal: Normal;
  /** Kept by `restore` when the saved state has one. */
  readonly epoch: string;
  readonly journal: Journal;
  readonly logger?: BoardLogger;
}

export interface Board extends BoardView, SlotsView, PlacedPort {
  /** Takes note of a poll; it counts with the next tick. */
  apply(outcome: PollOutcome): void;
  /**
   * Puts checked rules into force with the next tick, whose commit carries them: everything in it is judged by them, and
   * what is known of the sites stays. One version a tick, in the order given; the one in force already is left alone.
   */
  adoptRules(rules: Rules): void;
  /** One revision: what came in and what time has changed. Null when nothing did. */
  tick(): Commit | null;
  /** One real timer, until `stop`, which writes a last checkpoint. */
  start(): void;
  stop(): void;
  /**
   * Goes back to a saved state and lives through the commits after it again. Commits at or before it are skipped; false
   * when the state is of another definition, or a commit is missing, and the board stays as far as it came.
   */
  restore(recovered: { state: unknown; commits: Iterable<Commit> }): boolean;
  /** The whole internal state, as JSON can hold it. */
  state(): SavedState;
}

/** The live state: applies observations, asks the domain, emits patches. */
export function createBoard(deps: BoardDeps): Board {
  const { clock, journal, logger } = deps;
  const layout = createLayout(deps.definition);
  let at: EpochMs = clock.now();
  let world = createWorld(layout, deps.normal, rulesId(deps.definition.rules), at);
  let core = createCore(world);
  const ring = createCommitRing();
  const scopes = createScopes(layout);
  const listeners = new Set<(commit: Commit) => void>();
  let seq = 0;
  let pending: PollOutcome[] = [];
  /** By practice: the last that was told. */
  let placing = new Map<string, Placed>();
  const adopting: Rules[] = [];
  let changes: LevelChange[] = [];
  let unwritten: Commit | null = null;
  let timer: NodeJS.Timeout | null = null;
  let checkpointDue = 0;

  const remember = (draft: Draft) => {
    const day = core.clock.day ?? 0;
    if (draft.levels.length > 0 || (changes[0] && changes[0].at < day)) {
      changes = [...changes, ...draft.levels].filter((change) => change.at >= day).slice(-MOST_CHANGES);
    }
  };
  const commitOf = (draft: Draft, number: number, rules?: Rules, placed: readonly Placed[] = []): Commit => ({
    seq: number,
    epoch: deps.epoch,
    at,
    units: draft.units,
    removed: [],
    feeds: draft.feeds,
    applied: draft.applied,
    levels: draft.levels,
    inputs: draft.inputs,
    ...(rules ? { rules } : {}),
    ...(placed.length > 0 ? { placed } : {}),
  });
  /** A journal says from its first commit on what its levels were judged by. */
  const firstRules = () => (seq === 0 ? world.layout.definition.rules : undefined);
  const placedAt = (unit: string, day: EpochMs) => {
    const state = world.sites[layout.indexOf.get(unit) ?? -1];
    return state ? placedOn(state, day) : 0;
  };
  const adopt = (rules: Rules) => {
    const before = wantedNow(world);
    ({ world, core } = goOver(world, core, rules, at));
    return before;
  };
  /** Journal first; what could not be written is tried again before anything new is worked out. */
  const deliver = (commit: Commit): Commit | null => {
    try {
      journal.append(commit);
    } catch (error) {
      if (unwritten === null) logger?.error({ type: 'board.journal', err: error }, 'The journal refused a commit.');
      unwritten = commit;
      return null;
    }
    unwritten = null;
    seq = commit.seq;
    ring.push(commit);
    for (const listener of listeners) {
      try {
        listener(commit);
      } catch (error) {
        logger?.error({ type: 'board.listener', err: error }, 'A listener of the board failed.');
      }
    }
    return commit;
  };
  const tick = (): Commit | null => {
    if (unwritten !== null) return deliver(unwritten);
    at = Math.max(at, clock.now());
    const rules = adopting[0];
    if (rules !== undefined) {
      // What time has brought until now belongs to the rules before: re-living the journal parts them at the same place.
      const draft = core.advance(at, []);
      remember(draft);
      if (draft.worthwhile && deliver(commitOf(draft, seq + 1, firstRules())) === null) return null;
      adopting.shift();
    }
    const before = rules && adopt(rules);
    const outcomes = pending;
    pending = [];
    const placed = [...placing.values()].filter((each) => placedAt(each.unit, each.day) !== each.count);
    placing = new Map();
    const draft = core.advance(at, outcomes, before, placed);
    remember(draft);
    return rules || draft.worthwhile ? deliver(commitOf(draft, seq + 1, rules ?? firstRules(), placed)) : null;
  };
  /** Takes in a commit again; false where its rules are none that this product could judge by. */
  const relive = (commit: Commit): boolean => {
    const { rules } = commit;
    let before: ReturnType<typeof adopt> | undefined;
    if (rules && rulesId(rules) !== world.rulesVersion) {
      if (checkRules(rules).faults.length > 0) return false;
      if (seq === 0) {
        ({ world, core } = beginWith(world, rules, commit.at));
      } else {
        core.advance(commit.at, []);
        at = commit.at;
        before = adopt(rules);
      }
    }
    at = commit.at;
    const draft = core.advance(at, commit.inputs, before, commit.placed);
    remember(draft);
    seq = commit.seq;
    ring.push(commitOf(draft, seq, rules, commit.placed));
    return true;
  };
  const state = () => saveWorld(world, core.clock, { epoch: deps.epoch, seq, at, changes });
  const checkpoint = () => {
    // A commit that is not in the journal yet is in the state already: together they would not add up.
    if (unwritten !== null) return;
    const began = performance.now();
    journal.checkpoint(seq, state());
    const took = performance.now() - began;
    checkpointDue = performance.now() + Math.max(CHECKPOINT_MS, took / CHECKPOINT_SHARE);
  };
  const beat = () => {
    try {
      tick();
      if (performance.now() >= checkpointDue) checkpoint();
    } catch (error) {
      logger?.error({ type: 'board.tick', err: error }, 'A tick of the board failed.');
    }
  };
  return {
    get definition() {
      return world.layout.definition;
    },
    epoch: deps.epoch,
    get seq() {
      return seq;
    },
    get at() {
      return at;
    },
    units: () => world.published.units,
    unit: (id) => world.published.units[layout.indexOf.get(id) ?? -1],
    feeds: () => world.feeds.map((feed) => feed.status),
    slots: (site) => siteSlots(world, site, at),
    scope: scopes,
    commitsSince: (since) => ring.since(since, seq),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changes: (limit) => changes.slice(-limit).reverse(),
    apply(outcome) {
      pending.push(outcome);
    },
    takePlaced(placed) {
      for (const each of placed) if (layout.indexOf.has(each.unit)) placing.set(each.unit, each);
    },
    placed: placedAt,
    adoptRules(rules) {
      const last = adopting.at(-1);
      if ((last ? rulesId(last) : world.rulesVersion) !== rulesId(rules)) adopting.push(rules);
    },
    tick,
    start() {
      checkpointDue = performance.now() + CHECKPOINT_MS;
      timer ??= setInterval(beat, TICK_MS);
    },
    stop() {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      beat();
      checkpoint();
    },
    restore({ state, commits }) {
      if (state !== null && state !== undefined) {
        const saved = readSavedState(state, world);
        if (saved === null) return false;
        if (rulesId(saved.rules) !== world.rulesVersion) ({ world, core } = beginWith(world, saved.rules, saved.at));
        loadWorld(world, core.clock, saved);
        ({ seq, at } = saved);
        changes = [...saved.changes];
      }
      for (const commit of commits) {
        if (commit.seq <= seq) continue;
        if (commit.seq !== seq + 1 || !relive(commit)) return false;
      }
      return true;
    },
    state,
  };
}
