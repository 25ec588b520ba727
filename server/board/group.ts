import { METRICS, type MetricName } from '#shared/model/metrics.ts';
import { HOUR, atLocal, type EpochMs } from '#shared/model/time.ts';
import type { MetricState, SlotHour, Unit } from '#shared/model/unit.ts';
import { groupBrief, groupDrivers, groupSentence, type MeanPoints } from '../domain/pressure/group-sentence.ts';
import { step } from '../domain/pressure/levels.ts';
import { scoreGroup, type GroupScore } from '../domain/pressure/rollup.ts';
import { round } from '../domain/pressure/score.ts';
import { FOLDED, HEAD, metricLane, ruleLane, type Folder } from './group-lanes.ts';
import type { GroupLayout } from './layout.ts';
import { recordLevel } from './levels.ts';
import { roundFor, steadyUsual } from './site-metrics.ts';
import { markDay, trendOf } from './timeline.ts';
import type { World } from './world.ts';

/** Works out one group from its parts (which must be up to date) and publishes what changed. */
export function evaluateGroup(world: World, folder: Folder, group: GroupLayout, at: EpochMs, fresh: boolean): void {
  const state = world.groups[group.index];
  const unit = world.published.units[group.index];
  if (!state || !unit) return;
  const lanes = folder.fold(group, world.sites, world.groups);
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
  const words = wordsOf(world, lanes, metrics, score, slotHours, at);
  const changed = level !== unit.level;
  world.published.put(group.index, {
    level,
    score: score.score,
    trend: trendOf(score.score, unit.trail),
    coverage: score.coverage,
    metrics,
    ...words,
    ...(changed ? { levelSince: world.instant(at) } : {}),
    day: markDay(world, unit.day, at, score.closed ? '.' : (level ?? '?')),
    slotHours,
    reporting: { of: lane(HEAD.practices), sites: lane(HEAD.reporting) },
  });
  if (changed) recordLevel(world, group.index, unit.level, at, words.drivers, !score.closed);
}

function groupMetrics(
  world: World,
  group: GroupLayout,
  lanes: Float64Array,
  unit: Unit,
  at: EpochMs,
): Record<string, MetricState> {
  const metrics: Record<string, MetricState> = {};
  const { minimumCoverage } = world.layout.definition.rules;
  for (const metric of FOLDED) {
    const expected = lanes[metricLane(metric, 'expected')] ?? 0;
    const before = unit.metrics[metric];
    if (expected <= 0 && !before) continue;
    const cover = lanes[metricLane(metric, 'cover')] ?? 0;
    const coverage = expected > 0 ? round(cover / expected, 3) : 1;
    const value = expected > 0 && coverage >= minimumCoverage ? groupValue(metric, lanes) : null;
    const usual = value === null ? undefined : groupUsual(metric, lanes, cover, before?.usual);
    const absence = value === null ? mostAbsent(world, group, metric) : null;
    const kept = before && before.value === value && before.absence === absence;
    metrics[metric] = {
      value,
      absence,
      observedAt: kept ? before.observedAt : world.instant(at),
      ...(usual === undefined ? {} : { usual }),
      ...(metric === 'patients.without-slot' && value !== null ? { estimated: true } : {}),
      coverage,
    };
  }
  return metrics;
}

function groupValue(metric: MetricName, lanes: Float64Array): number | null {
  const sum = lanes[metricLane(metric, 'sum')] ?? 0;
  const { group, measure } = METRICS[metric];
  if (group === 'max') return sum < 0 ? null : roundFor(measure, sum);
  if (group === 'sum') return roundFor(measure, sum);
  const den = lanes[metricLane(metric, 'den')] ?? 0;
  return den > 0 ? roundFor(measure, sum / den) : null;
}

/** Usual over the same parts as the value: only where all of them have one, or the two would not compare. */
function groupUsual(
  metric: MetricName,
  lanes: Float64Array,
  cover: number,
  before: number | undefined,
): number | undefined {
  const { group, measure } = METRICS[metric];
  const usual = lanes[metricLane(metric, 'usual')] ?? 0;
  const over = lanes[metricLane(metric, 'usualDen')] ?? 0;
  if (group === 'max' || over <= 0) return undefined;
  const all = group === 'sum' ? cover : (lanes[metricLane(metric, 'den')] ?? 0);
  if (over < all * 0.98) return undefined;
  return steadyUsual(before, group === 'sum' ? usual : usual / over, measure);
}

/** The absence that most of a group's direct parts have. */
function mostAbsent(world: World, group: GroupLayout, metric: MetricName): NonNullable<MetricState['absence']> {
  const counts = new Map<NonNullable<MetricState['absence']>, number>();
  const source: MetricName = metric === 'calls.wait' ? 'calls.longest-wait' : metric;
  for (const index of [...group.sites, ...group.groups]) {
    const part = world.published.units[index];
    const absence = part?.metrics[part.kind === 'site' ? source : metric]?.absence;
    if (absence) counts.set(absence, (counts.get(absence) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'not-reported';
}

/** Hubs beneath a group, by hour. */
function groupSlotHours(world: World, group: GroupLayout): SlotHour[] {
  const hours = new Map<number, SlotHour>();
  const parts = [...group.groups, ...group.sites.filter((site) => world.layout.sites[site]?.def.siteKind === 'hub')];
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
  metrics: Record<string, MetricState>,
  score: GroupScore,
  slotHours: readonly SlotHour[],
  at: EpochMs,
): Pick<Unit, 'drivers' | 'sentence' | 'brief'> {
  const valueOf = (metric: MetricName) => metrics[metric]?.value ?? null;
  const usualOf = (metric: MetricName) => metrics[metric]?.usual ?? null;
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
