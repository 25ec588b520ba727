import { metricSpec, type MetricMeasure, type MetricName } from '$shared/model/metrics';
import type { Unit } from '$shared/model/unit';
import type { NormalDay } from '$shared/protocol/normals';
import { HOUR } from '$shared/model/time';
import type { ChartBars, ChartForecast, ChartLine, ChartMark, ChartState, ChartUsual } from '../chart/types.ts';
import { sayAbsenceFully } from '../format/absence.ts';
import { sayMeasure } from '../format/numbers.ts';
import { instantMs } from '../format/time.ts';
import type { Lane } from './lanes.ts';
import { GAUGE_STEP, QUARTER_STEP, type SeriesState, type SeriesWanted } from './series-book.svelte.ts';
import { usualEnd, withLive } from './series.ts';
import { slotBars } from './slots.ts';

/** A lane with its numbers, ready to be drawn and read. */
export interface LaneData {
  readonly lane: Lane;
  readonly bars: readonly ChartBars[];
  readonly lines: readonly ChartLine[];
  readonly usual: ChartUsual | undefined;
  readonly forecast: ChartForecast | undefined;
  /** Moments on its zero line. */
  readonly marks: readonly ChartMark[];
  readonly step: number;
  /** Some of its numbers are worked out by a stated formula, none of them was counted. */
  readonly estimated: boolean;
  /** An hour in the unit of its values, where they are durations. */
  readonly hour: number | undefined;
  readonly state: ChartState;
  readonly message: string;
  readonly say: (value: number) => string;
  readonly sayAxis: (value: number) => string;
  /** Why nothing is there at a time, in words. */
  readonly missing: (at: number) => string;
}

/** Words of the axis, where there is room for five letters. */
function sayShort(value: number, measure: MetricMeasure): string {
  return value >= 1000 ? `${value / 1000}k` : sayMeasure(value, measure);
}

const stepOf = (lane: Lane) => (lane.form === 'bars' ? QUARTER_STEP : GAUGE_STEP);

/** Every history that these lanes need, each once. */
export function wantedFor(lanes: readonly Lane[]): SeriesWanted[] {
  const wanted = new Map<MetricName, SeriesWanted>();
  for (const lane of lanes) {
    const step = stepOf(lane);
    for (const { metric } of lane.series) wanted.set(metric, { metric, step });
    if (lane.usual && !wanted.has(lane.usual)) wanted.set(lane.usual, { metric: lane.usual, step });
  }
  return [...wanted.values()];
}

/** Joins a lane's histories with the live values. `read` gives one metric's history. */
export function laneData(
  lane: Lane,
  unit: Unit,
  read: (metric: MetricName) => SeriesState,
  now: number,
  normal: (metric: MetricName) => NormalDay | undefined = () => undefined,
): LaneData {
  if (lane.form === 'hours') return hoursData(lane, unit, now);
  const step = stepOf(lane);
  const isEstimated = (metric: MetricName) => unit.metrics[metric]?.estimated === true;
  const layers = lane.series.map(({ metric, label, tone }, index) => ({
    label: isEstimated(metric) ? `${label} (estimated)` : label,
    tone,
    lastDot: index === 0 && (unit.metrics[metric]?.value ?? null) !== null,
    width: index === 0 ? 2 : 1.4,
    points: withLive(
      (read(metric).body?.points ?? []).filter(([at]) => at <= now),
      unit.metrics[metric]?.value,
      metricSpec(metric).shape,
      now,
      step,
    ),
  }));
  const states = lane.series.map(({ metric }) => read(metric));
  const usualBody = lane.usual ? read(lane.usual).body : null;
  const measure = lane.series[0] ? metricSpec(lane.series[0].metric).measure : 'count';
  const usual =
    usualBody && usualBody.usual.length > 0
      ? { label: 'usual', points: usualBody.usual, ...rangeOf(lane, normal) }
      : undefined;
  return {
    lane,
    bars: lane.form === 'bars' ? layers : [],
    lines: lane.form === 'line' ? layers : [],
    usual,
    forecast: undefined,
    marks: lane.id === 'slots' ? slotMarks(unit, usual) : [],
    missing: (at) => whyMissing(lane, unit, at),
    step,
    estimated: lane.series.some(({ metric }) => isEstimated(metric)),
    hour: measure === 'minutes' ? 60 : measure === 'seconds' ? 3600 : undefined,
    ...standing(states, unit, whyMissing(lane, unit, now)),
    say: (value) => sayMeasure(value, measure),
    sayAxis: (value) => sayShort(value, measure),
  };
}

