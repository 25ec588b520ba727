import { toInstant } from '#shared/model/time.ts';
import type { Effect } from '#shared/protocol/redirections.ts';
import type { PlanTotals, WhatIf, WhatIfResult } from '#shared/protocol/what-if.ts';
import type { BoardView } from '../domain/ports.ts';
import { sayCount } from '../domain/pressure/phrases.ts';
import { isKeptBack } from '../domain/redirection/drafts.ts';
import { groupAfter, siteAfter } from '../domain/redirection/effects.ts';
import type { Ground } from '../domain/redirection/ground.ts';
import { lotsOf } from '../domain/redirection/lots.ts';
import { addCounts, needsOfAll, sumOf, type Counts } from '../domain/redirection/needs.ts';
import type { Problem } from '../domain/redirection/problem.ts';
import { RedirectionProblem } from '../domain/redirection/problem-codes.ts';
import { applyChanges, type Pin, type Situation } from '../domain/redirection/what-if.ts';
import type { PlanSituation, Planner } from './planner.ts';
import { beneath, urgentPlaced } from './seen.ts';
import type { SolverThread } from './thread.ts';
import { bold } from './words.ts';

export interface WhatIfDeps {
  readonly board: BoardView;
  readonly ground: Ground;
  readonly planner: Pick<Planner, 'situation'>;
  readonly thread: Pick<SolverThread, 'ask'>;
}

/** Real: of each of the two runs. */
const LIMIT_MS = 1500;
/** The solver is the proposals' first: no more questions than this wait for it. */
const MOST_WAITING = 4;
const MOST_EFFECTS = 30;

/** One plan: patients by practice and hub, and what it comes to. */
interface Plan {
  readonly totals: PlanTotals;
  readonly flows: ReadonlyMap<string, { readonly practice: string; readonly hub: string; readonly placed: Counts }>;
  readonly free: ReadonlyMap<string, number>;
  readonly gap: number;
}

/** Answers what the plan would be were things otherwise. Writes nothing and offers nothing. */
export function createWhatIf({ board, ground, planner, thread }: WhatIfDeps): (asked: WhatIf) => Promise<WhatIfResult> {
  let waiting = 0;
  const planOf = async (given: PlanSituation, of_: Situation, pins: readonly Pin[]): Promise<Plan> => {
    const { at, received, kept, barred, promised } = given;
    const { lots } = lotsOf(ground, of_.hubs, { at, promised });
    const needs = needsOfAll(of_.counts, at, ground.policy);
    const solved = await thread.ask({ at, needs, lots, received, kept, barred, limitMs: LIMIT_MS, more: 0 });
    const problem: Problem = { needs, lots, arcs: solved.placed.map(({ arc }) => arc) };
    const flows = new Map<string, { practice: string; hub: string; placed: Counts }>();
    const add = (practice: string, hub: string, placed: Counts) => {
      const key = `${practice} ${hub}`;
      flows.set(key, { practice, hub, placed: addCounts([flows.get(key)?.placed ?? {}, placed]) });
    };
    let keptBack = 0;
    solved.placed.forEach(({ arc, count }, index) => {
      const [need, lot] = [needs[arc.need], lots[arc.lot]];
      if (!need || !lot) return;
      if (isKeptBack(problem, { arc: index, count })) keptBack += count;
      else add(need.practice, lot.hub, { [need.kind]: count });
    });
    for (const { practice, hub, placed } of pins) add(practice, hub, placed);
    const free = new Map<string, number>();
    for (const { hub, free: slots } of lots) free.set(hub, (free.get(hub) ?? 0) + slots);
    for (const { hub, placed } of pins) free.set(hub, (free.get(hub) ?? 0) + sumOf(placed));
    const waitingNow = addCounts([...of_.counts.values()].flatMap((counts) => counts ?? []));
    const totals = {
      waiting: addCounts([waitingNow, ...pins.map(({ placed }) => placed)]),
      placed: addCounts([...flows.values()].map(({ placed }) => placed)),
      free: [...free.values()].reduce((sum, slots) => sum + slots, 0),
      keptBack,
    };
    return { totals, flows, free, gap: solved.gap };
  };

  const answer = async ({ changes }: WhatIf): Promise<WhatIfResult> => {
    const began = performance.now();
    const given = planner.situation();
    const changed = applyChanges(ground, given, changes, (id) => board.unit(id)?.name ?? id);
    const [fault] = changed.faults;
    if (fault) throw new RedirectionProblem('BAD_CHANGE', `changes/${fault.change}: ${fault.text}`);
    const now = await planOf(given, given, []);
    const then = await planOf(given, changed, changed.pins);
    return {
      ...{ at: toInstant(given.at), gap: Math.max(now.gap, then.gap) },
      ...{ warnings: [...changed.warnings], now: now.totals, then: then.totals },
      ...{ sentence: sayDifference(now.totals, then.totals) },
      hubs: hubsOf(board, now, then),
      practices: practicesOf(board, now, then),
      flows: flowsOf(now, then),
      effects: effectsOf(board, now, then),
      tookMs: Math.round(performance.now() - began),
    };
  };

  return async (asked) => {
    if (waiting >= MOST_WAITING)
      throw new RedirectionProblem('TOO_MANY_QUESTIONS', 'Others are asking as well: ask again in a few seconds');
    waiting += 1;
    try {
      return await answer(asked);
    } finally {
      waiting -= 1;
    }
  };
}

