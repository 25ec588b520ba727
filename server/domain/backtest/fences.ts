import type { IndicatorRule } from '#shared/model/rules.ts';
import { resolveCutoffs, type Cutoffs } from '../pressure/indicators.ts';
import type { PlanRule, PlanSite } from './plan.ts';
import type { Fences, Readings } from './readings.ts';
import { IDLE, type SideState } from './side.ts';

type Fence = readonly [low: number, high: number];
const ANYWHERE: Fence = [-Infinity, Infinity];
const NOWHERE: Fence = [Infinity, -Infinity];

export const createFences = (site: PlanSite): Fences => ({
  low: new Float64Array(site.metrics.length).fill(Infinity),
  high: new Float64Array(site.metrics.length).fill(-Infinity),
});

export const forgetFences = ({ low, high }: Fences): void => {
  low.fill(Infinity);
  high.fill(-Infinity);
};

/** Sets all fences anew, around the values and verdicts as they are. */
export function setFences(site: PlanSite, readings: Readings, sides: readonly SideState[], fences: Fences): void {
  for (let place = 0; place < site.metrics.length; place += 1) setFence(site, readings, sides, fences, place);
}

/** Sets those anew that the value of one metric has a say in: its own, and those of what it is judged together with. */
export function moveFences(
  site: PlanSite,
  readings: Readings,
  sides: readonly SideState[],
  fences: Fences,
  place: number,
): void {
  setFence(site, readings, sides, fences, place);
  for (const side of site.sides) {
    for (const { metric, base } of side.looking[place] ?? []) {
      if (metric !== place) setFence(site, readings, sides, fences, metric);
      if (base >= 0 && base !== place) setFence(site, readings, sides, fences, base);
    }
  }
}

function setFence(
  site: PlanSite,
  readings: Readings,
  sides: readonly SideState[],
  { low, high }: Fences,
  place: number,
): void {
  let [from, to] = ANYWHERE;
  for (let i = 0; i < sides.length; i += 1) {
    for (const rule of site.sides[i]?.looking[place] ?? []) {
      const verdict = sides[i]?.verdicts[rule.place] ?? IDLE;
      const fence = rule.metric === place ? valueFence(site, readings, rule, verdict) : baseFence(readings, rule);
      from = Math.max(from, fence[0]);
      to = Math.min(to, fence[1]);
    }
  }
  low[place] = from;
  high[place] = to;
}

/** Calls expected are worked out from both the calls and their ratio: any change of either can tell. */
const isEntangled = ({ ready }: PlanRule) => ready.metric === 'calls.against-usual';

function valueFence(site: PlanSite, readings: Readings, rule: PlanRule, verdict: number): Fence {
  const value = readings.values[rule.metric] ?? NaN;
  if (Number.isNaN(value) || isEntangled(rule)) return NOWHERE;
  // Not its hour, too few behind it, or nothing to compare with: whatever the value is.
  if (verdict < 0) return ANYWHERE;
  const usual = readings.usuals[rule.metric] ?? NaN;
  const population = site.practice ? site.population : null;
  const cutoffs = resolveCutoffs(rule.ready.rule, Number.isNaN(usual) ? null : usual, population);
  return cutoffs === null ? NOWHERE : between(rule.ready.rule.direction, cutoffs, value);
}

/** The nearest cut-offs around a value: at or above counts where high is worse, at or below where low is. */
function between(direction: IndicatorRule['direction'], cutoffs: Cutoffs, value: number): Fence {
  let [low, high] = ANYWHERE;
  for (const cutoff of cutoffs) {
    // A value on the very cut-off of a low one is passed: it is judged again, which is never wrong.
    if (direction === 'low' && value === cutoff) return NOWHERE;
    if (value >= cutoff) low = Math.max(low, direction === 'low' ? nextUp(cutoff) : cutoff);
    else high = Math.min(high, cutoff);
  }
  return [low, high];
}

/** Just above a number: fences include their lower end. */
const nextUp = (value: number) => value + Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);

function baseFence(readings: Readings, rule: PlanRule): Fence {
  const { minimumBase } = rule.ready.rule;
  if (isEntangled(rule)) return NOWHERE;
  if (minimumBase === undefined) return ANYWHERE;
  const base = readings.values[rule.base] ?? NaN;
  if (Number.isNaN(base)) return NOWHERE;
  return base < minimumBase ? [-Infinity, minimumBase] : [minimumBase, Infinity];
}
