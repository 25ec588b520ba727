import { METRICS, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { MetricState, Unit } from '#shared/model/unit.ts';
import { round } from '../domain/pressure/score.ts';
import { PER_PEOPLE, SOURCE } from './contributions.ts';
import { FOLDED, metricLane } from './lanes.ts';
import type { GroupLayout } from './layout.ts';
import { metricState, roundFor, steadyUsual } from './metric-state.ts';
import type { World } from './world.ts';

/**
 * A group's metrics from its lanes, only those that differ from what is published. A value is the sum (or whatever the
 * catalogue says) of the parts that report; below the minimum coverage it is absent.
 */
export function groupMetrics(
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
    const value =
      expected > 0 && coverage >= minimumCoverage ? groupValue(metric, lanes, (unit.population ?? 0) * coverage) : null;
    const usual = value === null ? undefined : groupUsual(metric, lanes, cover, before?.usual);
    const absence = value === null ? mostAbsent(world, group, metric) : null;
    const next = metricState(
      {
        value,
        absence,
        detail: null,
        last: null,
        usual,
        feed: undefined,
        coverage,
        estimated:
          metric === 'patients.without-slot' ||
          (metric === 'access.offered-per-1000' && estimates(world, group, metric)),
        observedAt: at,
      },
      before,
      world.instant,
    );
    if (next) metrics[metric] = next;
  }
  return metrics;
}

/** `people`: the part of the group's own people whose hubs report. */
function groupValue(metric: MetricName, lanes: Float64Array, people: number): number | null {
  const sum = lanes[metricLane(metric, 'sum')] ?? 0;
  const { group, measure } = METRICS[metric];
  if (group === 'max') return sum < 0 ? null : roundFor(measure, sum);
  if (group === 'sum') return roundFor(measure, sum);
  const den = PER_PEOPLE.has(metric) ? people / 1000 : (lanes[metricLane(metric, 'den')] ?? 0);
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

/** Whether a figure of one of a group's direct parts is an estimate: theirs together is one then, too. */
const estimates = (world: World, group: GroupLayout, metric: MetricName): boolean =>
  [...group.sites, ...group.groups].some((index) => world.published.units[index]?.metrics[metric]?.estimated === true);

/** The absence that most of a group's direct parts have. */
function mostAbsent(world: World, group: GroupLayout, metric: MetricName): NonNullable<MetricState['absence']> {
  const counts = new Map<NonNullable<MetricState['absence']>, number>();
  const count = (index: number, name: MetricName) => {
    const absence = world.published.units[index]?.metrics[name]?.absence;
    if (absence) counts.set(absence, (counts.get(absence) ?? 0) + 1);
  };
  const source = SOURCE[metric] ?? metric;
  for (const index of group.sites) count(index, source);
  for (const index of group.groups) count(index, metric);
  let most: NonNullable<MetricState['absence']> = 'not-reported';
  let times = 0;
  for (const [absence, of] of counts) if (of > times) [most, times] = [absence, of];
  return most;
}