function sayDifference(now: PlanTotals, then: PlanTotals): string {
  const [before, after] = [sumOf(now.placed), sumOf(then.placed)];
  const [urgentBefore, urgentAfter] = [now.placed.urgent ?? 0, then.placed.urgent ?? 0];
  const by = (a: number, b: number, what: string) =>
    a === b ? `as many ${what}` : `${sayCount(Math.abs(b - a))} ${b > a ? 'more' : 'fewer'} ${what}`;
  if (before === after && urgentBefore === urgentAfter) return `It would place as many: ${bold(String(after))}.`;
  return `It would place ${bold(String(after))} instead of ${before}: ${bold(by(urgentBefore, urgentAfter, 'urgent'))}, ${by(before - urgentBefore, after - urgentAfter, 'who can wait')}.`;
}

/** Sums of one side of the flows. */
function sumsBy(plan: Plan, side: 'practice' | 'hub'): Map<string, { all: number; urgent: number }> {
  const sums = new Map<string, { all: number; urgent: number }>();
  for (const flow of plan.flows.values()) {
    const sum = sums.get(flow[side]) ?? { all: 0, urgent: 0 };
    sums.set(flow[side], { all: sum.all + sumOf(flow.placed), urgent: sum.urgent + (flow.placed.urgent ?? 0) });
  }
  return sums;
}

function hubsOf(board: BoardView, now: Plan, then: Plan): WhatIfResult['hubs'] {
  const [before, after] = [sumsBy(now, 'hub'), sumsBy(then, 'hub')];
  return board.definition.units.flatMap(({ id, name, siteKind }) => {
    if (siteKind !== 'hub') return [];
    const free = { now: now.free.get(id) ?? 0, then: then.free.get(id) ?? 0 };
    const used = { now: before.get(id)?.all ?? 0, then: after.get(id)?.all ?? 0 };
    return free.now === free.then && used.now === used.then ? [] : [{ hub: id, name, free, used }];
  });
}

function practicesOf(board: BoardView, now: Plan, then: Plan): WhatIfResult['practices'] {
  const [before, after] = [sumsBy(now, 'practice'), sumsBy(then, 'practice')];
  return board.definition.units.flatMap(({ id, name, siteKind }) => {
    if (siteKind !== 'practice') return [];
    const placed = { now: before.get(id)?.all ?? 0, then: after.get(id)?.all ?? 0 };
    const urgent = { now: before.get(id)?.urgent ?? 0, then: after.get(id)?.urgent ?? 0 };
    return placed.now === placed.then && urgent.now === urgent.then ? [] : [{ practice: id, name, placed, urgent }];
  });
}

function flowsOf(now: Plan, then: Plan): WhatIfResult['flows'] {
  const keys = new Set([...now.flows.keys(), ...then.flows.keys()]);
  return [...keys].flatMap((key) => {
    const flow = then.flows.get(key) ?? now.flows.get(key);
    if (!flow) return [];
    const count = (plan: Plan) => sumOf(plan.flows.get(key)?.placed ?? {});
    return [{ practice: flow.practice, hub: flow.hub, now: count(now), then: count(then) }];
  });
}

/** Pressure by either plan, as if everybody in it were placed: practices, and what they are part of. */
function effectsOf(board: BoardView, now: Plan, then: Plan): Effect[] {
  const { rules } = board.definition;
  type State = Effect['before'];
  const states = (plan: Plan): Map<string, State> => {
    const found = new Map<string, State>();
    for (const [id, { urgent }] of sumsBy(plan, 'practice')) {
      const unit = board.unit(id);
      if (unit) found.set(id, siteAfter(unit, urgentPlaced(unit, urgent), rules));
    }
    return found;
  };
  const [before, after] = [states(now), states(then)];
  const touched = [...new Set([...before.keys(), ...after.keys()])];
  const groups = new Set(touched.flatMap((id) => board.unit(id)?.parent ?? []));
  const effects: Effect[] = touched.flatMap((id) => {
    const unit = board.unit(id);
    if (!unit) return [];
    const as = { level: unit.level, score: unit.score };
    return [{ unit: id, name: unit.name, before: before.get(id) ?? as, after: after.get(id) ?? as }];
  });
  for (const id of groups) {
    const unit = board.unit(id);
    if (!unit) continue;
    const practices = beneath(board, id);
    const state = (plan: ReadonlyMap<string, State>) => groupAfter(unit, practices, plan, rules);
    effects.push({ unit: id, name: unit.name, before: state(before), after: state(after) });
  }
  const moved = (effect: Effect) => Math.abs((effect.after.score ?? 0) - (effect.before.score ?? 0));
  return effects
    .filter((effect) => moved(effect) > 0 || effect.before.level !== effect.after.level)
    .sort((a, b) => moved(b) - moved(a))
    .slice(0, MOST_EFFECTS);
}
