import type { Level } from '$shared/model/level-words';
import { sayTime } from '../format/time.ts';
import type { Drawing } from './drawing.ts';
import { fillOf, strokeOf, type Palette } from './palette.ts';
import type { ChartMark, Tone } from './types.ts';

/** A sheet that is drawn on, in pixels of the picture. */
export interface Sheet {
  readonly ctx: CanvasRenderingContext2D;
  readonly palette: Palette;
  /** Where a moment lies from the left. */
  readonly x: (at: number) => number;
}

/** A stretch of one level (null: unknown), epoch ms. */
export interface PictureRun {
  readonly from: number;
  readonly to: number;
  readonly level: Level | null;
}

interface Lettering {
  readonly size: number;
  readonly bold?: boolean;
  readonly colour?: string;
  /** `left` is the right edge, or the middle. */
  readonly right?: boolean;
  readonly centre?: boolean;
}

/** Writes one line; `foot` is its baseline. Returns its width. */
export function writeText({ ctx, palette }: Sheet, text: string, left: number, foot: number, how: Lettering): number {
  ctx.font = `${how.bold ? '700 ' : ''}${how.size}px ${palette.font}`;
  ctx.textAlign = how.right ? 'right' : how.centre ? 'center' : 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = how.colour ?? palette.ink;
  ctx.fillText(text, left, foot);
  return ctx.measureText(text).width;
}

/** The mark that what is shown is simulated, its right edge at `right`. */
export function drawTag(sheet: Sheet, text: string, right: number, foot: number): void {
  const { ctx, palette } = sheet;
  const width = writeText(sheet, text, right - 9, foot, { size: 13, bold: true, colour: palette.held, right: true });
  ctx.strokeStyle = palette.held;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(right - width - 18, foot - 16, width + 18, 22);
}

/** What each ink means, in one line. */
export function drawKey(sheet: Sheet, drawing: Drawing, left: number, foot: number): void {
  const { ctx, palette } = sheet;
  let at = left;
  const entry = (label: string, draw: (x: number) => void) => {
    draw(at);
    at += 22 + writeText(sheet, label, at + 20, foot, { size: 12, colour: palette.ink2 }) + 16;
  };
  const stroke = (colour: string, dash: number[]) => (x: number) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x, foot - 4);
    ctx.lineTo(x + 15, foot - 4);
    ctx.stroke();
    ctx.setLineDash([]);
  };
  const box = (tone: Tone) => (x: number) => {
    ctx.fillStyle = fillOf(tone, palette, 2);
    ctx.fillRect(x, foot - 10, 15, 11);
    if (tone !== 'hollow') return;
    ctx.strokeStyle = palette.ink3;
    ctx.lineWidth = 1;
    ctx.strokeRect(x + 0.5, foot - 9.5, 14, 10);
  };
  for (const { label, tone } of [...drawing.bars].reverse()) entry(label, box(tone ?? 'quiet'));
  for (const { label, tone } of drawing.lines) entry(label, stroke(strokeOf(tone ?? 'ink', palette), []));
  if (drawing.forecast) entry(drawing.forecast.label, stroke(palette.ink, [4, 3]));
  if (drawing.usual) entry(drawing.usual.label, stroke(palette.ink3, []));
}

/** Moments on the zero line at `foot`, with their words above. */
export function drawMarks(sheet: Sheet, marks: readonly ChartMark[], drawing: Drawing, foot: number): void {
  const { ctx, palette, x } = sheet;
  for (const { at, form, label, low, high } of marks) {
    if (at < drawing.from || at > drawing.to) continue;
    ctx.fillStyle = palette.ink;
    if (low !== undefined && high !== undefined) ctx.fillRect(x(low), foot - 3, x(high) - x(low), 6);
    ctx.beginPath();
    ctx.arc(x(at), foot, 4.5, 0, 2 * Math.PI);
    ctx.fillStyle = form === 'reached' ? palette.ink : palette.panel;
    ctx.fill();
    ctx.strokeStyle = form === 'usual' ? palette.ink3 : palette.ink;
    ctx.lineWidth = 2;
    ctx.stroke();
    const words = `${label} ${form === 'forecast' ? 'about ' : ''}${sayTime(at)}`;
    const before = x(at) > x(drawing.from) + 130;
    const colour = form === 'usual' ? palette.ink3 : palette.ink;
    writeText(sheet, words, x(at) + (before ? -9 : 9), foot - 6, { size: 12, colour, right: before });
  }
}

/** Levels through the day, each stretch with its number. */
export function drawStrip(
  sheet: Sheet,
  runs: readonly PictureRun[],
  within: Drawing,
  top: number,
  height: number,
): void {
  const { ctx, palette, x } = sheet;
  ctx.fillStyle = palette.ground;
  ctx.fillRect(x(within.from), top, x(within.to) - x(within.from), height);
  for (const { from, to, level } of runs) {
    const left = x(Math.max(from, within.from));
    const width = x(Math.min(to, within.to)) - left;
    if (width <= 0) continue;
    const ink = palette.levels[level ?? 0];
    ctx.fillStyle = level === null ? fillOf('hatch', palette, 2) : (ink?.ground ?? palette.ink);
    ctx.fillRect(left, top, width - 1, height);
    if (width < 12) continue;
    const colour = ink?.ink ?? palette.ink;
    writeText(sheet, level === null ? '?' : String(level), left + width / 2, top + 17, {
      size: 13,
      bold: true,
      colour,
      centre: true,
    });
  }
}
