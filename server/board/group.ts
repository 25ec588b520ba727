import type { Level } from '#shared/model/level.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, atLocal, type EpochMs } from '#shared/model/time.ts';
import type { Rollup, SlotHour, Unit } from '#shared/model/unit.ts';
import { besideOfGroup } from '../domain/pressure/beside.ts';
import { confidenceOf, type Doubt } from '../domain/pressure/confidence.ts';
import { groupBrief, groupDrivers, type MeanPoints } from '../domain/pressure/group-drivers.ts';
import { groupSentence } from '../domain/pressure/group-sentence.ts';
import { keptUntil, NO_STANDING, step, type Standing } from '../domain/pressure/levels.ts';
import { scoreGroup, type GroupScore, type Parts } from '../domain/pressure/rollup.ts';
import type { Folder } from './group-fold.ts';
import { notableOf } from './group-head.ts';
import { groupRollup } from './group-rollup.ts';
import { HEAD, ruleLane } from './lanes.ts';
import { groupMetrics } from './group-metrics.ts';
import { METRIC_INDEX, type GroupLayout } from './layout.ts';
import { recordLevel } from './levels.ts';
import type { GroupMade } from './memory.ts';
import { absenceOf, type GroupState } from './state.ts';
import { same } from './publish.ts';
import { markDay, publishTime, trendOf } from './timeline.ts';
import type { World } from './world.ts';

/**
 * Works out one group from its parts (which must be up to date) and publishes what changed. `changed` false: time has
 * passed, and its parts are as they were when it was last worked out.
 */
export function evaluateGroup(
  world: World,
  folder: Folder,
  group: GroupLayout,
  at: EpochMs,
  fresh: boolean,
  changed: boolean,
): void {
  const state = world.groups[group.index];
  const unit = world.published.units[group.index];
  if (!state || !unit) return;
  const last = standingMade(world, group, state, unit, at);
  const { rules } = world.layout.definition;
  if (last && !changed && passes(world, group, state, last, at, fresh)) return;
  const lanes = folder.fold(group, world.sites, world.groups, world.days.start(at));
  state.notable = notableOf(group, world.layout.sites, world.sites, world.groups);
  const lane = (i: number) => lanes[i] ?? 0;
  const score = scoreGroup(partsOf(lanes), rules);
  // Closing ends a day: the next opening starts from nothing, not from yesterday evening.
  state.standing = score.closed ? NO_STANDING : step(state.standing, { ...score, at, fresh }, rules);
  state.lanes = lanes;
  const level = state.standing.level;
  const metrics = groupMetrics(world, group, lanes, last?.lanes ?? null, unit, at);
  const slotHours = groupSlotHours(world, group, unit);
  const rollup = groupRollup(world, lanes, score, state.notable);
  const hubSlots = hubSlotsBefore8pm(world, slotHours, at);
  const words = wordsOf(
    world,
    { group, lanes, score, hubSlots, rollup, standing: state.standing },
    unit.metrics,
    metrics,
  );
  const kept = keptUntil(state.standing);
  const moved = level !== unit.level;
  world.published.put(group.index, {
    level,
    score: score.score,
    trend: trendOf(score.score, unit.trail),
    coverage: score.coverage,
    metrics,
    ...words,
    rollup,
    beside: besideOfGroup(
      lane(HEAD.practices),
      lane(HEAD.declared),
      lane(HEAD.declaredHigher),
      lane(HEAD.declaredLower),
    ),
    confidence:
      level === null ? null : confidenceOf(doubtOf(lanes), 'what its practices are judged by', shortOf(rollup)),
    keptUntil: kept === null ? null : world.instant(kept),
    ...(moved ? { levelSince: world.instant(at) } : {}),
    day: markDay(world, unit.day, at, markOf(score, level)),
    slotHours,
    reporting: { of: lane(HEAD.practices), sites: lane(HEAD.reporting) },
  });
  if (moved) recordLevel(world, group.index, unit.level, at, words.drivers, !score.closed);
  const shown = world.published.units[group.index]?.metrics ?? unit.metrics;
  const day = world.days.start(at);
  world.memory.groups[group.index] = { metrics: shown, lanes, score, day, level, keptUntil: kept, hubSlots };
}

const markOf = (score: GroupScore, level: Level | null) => (score.closed ? '.' : (level ?? '?'));

/** What it was last made of, where that is still what it is and publishes. */
function standingMade(
  { memory, days }: World,
  { index }: GroupLayout,
  state: GroupState,
  unit: Unit,
  at: EpochMs,
): GroupMade | null {
  const last = memory.groups[index];
  const stands = last?.metrics === unit.metrics && last.lanes === state.lanes && last.day === days.start(at);
  return stands ? last : null;
}

/** Lives through time with the parts as they were: true where that changes nothing of its words. */
function passes(
  world: World,
  group: GroupLayout,
  state: GroupState,
  last: GroupMade,
  at: EpochMs,
  fresh: boolean,
): boolean {
  const { score } = last;
  const slotHours = world.published.units[group.index]?.slotHours ?? [];
  const standing = score.closed
    ? NO_STANDING
    : step(state.standing, { ...score, at, fresh }, world.layout.definition.rules);
  if (standing.level !== last.level || keptUntil(standing) !== last.keptUntil) return false;
  if (hubSlotsBefore8pm(world, slotHours, at) !== last.hubSlots) return false;
  state.standing = standing;
  publishTime(world, group.index, at, markOf(score, standing.level));
  return true;
}

