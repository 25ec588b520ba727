import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js';
import { fillOf, strokeOf, type Palette } from './palette.ts';
import type { ChartBars, ChartLine, ChartThreshold, ChartUsual, Point } from './types.ts';
import { isolated } from './values.ts';

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
  readonly thresholds: readonly ChartThreshold[];
  /** Top of the value axis; it starts at zero. */
  readonly top: number;
  /** Room left of the plot for axis figures, in sixteenths of a rem. */
  readonly gutter: number;
  readonly ticks: readonly number[];
  readonly sayAxis: (value: number) => string;
}

/** How fine the screen is: device pixels a CSS pixel, and CSS pixels a sixteenth of a rem. */
export interface Grain {
  readonly density: number;
  readonly pixel: number;
}
/** Read anew at each painting, so that plugins never hold an old drawing. */
export type Current = () => { readonly drawing: Drawing; readonly palette: Palette; readonly pixel: number };

export type PlotType = 'bar' | 'line';
export type PlotData = { x: number; y: number | null }[];
type Dataset = ChartDataset<PlotType, PlotData>;

const toData = (points: readonly Point[], shift = 0): PlotData => points.map(([x, y]) => ({ x: x + shift, y }));

/** Chart.js datasets of a drawing, what lies on top first. */
export function datasetsOf(drawing: Drawing, palette: Palette, { density, pixel }: Grain): Dataset[] {
  const lines = drawing.lines.map((line): Dataset => ({
    type: 'line',
    data: toData(line.points),
    borderColor: strokeOf(line.tone ?? 'ink', palette),
    borderWidth: (line.width ?? 2) * pixel,
    stepped: line.stepped ? 'before' : false,
    borderJoinStyle: 'round',
    order: 1,
  }));
  const bars = drawing.bars.map((layer): Dataset => ({
    type: 'bar',
    data: toData(layer.points, drawing.barStep / 2),
    backgroundColor: fillOf(layer.tone ?? 'quiet', palette, density),
    borderColor: palette.ink3,
    borderWidth: layer.tone === 'hollow' ? 1 : 0,
    borderSkipped: false,
    stack: 'bars',
    order: 2,
  }));
  return [...lines, ...bars, ...usualDatasets(drawing.usual, palette, pixel)];
}

function usualDatasets(usual: ChartUsual | undefined, palette: Palette, pixel: number): Dataset[] {
  if (!usual) return [];
  const quiet = { type: 'line' as const, pointRadius: 0 };
  const line: Dataset = {
    ...quiet,
    data: toData(usual.points),
    borderColor: palette.ink3,
    borderWidth: 1.3 * pixel,
    order: 1.5,
  };
  if (!usual.low || !usual.high)
    return [
      line,
      { ...quiet, data: line.data, borderWidth: 0, backgroundColor: palette.band, fill: 'origin', order: 4 },
    ];
  return [
    line,
    { ...quiet, data: toData(usual.high), borderWidth: 0, backgroundColor: palette.band, fill: '+1', order: 4 },
    { ...quiet, data: toData(usual.low), borderWidth: 0, order: 4 },
  ];
}

/**
 * Centre and width of a bar in pixels. Chart.js guesses widths from neighbours, which is wrong for a single bar; and the
 * running bucket is as narrow as the part of it that has passed, never stretched to a whole one.
 */
export function barPlace(
  start: number,
  drawing: Pick<Drawing, 'from' | 'now' | 'barStep' | 'partial'>,
  perMs: number,
  left: number,
): { x: number; width: number } {
  const whole = drawing.barStep * perMs;
  const gap = whole > 6 ? Math.min(3, whole * 0.12) : 0;
  const passed = drawing.now === null || !drawing.partial ? 1 : (drawing.now - start) / drawing.barStep;
  const share = passed > 0 && passed < 1 ? Math.max(0.1, passed) : 1;
  const width = Math.max(1, (whole - gap) * share);
  return { x: left + (start - drawing.from) * perMs + gap / 2 + width / 2, width };
}

