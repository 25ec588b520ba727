import type { ChartConfiguration, ChartDataset } from 'chart.js';
import { aheadOf } from './ahead.ts';
import { decimate } from './decimate.ts';
import type { Current, Drawing, Grain, PlotData, PlotType } from './drawing.ts';
import { marksPlugin } from './marks.ts';
import { fillOf, hatchOver, strokeOf, type Palette } from './palette.ts';
import type { ChartUsual, Point } from './types.ts';

type Dataset = ChartDataset<PlotType, PlotData>;

const toData = (points: readonly Point[], shift = 0): PlotData => points.map(([x, y]) => ({ x: x + shift, y }));

/** Chart.js datasets of a drawing: lines, bars, forecast, usual. `order` says what lies on top, lowest first. */
export function datasetsOf(drawing: Drawing, palette: Palette, { density, pixel, width }: Grain): Dataset[] {
  const thinned = (points: readonly Point[]) => decimate(points, drawing.from, drawing.to, Math.ceil(width * density));
  const lines = drawing.lines.map((line): Dataset => ({
    type: 'line',
    data: toData(thinned(line.points)),
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
  // What is usual or expected of a bucket stands where its bar stands: in the middle.
  const shift = drawing.bars.length > 0 ? drawing.barStep / 2 : 0;
  return [
    ...lines,
    ...bars,
    ...forecastDatasets(drawing, palette, { density, pixel, width }, shift),
    ...usualDatasets(drawing.usual, palette, pixel, shift),
  ];
}

const QUIET = { type: 'line', pointRadius: 0 } as const;

function usualDatasets(usual: ChartUsual | undefined, palette: Palette, pixel: number, shift: number): Dataset[] {
  if (!usual) return [];
  const line: Dataset = {
    ...QUIET,
    data: toData(usual.points, shift),
    borderColor: palette.ink3,
    borderWidth: 1.3 * pixel,
    order: 1.5,
  };
  const band = { ...QUIET, borderWidth: 0, backgroundColor: palette.band, order: 4 };
  if (!usual.low || !usual.high) return [line, { ...band, data: line.data, fill: 'origin' }];
  return [
    line,
    { ...band, data: toData(usual.high, shift), fill: '+1' },
    { ...QUIET, borderWidth: 0, order: 4, data: toData(usual.low, shift) },
  ];
}

function forecastDatasets(drawing: Drawing, palette: Palette, { density, pixel }: Grain, shift: number): Dataset[] {
  const ahead = aheadOf(drawing.forecast, drawing.now);
  if (!ahead) return [];
  const line: Dataset = {
    ...QUIET,
    data: toData(ahead.points, shift),
    borderColor: palette.ink,
    borderWidth: 1.6 * pixel,
    borderDash: [4 * pixel, 3 * pixel],
    order: 1.2,
  };
  if (!ahead.low || !ahead.high) return [line];
  return [
    line,
    {
      ...QUIET,
      data: toData(ahead.high, shift),
      borderWidth: 0,
      backgroundColor: hatchOver(palette, density),
      fill: '+1',
      order: 3,
    },
    { ...QUIET, data: toData(ahead.low, shift), borderWidth: 0, order: 3 },
  ];
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
