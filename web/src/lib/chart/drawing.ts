import { HOUR } from '$shared/model/time';
import type { Palette } from './palette.ts';
import { hourMarks } from './time-axis.ts';
import type { ChartBars, ChartForecast, ChartLine, ChartThreshold, ChartUsual } from './types.ts';
import { axisTicks, durationAxis, highest, roundUp, stepOf } from './values.ts';

/** Everything one picture is made of; plain values, so that it can be made and compared without a canvas. */
export interface Drawing {
  readonly from: number;
  readonly to: number;
  readonly now: number | null;
  readonly lines: readonly ChartLine[];
  readonly bars: readonly ChartBars[];
  /** Milliseconds that one bar covers. */
  readonly barStep: number;
  /** The running bar is only as wide as what has passed of it (counts); false for plans, which are whole. */
  readonly partial: boolean;
  readonly usual: ChartUsual | undefined;
  readonly forecast: ChartForecast | undefined;
  readonly thresholds: readonly ChartThreshold[];
  /** Epoch ms of the hours that a faint line goes through. */
  readonly hours: readonly number[];
  /** Top of the value axis; it starts at zero. */
  readonly top: number;
  /** Room left of the plot for axis figures, in sixteenths of a rem. */
  readonly gutter: number;
  /** Figures of the value axis; written where there is a gutter. */
  readonly ticks: readonly number[];
  readonly sayAxis: (value: number) => string;
}

/** How fine the screen is: device pixels a CSS pixel, CSS pixels a sixteenth of a rem, and CSS pixels of the plot. */
export interface Grain {
  readonly density: number;
  readonly pixel: number;
  readonly width: number;
}
/** Read anew at each painting, so that plugins never hold an old drawing. */
export type Current = () => { readonly drawing: Drawing; readonly palette: Palette; readonly pixel: number };

export type PlotType = 'bar' | 'line';
export type PlotData = { x: number; y: number | null }[];

/** What a chart is asked to draw; the rest of a drawing is worked out from it. */
export interface Asked {
  /** Epoch ms of both edges, and of the now-line (null: none). */
  readonly from: number;
  readonly to: number;
  readonly now?: number | null;
  readonly lines?: readonly ChartLine[];
  readonly bars?: readonly ChartBars[];
  /** Width of a bar in milliseconds; found from the points when left out. */
  readonly barStep?: number | undefined;
  readonly partial?: boolean;
  readonly usual?: ChartUsual | undefined;
  readonly forecast?: ChartForecast | undefined;
  readonly thresholds?: readonly ChartThreshold[];
  readonly gutter?: number;
  /** How many steps the value axis is cut into. */
  readonly steps?: number;
  /** The axis never ends below this value. */
  readonly atLeast?: number;
  /** Values are durations: an hour in their unit (60 for minutes, 3600 for seconds). */
  readonly hour?: number | undefined;
  readonly sayAxis: (value: number) => string;
}

/** Milliseconds between the points of what is asked for. */
export const stepOfAsked = ({ barStep, bars = [], lines = [] }: Asked): number =>
  barStep ?? stepOf(bars[0]?.points ?? lines[0]?.points ?? [], HOUR / 4);

/** The whole drawing: axis, its figures and the hours worked out from what is asked for. */
export function drawingOf(asked: Asked): Drawing {
  const { from, to, now = null, lines = [], bars = [], usual, forecast, thresholds = [] } = asked;
  const { gutter = 0, steps = 2, atLeast = 0, partial = true, hour, sayAxis } = asked;
  const reach = Math.max(highest(lines, bars, [usual, forecast]), ...thresholds.map((t) => t.value)) * 1.02;
  const counted = roundUp(Math.max(reach, atLeast));
  const { top, ticks } = hour
    ? durationAxis(Math.max(reach, hour / 12), steps, hour)
    : { top: counted, ticks: axisTicks(counted, steps) };
  const every = to - from <= 15 * HOUR ? 1 : to - from <= 36 * HOUR ? 2 : 24;
  return {
    from,
    to,
    now,
    lines,
    bars,
    barStep: stepOfAsked(asked),
    partial,
    usual,
    forecast,
    thresholds,
    hours: hourMarks(from, to, every).map(({ at }) => at),
    top,
    gutter,
    ticks,
    sayAxis,
  };
}
