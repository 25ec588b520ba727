import type { Chart, Plugin } from 'chart.js';
import { aheadOf } from './ahead.ts';
import type { Current, Drawing, PlotType } from './drawing.ts';
import { strokeOf, type Palette } from './palette.ts';
import type { Point } from './types.ts';
import { isolated } from './values.ts';

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

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly drawing: Drawing;
  readonly palette: Palette;
  readonly pixel: number;
}

function penOf(chart: Chart<PlotType>, current: Current): Pen | null {
  const { x, y } = chart.scales;
  return x && y
    ? {
        ctx: chart.ctx,
        area: chart.chartArea,
        x: (at) => x.getPixelForValue(at),
        y: (value) => y.getPixelForValue(value),
        ...current(),
      }
    : null;
}

/** Faint lines through the hours, so that a time can be followed down. */
function drawHours({ ctx, area, x, drawing, palette }: Pen): void {
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = 1;
  ctx.setLineDash([1, 3]);
  for (const at of drawing.hours) {
    const place = Math.round(x(at)) + 0.5;
    if (place <= area.left + 1 || place >= area.right - 1) continue;
    ctx.beginPath();
    ctx.moveTo(place, area.top);
    ctx.lineTo(place, area.bottom);
    ctx.stroke();
  }
}

function drawThresholds({ ctx, area, y, drawing, palette }: Pen): void {
  ctx.strokeStyle = palette.ink3;
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 3]);
  for (const { value } of drawing.thresholds) {
    const at = Math.round(y(value)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(area.left, at);
    ctx.lineTo(area.right, at);
    ctx.stroke();
  }
}

/** Words on the plot, with a rim of the panel's colour so that they can be read over lines. */
function write({ ctx, area, palette, pixel }: Pen, text: string, right: number, foot: number): void {
  ctx.font = `${11 * pixel}px ${palette.font}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3 * pixel;
  ctx.strokeStyle = palette.panel;
  ctx.fillStyle = palette.ink3;
  const place = Math.max(area.top + 12 * pixel, Math.min(foot, area.bottom));
  ctx.strokeText(text, right, place);
  ctx.fillText(text, right, place);
}

function drawWords(pen: Pen): void {
  const { area, x, y, drawing, pixel } = pen;
  for (const { value, label } of drawing.thresholds) write(pen, label, area.right - 4 * pixel, y(value) - 2 * pixel);
  const ahead = aheadOf(drawing.forecast, drawing.now);
  if (!ahead?.interval) return;
  const text = `forecast, ${ahead.interval}`;
  pen.ctx.font = `${11 * pixel}px ${pen.palette.font}`;
  const width = pen.ctx.measureText(text).width;
  const last = ahead.points.at(-1)?.[0] ?? drawing.to;
  const right = Math.max(area.left + width, Math.min(x(last), area.right) - 8 * pixel);
  // Above the highest of what lies under the words.
  const under = (ahead.high ?? ahead.points).filter(([at]) => x(at) >= right - width - 8 * pixel && x(at) <= right);
  const top = Math.max(0, ...under.map(([, value]) => value ?? 0));
  write(pen, text, right, y(top) - 3 * pixel);
}

function drawDots({ ctx, area, x, y, drawing, palette, pixel }: Pen): void {
  const dot = ([at, value]: Point, size: number, colour: string) => {
    const radius = size * pixel;
    if (value === null || at < drawing.from || at > drawing.to) return;
    ctx.beginPath();
    ctx.arc(
      Math.min(x(at), area.right - radius),
      Math.min(Math.max(y(value), area.top), area.bottom),
      radius,
      0,
      2 * Math.PI,
    );
    ctx.fillStyle = colour;
    ctx.fill();
  };
  for (const line of drawing.lines) {
    const colour = strokeOf(line.tone ?? 'ink', palette);
    for (const point of isolated(line.points)) dot(point, 1.6, colour);
    const last = line.points.findLast(([, value]) => value !== null);
    if (line.lastDot && last) dot(last, 3.2, colour);
  }
}

/** Marks that Chart.js has no word for: hours, the narrower running bar, thresholds, lone points, words, the dot at the line's end. */
export function marksPlugin(current: Current): Plugin<PlotType> {
  const painted = (chart: Chart<PlotType>, ...paint: readonly ((pen: Pen) => void)[]) => {
    const pen = penOf(chart, current);
    if (!pen) return;
    for (const each of paint) {
      pen.ctx.save();
      each(pen);
      pen.ctx.restore();
    }
  };
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
    beforeDatasetsDraw: (chart) => painted(chart, drawHours, drawThresholds),
    afterDatasetsDraw: (chart) => painted(chart, drawDots, drawWords),
  };
}