/** When today's slots ran out, and when they usually do, where that is known. */
function slotMarks(unit: Unit, usual: ChartUsual | undefined): readonly ChartMark[] {
  const ranOut = unit.metrics['slots.exhausted-at']?.value ?? null;
  const usually = usual ? usualEnd(usual.points) : null;
  return [
    ...(ranOut === null ? [] : [{ at: ranOut, form: 'reached', label: 'ran out' } as const]),
    ...(usually === null ? [] : [{ at: usually, form: 'usual', label: 'usual' } as const]),
  ];
}

const NO_REASON = 'no data held';

/** Since a metric was last known its present absence is why; of earlier gaps nothing more is held. */
function whyMissing(lane: Lane, unit: Unit, at: number): string {
  for (const { metric } of lane.series) {
    const state = unit.metrics[metric];
    if (!state || state.value !== null) continue;
    const last = instantMs(state.last?.observedAt);
    if (last === null || at >= last) return sayAbsenceFully(state.absence, state.detail);
  }
  return NO_REASON;
}

/** The ordinary range of what is drawn as a line; that of a total so far says nothing about one quarter hour of it. */
function rangeOf(lane: Lane, normal: (metric: MetricName) => NormalDay | undefined): Pick<ChartUsual, 'low' | 'high'> {
  const day = lane.form === 'line' && lane.usual ? normal(lane.usual) : undefined;
  if (!day?.quarters.some(([, , low, high]) => low !== null && high !== null)) return {};
  return {
    low: day.quarters.map(([at, , low]) => [at, low] as const),
    high: day.quarters.map(([at, , , high]) => [at, high] as const),
  };
}

function standing(states: readonly SeriesState[], unit: Unit, why: string): { state: ChartState; message: string } {
  if (states.some((s) => s.body === null && s.failed))
    return { state: 'failed', message: 'The history cannot be read now; this page asks again by itself' };
  if (states.some((s) => s.body === null)) return { state: 'loading', message: 'Reading the history' };
  const every = (says: (value: number | null) => boolean) =>
    states.every((s) => s.body?.points.every(([, value]) => says(value)));
  // A service that is shut takes nothing in: a line along zero would say that all is calm.
  if (unit.open === false && every((value) => !value)) return { state: 'empty', message: 'Closed: nothing comes in' };
  const nothing = every((value) => value === null);
  if (nothing && why !== NO_REASON) return { state: 'empty', message: `Nothing to draw: ${why}` };
  // Live figures without any past: an empty plot would look like a day on which nothing happened.
  return { state: 'ready', message: unit.level !== null && nothing ? 'no history is held of this yet' : '' };
}

function hoursData(lane: Lane, unit: Unit, now: number): LaneData {
  return {
    lane,
    bars: slotBars(unit.slotHours, now),
    lines: [],
    usual: undefined,
    forecast: undefined,
    marks: [],
    missing: () => NO_REASON,
    step: HOUR,
    estimated: false,
    hour: undefined,
    state: unit.slotHours.length > 0 ? 'ready' : 'empty',
    message: unit.slotHours.length > 0 ? '' : 'No bookable hour is known today',
    say: (value) => sayMeasure(value, 'count'),
    sayAxis: (value) => sayShort(value, 'count'),
  };
}