/** Marks that Chart.js has no word for: the narrower running bar, thresholds, lone points, the dot at the line's end. */
export function marksPlugin(current: Current): Plugin<PlotType> {
  return {
    id: 'headroom-marks',
    afterDatasetUpdate(chart, { index }) {
      const { drawing } = current();
      const meta = chart.getDatasetMeta(index);
      if (meta.type !== 'bar') return;
      const points = drawing.bars[index - drawing.lines.length]?.points ?? [];
      const perMs = (chart.chartArea.right - chart.chartArea.left) / (drawing.to - drawing.from);
      meta.data.forEach((element, i) => {
        const start = points[i]?.[0];
        if (start !== undefined) Object.assign(element, barPlace(start, drawing, perMs, chart.chartArea.left));
      });
    },
    beforeDatasetsDraw(chart) {
      const { drawing, palette } = current();
      const { ctx, chartArea, scales } = chart;
      const y = scales['y'];
      if (!y) return;
      ctx.save();
      ctx.strokeStyle = palette.ink3;
      ctx.lineWidth = 1;
      ctx.setLineDash([2, 3]);
      for (const { value } of drawing.thresholds) {
        const at = Math.round(y.getPixelForValue(value)) + 0.5;
        ctx.beginPath();
        ctx.moveTo(chartArea.left, at);
        ctx.lineTo(chartArea.right, at);
        ctx.stroke();
      }
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const { drawing, palette, pixel } = current();
      const { ctx, scales, chartArea } = chart;
      const x = scales['x'];
      const y = scales['y'];
      if (!x || !y) return;
      const dot = ([at, value]: Point, size: number, colour: string) => {
        const radius = size * pixel;
        if (value === null || at < drawing.from || at > drawing.to) return;
        ctx.beginPath();
        ctx.arc(
          Math.min(x.getPixelForValue(at), chartArea.right - radius),
          Math.min(Math.max(y.getPixelForValue(value), chartArea.top), chartArea.bottom),
          radius,
          0,
          2 * Math.PI,
        );
        ctx.fillStyle = colour;
        ctx.fill();
      };
      ctx.save();
      for (const line of drawing.lines) {
        const colour = strokeOf(line.tone ?? 'ink', palette);
        for (const point of isolated(line.points)) dot(point, 1.6, colour);
        const last = line.points.findLast(([, value]) => value !== null);
        if (line.lastDot && last) dot(last, 3.2, colour);
      }
      ctx.restore();
    },
  };
}

/** Options and first data for Chart.js: nothing animated, nothing parsed, no points, fixed axes. */
export function configOf(
  drawing: Drawing,
  palette: Palette,
  grain: Grain,
  current: Current,
): ChartConfiguration<PlotType, PlotData> {
  return {
    type: 'line',
    data: { datasets: datasetsOf(drawing, palette, grain) },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      events: [],
      responsive: true,
      maintainAspectRatio: false,
      devicePixelRatio: grain.density,
      datasets: { line: { pointRadius: 0, spanGaps: false }, bar: { grouped: false } },
      layout: { padding: 0, autoPadding: false },
      scales: scalesOf(drawing, palette, grain.pixel),
    },
    plugins: [marksPlugin(current)],
  };
}

/** The two axes: time without figures (they are text on the page), value with its few figures in the gutter. */
export function scalesOf(
  drawing: Drawing,
  palette: Palette,
  pixel: number,
): NonNullable<NonNullable<ChartConfiguration<PlotType, PlotData>['options']>['scales']> {
  return {
    x: { type: 'linear', display: false, min: drawing.from, max: drawing.to, offset: false },
    y: {
      type: 'linear',
      min: 0,
      max: drawing.top,
      display: drawing.gutter > 0,
      border: { display: false },
      grid: { display: false },
      afterBuildTicks: (axis) => {
        axis.ticks = drawing.ticks.map((value) => ({ value }));
      },
      afterFit: (axis) => {
        axis.width = drawing.gutter * pixel;
        // Zero is never written, so nothing needs room below it: the plot ends where its baseline is.
        axis.paddingBottom = 0;
      },
      ticks: {
        color: palette.ink3,
        font: { family: palette.font, size: 11 * pixel },
        padding: 4 * pixel,
        autoSkip: false,
        callback: (value) => drawing.sayAxis(Number(value)),
      },
    },
  };
}
