import { isDeepStrictEqual } from 'node:util';
import { dayStart, fromInstant, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { BoardView, Clock, Condition, Normal, PlacedPort, SlotsView } from '../domain/ports.ts';
import { barKey, keepKey } from '../domain/redirection/arcs.ts';
import { draftKey, draftsOf, isKeptBack, slotsIn, type Draft } from '../domain/redirection/drafts.ts';
import { lotsOf, type HubFree, type Lots } from '../domain/redirection/lots.ts';
import { needsOfAll, unmetNeed, type Counts } from '../domain/redirection/needs.ts';
import type { Problem } from '../domain/redirection/problem.ts';
import { committedTo, placedToday, promisedSlots } from '../domain/redirection/promises.ts';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import type { Ground } from '../domain/redirection/ground.ts';
import type { Situation } from '../domain/redirection/what-if.ts';
import type { RedirectionRecord } from '../domain/redirection/record.ts';
import type { Ledger } from './ledger.ts';
import type { More, Question } from './messages.ts';
import { seenOf } from './seen.ts';
import type { SolverThread } from './thread.ts';

/** Real: between two runs at least; and the most that one may take. */
const LEAST_MS = 2000;
const LIMIT_MS = 1500;
/** What would help most is asked with so many more slots. */
const MORE_SLOTS = 3;

export interface PlannerDeps {
  readonly board: BoardView & SlotsView & PlacedPort;
  readonly policy: RedirectionPolicy;
  readonly ground: Ground;
  readonly normal: Pick<Normal, 'usual'>;
  readonly ledger: Ledger;
  readonly thread: SolverThread;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: { error(about: object, text: string): void };
}

/** What the last run found, beside the proposals themselves. */
export interface Found {
  readonly at: EpochMs;
  readonly tookMs: number;
  readonly gap: number;
  readonly arcs: number;
  /** By practice; null: not known. */
  readonly needs: ReadonlyMap<string, Counts | null>;
  readonly lots: Lots;
  /** Slots kept for people who have not asked yet, by practice. */
  readonly keptBack: ReadonlyMap<string, number>;
  readonly more: readonly (More & { readonly hub: string; readonly from: EpochMs; readonly to: EpochMs })[];
}

/** Everything that a plan is made of, as it is now. */
export interface PlanSituation extends Situation {
  readonly received: ReadonlyMap<string, number>;
  readonly kept: ReadonlyMap<string, number>;
  readonly barred: ReadonlySet<string>;
}

export interface Planner {
  readonly found: Found | null;
  /** What the next run would begin with. */
  situation(): PlanSituation;
  /** Free slots of the hubs as they may be offered now. */
  lots(): Lots;
  /** By practice, now. */
  needs(): Map<string, Counts | null>;
  /** Works the proposals out anew. Never rejects. */
  run(): Promise<void>;
  /** Runs whenever the board has changed, until `stop`. */
  start(): void;
  stop(): Promise<void>;
  conditions(): Condition[];
}

/** Keeps the proposals to what would do most good as the board is. */
export function createPlanner(deps: PlannerDeps): Planner {
  const { board, policy, ground, normal, ledger, thread, clock } = deps;
  const hubs = board.definition.units.filter(({ siteKind }) => siteKind === 'hub').map(({ id }) => id);
  const practices = board.definition.units.filter(({ siteKind }) => siteKind === 'practice');
  const parents = new Map(practices.map(({ id, parent }) => [id, parent ?? board.definition.id]));
  let found: Found | null = null;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let dirty = true;
  let ranAt: EpochMs = -Infinity;
  let failures = 0;
  let stopped = false;
  let leave: (() => void) | null = null;

  const records = () => ledger.awake(clock.now());
  /** When each hub's feed was last true: asked for many records, so the feeds are gone through once. */
  const seenAtHubs = (): ((hub: string) => EpochMs | null) => {
    const observed = new Map(board.feeds().map(({ id, observedAt }) => [id, observedAt]));
    return (hub) => {
      const at = observed.get(board.slots(hub)?.feed ?? '') ?? null;
      return at === null ? null : fromInstant(at);
    };
  };
  const groupsOf = (): HubFree[] =>
    hubs.map((hub) => ({
      hub,
      groups: board.unit(hub)?.open === null ? null : (board.slots(hub)?.now ?? null),
    }));
  const promised = () => promisedSlots(records(), seenAtHubs());
  const lots = (): Lots => lotsOf(ground, groupsOf(), { at: clock.now(), promised: promised() });
  const needs = (): Map<string, Counts | null> => {
    const at = clock.now();
    const day = dayStart(at);
    const committed = committedTo(records(), at, (practice) => board.placed(practice, day));
    const usual = (practice: string, aheadMs: number) => normal.usual(practice, 'calls.answered-60m', at + aheadMs);
    return new Map(
      practices.map(({ id }) => {
        const unit = board.unit(id);
        return [id, unit ? unmetNeed(unit, committed, usual) : null];
      }),
    );
  };
  const barred = (at: EpochMs): Set<string> => {
    const pairs = new Set<string>();
    for (const record of records()) {
      if (record.state !== 'refused' || (record.decidedAt ?? 0) < at - policy.quietMinutes * MINUTE) continue;
      for (const [practice, parent] of parents)
        if (parent === record.draft.unit) pairs.add(barKey({ practice, hub: record.draft.hub }));
    }
    return pairs;
  };
  const kept = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { state, draft } of records())
      if (state === 'proposed')
        for (const { practice, need, lot, count } of draft.slots) {
          const key = keepKey(practice, need, lot);
          counts.set(key, (counts.get(key) ?? 0) + count);
        }
    return counts;
  };

  const situation = (at: EpochMs): PlanSituation => ({
    ...{ at, counts: needs(), hubs: groupsOf(), promised: promised() },
    ...{ received: ledger.received(at), kept: kept(), barred: barred(at) },
  });

  const solve = async (): Promise<void> => {
    const at = clock.now();
    tellPlaced(at);
    const now = situation(at);
    const unmet = now.counts;
    const free = lotsOf(ground, now.hubs, now);
    const wanted = needsOfAll(unmet, at, policy);
    const question: Omit<Question, 'id'> = {
      ...{ at, needs: wanted, lots: free.lots, received: now.received, kept: now.kept },
      ...{ barred: now.barred, limitMs: LIMIT_MS, more: MORE_SLOTS },
    };
    const solved = await thread.ask(question);
    const problem: Problem = { needs: wanted, lots: free.lots, arcs: solved.placed.map(({ arc }) => arc) };
    const flows = solved.placed.map(({ count }, arc) => ({ arc, count }));
    settle(
      draftsOf(problem, flows, free.slots, (practice) => parents.get(practice) ?? ''),
      unmet,
      at,
    );
    const more = solved.more.flatMap((each) => {
      const lot = free.lots[each.lot];
      return lot ? [{ ...each, hub: lot.hub, from: lot.from, to: lot.to }] : [];
    });
    const keptBack = new Map<string, number>();
    for (const flow of flows) {
      const { practice } = wanted[problem.arcs[flow.arc]?.need ?? -1] ?? {};
      if (practice === undefined || !isKeptBack(problem, flow)) continue;
      keptBack.set(practice, (keptBack.get(practice) ?? 0) + flow.count);
    }
    found = { at, tookMs: solved.tookMs, gap: solved.gap, arcs: solved.arcs, needs: unmet, lots: free, keptBack, more };
  };

  /** What was decided while the thread was at work stays decided: only what is still proposed is touched. */
  const settle = (drafts: readonly Draft[], unmet: ReadonlyMap<string, Counts | null>, at: EpochMs): void => {
    const by = 'system';
    const proposed = new Map<string, RedirectionRecord>();
    for (const record of records()) {
      if (record.state !== 'proposed') continue;
      const key = draftKey(record.draft);
      const older = proposed.get(key);
      // One that was taken back stands again, while a newer one has come in its place.
      if (older) ledger.note({ type: 'withdrawn', at, id: older.id, by });
      proposed.set(key, record);
    }
    for (const draft of drafts) {
      const key = draftKey(draft);
      const known = proposed.get(key);
      proposed.delete(key);
      const lapsed = known !== undefined && known.answerBy <= at;
      if (lapsed) lapse(known, at);
      if (known && !lapsed && isDeepStrictEqual(known.draft, draft)) continue;
      const seen = seenOf(board, draft, unmet);
      if (known && !lapsed) ledger.note({ type: 'revised', at, id: known.id, by, draft, seen });
      else
        ledger.note({
          ...{ type: 'proposed', at, id: deps.newId(), by, draft, seen },
          answerBy: at + policy.answerMinutes * MINUTE,
        });
    }
    for (const record of proposed.values())
      if (record.answerBy <= at) lapse(record, at);
      else ledger.note({ type: 'withdrawn', at, id: record.id, by });
  };
  const lapse = ({ id, draft }: RedirectionRecord, at: EpochMs) =>
    ledger.note({ type: 'lapsed', at, id, by: 'system', offered: slotsIn(draft) });

  /** Whoever was placed waits no longer, at their practice too. */
  const tellPlaced = (at: EpochMs): void => {
    const day = dayStart(at);
    board.takePlaced([...placedToday(records(), at)].map(([unit, count]) => ({ unit, day, count })));
  };

  const run = (): Promise<void> => {
    running ??= solve()
      .then(() => {
        failures = 0;
      })
      .catch((error: unknown) => {
        if (stopped) return;
        failures += 1;
        deps.logger.error({ type: 'redirections.unsolved', err: error }, 'the redirections could not be worked out');
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  return {
    get found() {
      return found;
    },
    situation: () => situation(clock.now()),
    lots,
    needs,
    conditions: () => [
      {
        part: 'redirections',
        status: failures > 1 ? 'degraded' : 'ok',
        reason: failures > 1 ? 'the proposals for hub slots cannot be worked out: those shown may be out of date' : '',
      },
    ],
    run,
    start() {
      leave = board.onCommit(({ units }) => {
        dirty ||= units.length > 0;
      });
      timer = setInterval(() => {
        // Time alone changes what can be offered.
        if (!dirty && clock.now() - ranAt < MINUTE) return;
        if (running) return;
        dirty = false;
        ranAt = clock.now();
        void run();
      }, LEAST_MS);
    },
    async stop() {
      stopped = true;
      leave?.();
      if (timer !== null) clearInterval(timer);
      timer = null;
      await thread.stop();
      await running;
    },
  };
}
