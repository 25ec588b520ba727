import type { MetricName } from '#shared/model/metrics.ts';
import { HOUR, atLocal, type EpochMs } from '#shared/model/time.ts';
import type { SlotHour, Unit } from '#shared/model/unit.ts';
import { groupBrief, groupDrivers, groupSentence, type MeanPoints } from '../domain/pressure/group-sentence.ts';
import { step } from '../domain/pressure/levels.ts';
import { scoreGroup, type GroupScore } from '../domain/pressure/rollup.ts';
import type { Folder } from './group-fold.ts';
import { HEAD, ruleLane } from './lanes.ts';
import { groupMetrics } from './group-metrics.ts';
import { METRIC_INDEX, type GroupLayout } from './layout.ts';
import { recordLevel } from './levels.ts';
import { absenceOf } from './state.ts';
import { markDay, trendOf } from './timeline.ts';
import type { World } from './world.ts';

/** Works out one group from its parts (which must be up to date) and publishes what changed. */
export function evaluateGroup(world: World, folder: Folder, group: GroupLayout, at: EpochMs, fresh: boolean): void {
  const state = world.groups[group.index];
  const unit = world.published.units[group.index];
  if (!state || !unit) return;
  const lanes = folder.fold(group, world.sites, world.groups, world.days.start(at));
  state.lanes = lanes;
  const lane = (i: number) => lanes[i] ?? 0;
  const { rules } = world.layout.definition;
  const score = scoreGroup(
    {
      open: lane(HEAD.openPopulation),
      known: lane(HEAD.knownPopulation),
      scored: lane(HEAD.scored),
      distressed: lane(HEAD.distressed),
      worst: lane(HEAD.worst),
      lastKnown: lane(HEAD.lastPopulation),
      lastScored: lane(HEAD.lastScored),
      lastDistressed: lane(HEAD.lastDistressed),
      lastWorst: lane(HEAD.lastWorst),
    },
    rules,
  );
  // Closing ends a day: the next opening starts from nothing, not from yesterday evening.
  state.standing = score.closed
    ? { ...state.standing, level: null, lost: null, rising: 0, belowSince: null }
    : step(state.standing, { ...score, at, fresh, floor: 1, fallFloor: 1 }, rules);
  const level = state.standing.level;
  const metrics = groupMetrics(world, group, lanes, unit, at);
  const slotHours = groupSlotHours(world, group);
  const words = wordsOf(world, lanes, unit.metrics, metrics, score, slotHours, at);
  const moved = level !== unit.level;
  world.published.put(group.index, {
    level,
    score: score.score,
    trend: trendOf(score.score, unit.trail),
    coverage: score.coverage,
    metrics,
    ...words,
    ...(moved ? { levelSince: world.instant(at) } : {}),
    day: markDay(world, unit.day, at, score.closed ? '.' : (level ?? '?')),
    slotHours,
    reporting: { of: lane(HEAD.practices), sites: lane(HEAD.reporting) },
  });
  if (moved) recordLevel(world, group.index, unit.level, at, words.drivers, !score.closed);
}

/** Hubs beneath a group, by hour. A hub whose slots have gone absent is in no sum: what it last said is nobody's capacity. */
function groupSlotHours(world: World, group: GroupLayout): SlotHour[] {
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
  return [...hours.values()].sort((a, b) => a.from - b.from);
}

function hubSlotsBefore8pm(world: World, hours: readonly SlotHour[], at: EpochMs): number | null {
  const evening = atLocal(world.days.start(at) + 12 * HOUR, '20:00');
  if (hours.length === 0 || at >= evening) return null;
  return hours.reduce((sum, hour) => sum + (hour.from < evening ? hour.free : 0), 0);
}

function wordsOf(
  world: World,
  lanes: Float64Array,
  before: Unit['metrics'],
  changed: Unit['metrics'],
  score: GroupScore,
  slotHours: readonly SlotHour[],
  at: EpochMs,
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
  return {
    drivers: groupDrivers(means, valueOf, usualOf, open),
    brief: groupBrief(means, valueOf, usualOf, open),
    sentence: groupSentence({
      closed: score.closed,
      known,
      coverage: score.coverage,
      minimumCoverage: world.layout.definition.rules.minimumCoverage,
      practices,
      waitSeconds: valueOf('calls.wait'),
      usualWaitSeconds: usualOf('calls.wait'),
      withoutSlots: without === null ? null : { count: without, of: open },
      hubSlotsBefore8pm: hubSlotsBefore8pm(world, slotHours, at),
    }),
  };
}
