import { METRICS, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { MetricState, Unit } from '#shared/model/unit.ts';
import { round } from '../domain/pressure/score.ts';
import { PER_PEOPLE } from './contributions.ts';
import { FOLDED, LANE, METRIC_LANES, metricLane, SOURCE } from './lanes.ts';
import { METRIC_INDEX, type GroupLayout } from './layout.ts';
import { metricState, roundFor, steadyUsual } from './metric-state.ts';
import type { Shown } from './shown.ts';
import { absenceOf } from './state.ts';
import type { World } from './world.ts';

/** A group's metrics with the places of their lanes; `ownDoubt`: an estimate where one of its parts' is. */
const PLAN = FOLDED.map((metric) => ({
  metric,
  index: METRIC_INDEX[metric],
  lane: metricLane(metric, 'sum'),
  ownDoubt: metric === 'access.offered-per-1000',
}));

function sameLanes(a: Float64Array, b: Float64Array, from: number): boolean {
  for (let i = from; i < from + METRIC_LANES; i += 1) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/**
 * A group's metrics from its lanes, only those that differ from what is published. A value is the sum (or whatever the
 * catalogue says) of the parts that report; below the minimum coverage it is absent. `last`: the lanes that the published
 * ones are of, null where that is not known; what those have left as it was need not be made again.
 */
export function groupMetrics(
  world: World,
  group: GroupLayout,
  lanes: Float64Array,
  last: Float64Array | null,
  unit: Unit,
  at: EpochMs,
): Record<string, MetricState> {
  const metrics: Record<string, MetricState> = {};
  const { minimumCoverage } = world.layout.definition.rules;
  const { shown } = world.memory;
  for (const { metric, index, lane, ownDoubt } of PLAN) {
    // Why something is absent, and whether it is an estimate, is for its parts to say, whatever their sums.
    const stirred = shown.takeStirred(group.index, index);
    const asks = stirred && (ownDoubt || shown.absence(group.index, index) !== 0);
    if (!asks && last !== null && sameLanes(lanes, last, lane)) continue;
    const expected = lanes[lane + LANE.expected] ?? 0;
    const before = unit.metrics[metric];
    if (expected <= 0 && !before) continue;
    const cover = lanes[lane + LANE.cover] ?? 0;
    const coverage = expected > 0 ? round(cover / expected, 3) : 1;
    const value =
      expected > 0 && coverage >= minimumCoverage ? groupValue(metric, lanes, (unit.population ?? 0) * coverage) : null;
    const usual = value === null ? undefined : groupUsual(metric, lanes, cover, before?.usual);
    const absence = value === null ? mostAbsent(shown, group, metric) : null;
    const estimated = metric === 'patients.without-slot' || (ownDoubt && estimates(shown, group, index));
    const now = { value, absence, detail: null, last: null, usual, feed: undefined, coverage, estimated };
    if (shown.stands(group.index, index, now)) continue;
    metrics[metric] = metricState(now, at, before, world.instant);
    shown.note(group.index, index, now);
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
const estimates = (shown: Shown, { sites, groups }: GroupLayout, metric: number): boolean =>
  sites.some((index) => shown.estimated(index, metric)) || groups.some((index) => shown.estimated(index, metric));

/** The absence that most of a group's direct parts have; of as many, the one that comes first. */
function mostAbsent(shown: Shown, group: GroupLayout, metric: MetricName): NonNullable<MetricState['absence']> {
  const counts = new Map<number, number>();
  const count = (code: number) => {
    if (code !== 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  };
  const source = METRIC_INDEX[SOURCE[metric] ?? metric];
  const own = METRIC_INDEX[metric];
  for (const index of group.sites) count(shown.absence(index, source));
  for (const index of group.groups) count(shown.absence(index, own));
  let most = 0;
  let times = 0;
  for (const [code, of] of counts) if (of > times) [most, times] = [code, of];
  return absenceOf(most) ?? 'not-reported';
}