function partsOf(lanes: Float64Array): Parts {
  const lane = (i: number) => lanes[i] ?? 0;
  return {
    open: lane(HEAD.openPopulation),
    known: lane(HEAD.knownPopulation),
    scored: lane(HEAD.scored),
    distressed: lane(HEAD.distressed),
    extreme: lane(HEAD.extreme),
    worst: lane(HEAD.worst),
    lastKnown: lane(HEAD.lastPopulation),
    lastScored: lane(HEAD.lastScored),
    lastDistressed: lane(HEAD.lastDistressed),
    lastExtreme: lane(HEAD.lastExtreme),
    lastWorst: lane(HEAD.lastWorst),
  };
}

/** Hubs beneath a group, by hour. A hub whose slots have gone absent is in no sum: what it last said is nobody's capacity. */
function groupSlotHours(world: World, group: GroupLayout, { slotHours }: Unit): SlotHour[] {
  if (!world.memory.takeHours(group.index)) return slotHours;
  const hours = new Map<number, SlotHour>();
  const tells = (site: number) => {
    const absence = absenceOf(world.sites[site]?.absences[METRIC_INDEX['slots.free']] ?? 0);
    return world.layout.sites[site]?.def.siteKind === 'hub' && (absence === null || absence === 'closed');
  };
  const parts = [...group.groups, ...group.sites.filter(tells)];
  for (const part of parts) {
    for (const { from, free, booked, held } of world.published.units[part]?.slotHours ?? []) {
      const hour = hours.get(from) ?? { from, free: 0, booked: 0, held: 0 };
      hours.set(from, { from, free: hour.free + free, booked: hour.booked + booked, held: hour.held + held });
    }
  }
  const next = [...hours.values()].sort((a, b) => a.from - b.from);
  if (same(next, slotHours)) return slotHours;
  world.memory.stirHours(group.index);
  return next;
}

const evenings = new Map<EpochMs, EpochMs>();

/** 8pm of the day that starts at `day`: asked by every group, and slow to work out. */
function eveningOf(day: EpochMs): EpochMs {
  let evening = evenings.get(day);
  if (evening === undefined) {
    if (evenings.size > 8) evenings.clear();
    evening = atLocal(day + 12 * HOUR, '20:00');
    evenings.set(day, evening);
  }
  return evening;
}

function hubSlotsBefore8pm(world: World, hours: readonly SlotHour[], at: EpochMs): number | null {
  if (hours.length === 0) return null;
  const evening = eveningOf(world.days.start(at));
  if (at >= evening) return null;
  return hours.reduce((sum, hour) => sum + (hour.from < evening ? hour.free : 0), 0);
}

/** Mean doubt of the open practices by patients. */
function doubtOf(lanes: Float64Array): Doubt {
  const open = lanes[HEAD.openPopulation] ?? 0;
  const share = (lane: number) => (open > 0 ? (lanes[lane] ?? 0) / open : 0);
  return {
    missing: share(HEAD.missing),
    held: share(HEAD.held),
    estimated: share(HEAD.estimated),
    thin: share(HEAD.thin),
  };
}

const shortOf = ({ deprived }: Rollup): string | null =>
  deprived?.short === true ? 'the most deprived fifth is under-represented' : null;

/** What a group's words are made of besides its metrics. */
interface Told {
  readonly group: GroupLayout;
  readonly lanes: Float64Array;
  readonly score: GroupScore;
  readonly standing: Standing;
  readonly rollup: Rollup;
  readonly hubSlots: number | null;
}

function wordsOf(
  world: World,
  { group, lanes, score, standing, rollup, hubSlots }: Told,
  before: Unit['metrics'],
  changed: Unit['metrics'],
): Pick<Unit, 'drivers' | 'sentence' | 'brief'> {
  const valueOf = (metric: MetricName) => (changed[metric] ?? before[metric])?.value ?? null;
  const usualOf = (metric: MetricName) => (changed[metric] ?? before[metric])?.usual ?? null;
  const practices = lanes[HEAD.practices] ?? 0;
  const open = lanes[HEAD.open] ?? 0;
  const known = score.score !== null;
  const means: MeanPoints[] = known
    ? world.layout.practiceRules.flatMap((ready) => {
        const population = lanes[ruleLane(ready.index, 1)] ?? 0;
        return population > 0 ? [{ ready, points: (lanes[ruleLane(ready.index, 0)] ?? 0) / population }] : [];
      })
    : [];
  const without = valueOf('practices.without-slots');
  const drivers = groupDrivers(means, valueOf, usualOf, open);
  const facts = {
    score,
    standing,
    rollup,
    drivers,
    practices,
    waitSeconds: valueOf('calls.wait'),
    usualWaitSeconds: usualOf('calls.wait'),
    withoutSlots: without === null ? null : { count: without, of: open },
    hubSlotsBefore8pm: hubSlots,
    worstName: worstName(world, group, rollup),
  };
  return {
    drivers,
    brief: groupBrief(means, valueOf, usualOf, open),
    sentence: groupSentence(facts, world.layout.definition.rules),
  };
}

/** Practices are named above their neighbourhood only where the system shows their names to all. */
function worstName({ layout }: World, { def }: GroupLayout, { notable }: Rollup): string | null {
  const { practiceNames } = layout.definition.visibility;
  const worst = layout.indexOf.get(notable[0]?.id ?? '');
  if (worst === undefined || (practiceNames !== 'all' && def.kind !== 'neighbourhood')) return null;
  return layout.sites[worst]?.def.name ?? null;
}
