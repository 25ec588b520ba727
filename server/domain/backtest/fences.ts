import type { PlanRule, PlanSite } from './plan.ts';
import type { Fences, Readings } from './readings.ts';
import { cutoffsOf, type SideState } from './side.ts';
import { IDLE } from './side-score.ts';

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
  meetAnew(site, readings, sides, ANY);
  for (let place = 0; place < site.metrics.length; place += 1) setFence(site, readings, sides, fences, place);
}

/** Whether a value and its base share their fences here: those of the one hold only while the other is within its own. */
export const isPaired = (site: PlanSite, place: number): boolean =>
  site.sides.some(({ entangled }) => entangled.some(({ metric, base }) => metric === place || base === place));

/** Sets those anew that the value of one metric has a say in: its own, and those of what it is judged together with. */
export function moveFences(
  site: PlanSite,
  readings: Readings,
  sides: readonly SideState[],
  fences: Fences,
  place: number,
): void {
  meetAnew(site, readings, sides, place);
  setFence(site, readings, sides, fences, place);
  for (const side of site.sides) {
    for (const { metric, base } of side.looking[place] ?? []) {
      if (metric !== place) setFence(site, readings, sides, fences, metric);
      if (base >= 0 && base !== place) setFence(site, readings, sides, fences, base);
    }
  }
}

const ANY = -1;

/**
 * Where value and base are worked out from one another, each may move as long as the other does: half the way to where too
 * few stand behind the value is left to either. Both fences of a pair are set after it.
 */
function meetAnew(site: PlanSite, readings: Readings, sides: readonly SideState[], place: number): void {
  for (let i = 0; i < sides.length; i += 1) {
    for (const rule of site.sides[i]?.entangled ?? []) {
      if (place !== ANY && rule.metric !== place && rule.base !== place) continue;
      const [value = NaN, base = NaN] = [readings.values[rule.metric], readings.values[rule.base]];
      const meets = sides[i]?.meets;
      const least = rule.ready.rule.minimumBase ?? 0;
      if (meets) meets[rule.place] = value > 0 && base > 0 && least > 0 ? Math.sqrt((value * base) / least) : NaN;
    }
  }
}

/** Narrows the fences of one metric to where each indicator that looks at it has the verdict it has. */
function setFence(
  site: PlanSite,
  readings: Readings,
  sides: readonly SideState[],
  { low, high }: Fences,
  place: number,
): void {
  low[place] = -Infinity;
  high[place] = Infinity;
  for (let i = 0; i < sides.length; i += 1) {
    const state = sides[i];
    if (!state) continue;
    for (const rule of site.sides[i]?.looking[place] ?? []) {
      if (rule.metric === place) fenceValue(site, state, readings, rule, low, high);
      else fenceBase(state, readings, rule, low, high);
    }
  }
}

function narrow(low: Float64Array, high: Float64Array, place: number, from: number, to: number): void {
  if (from > (low[place] ?? Infinity)) low[place] = from;
  if (to < (high[place] ?? -Infinity)) high[place] = to;
}

function fenceValue(
  site: PlanSite,
  state: SideState,
  readings: Readings,
  rule: PlanRule,
  low: Float64Array,
  high: Float64Array,
): void {
  const place = rule.metric;
  const value = readings.values[place] ?? NaN;
  if (Number.isNaN(value)) return narrow(low, high, place, Infinity, -Infinity);
  if (rule.entangled && rule.ready.rule.minimumBase !== undefined) {
    const meets = state.meets[rule.place] ?? NaN;
    if (value < meets) narrow(low, high, place, Number.MIN_VALUE, meets * (1 - APART));
    else if (value > meets) narrow(low, high, place, meets * (1 + APART), Infinity);
    else narrow(low, high, place, Infinity, -Infinity);
  }
  // Not its hour, too few behind it, or nothing to compare with: whatever the value is.
  if ((state.verdicts[rule.place] ?? IDLE) < 0) return;
  const cutoffs = cutoffsOf(site, state, readings, rule);
  if (cutoffs === null) return narrow(low, high, place, Infinity, -Infinity);
  const isLow = rule.ready.rule.direction === 'low';
  // The nearest cut-offs around it: at or above counts where high is worse, at or below where low is.
  for (const cutoff of cutoffs) {
    // A value on the very cut-off of a low one is passed: it is judged again, which is never wrong.
    if (isLow && value === cutoff) return narrow(low, high, place, Infinity, -Infinity);
    if (value >= cutoff) narrow(low, high, place, isLow ? nextUp(cutoff) : cutoff, Infinity);
    else narrow(low, high, place, -Infinity, cutoff);
  }
}

/** Just above a number: fences include their lower end. */
const nextUp = (value: number) => value + Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);

/** So far from where two fences meet, the last digit of a division is of no account. */
const APART = 1e-9;

function fenceBase(state: SideState, readings: Readings, rule: PlanRule, low: Float64Array, high: Float64Array): void {
  const { minimumBase } = rule.ready.rule;
  if (minimumBase === undefined) return;
  const [place, base] = [rule.base, readings.values[rule.base] ?? NaN];
  const least = rule.entangled ? minimumBase * (state.meets[rule.place] ?? NaN) : minimumBase;
  const apart = rule.entangled ? APART : 0;
  if (base < least) narrow(low, high, place, -Infinity, least * (1 - apart));
  else if (base >= least) narrow(low, high, place, least * (1 + apart), Infinity);
  else narrow(low, high, place, Infinity, -Infinity);
}
