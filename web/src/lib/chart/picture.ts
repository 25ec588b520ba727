import { sayDate, sayDuration, sayTime } from '../format/time.ts';
import type { ChartEngine } from './engine.ts';
import { configOf } from './datasets.ts';
import type { Drawing } from './drawing.ts';
import { drawKey, drawMarks, drawStrip, drawTag, writeText, type PictureRun, type Sheet } from './picture-parts.ts';
import type { Palette } from './palette.ts';
import { hourMarks, hoursApart, shareOf } from './time-axis.ts';
import type { ChartAbout, ChartMark } from './types.ts';

/** One plot of a picture. */
export interface PictureLane {
  /** Empty where the picture's own title says it. */
  readonly title: string;
  readonly drawing: Drawing;
  readonly marks?: readonly ChartMark[];
  /** Share of the height among the lanes; 1 when left out. */
  readonly weight?: number;
}

/** A chart as it leaves the screen: plots one beneath the other on one axis, with all that must be said about them. */
export interface Picture {
  readonly title: string;
  readonly about: ChartAbout;
  /** Product time at which it is made; null where nothing is running. */
  readonly now: number | null;
  readonly lanes: readonly PictureLane[];
  readonly strip?: readonly PictureRun[];
}

const WIDTH = 1200;
const EDGE = 24;
const HEAD = 84;
const LANE_HEAD = 44;
const STRIP = 40;
const AXIS = 22;
const FOOT = 52;
const GUTTER = 56;
/** Device pixels of a pixel of the picture, so that it is sharp on paper. */
const DENSITY = 2;

/** Height of the picture and where each plot stands in it, in its own pixels. */
export function layoutOf(picture: Pick<Picture, 'lanes' | 'strip'>): {
  height: number;
  plots: readonly { top: number; height: number }[];
  foot: number;
} {
  const room = picture.lanes.length > 1 ? 200 * picture.lanes.length : 340;
  const weights = picture.lanes.map(({ weight = 1 }) => weight);
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  let top = HEAD + (picture.strip ? STRIP : 0);
  const plots = weights.map((weight) => {
    const height = Math.round((room * weight) / all);
    top += LANE_HEAD + height;
    return { top: top - height, height };
  });
  return { height: top + AXIS + FOOT, plots, foot: top + AXIS };
}

/** What stands beneath a picture: where the numbers are from, how old they are, and that they are simulated. */
export function footWords({ about, now }: Pick<Picture, 'about' | 'now'>): readonly string[] {
  const age =
    about.newest === null
      ? 'nothing received yet'
      : `newest from ${sayTime(about.newest)}${now === null ? '' : `, ${sayDuration(now - about.newest)} old`}`;
  return [
    `Source: ${about.source} · ${age}${now === null ? '' : ` · made at ${sayTime(now)}, ${sayDate(now)}`}`,
    about.simulated
      ? 'Headroom · simulated activity, not what happened. Gaps are gaps: what is missing is not zero.'
      : 'Headroom · gaps are gaps: what is missing is not zero.',
  ];
}

function drawHead(sheet: Sheet, { title, about }: Picture, first: Drawing): void {
  const { palette } = sheet;
  writeText(sheet, title, EDGE, 38, { size: 22, bold: true });
  writeText(sheet, `${about.subject} · ${about.measure}`, EDGE, 62, { size: 14, colour: palette.ink2 });
  const span = `${sayDate(first.from)}, ${sayTime(first.from)} to ${sayTime(first.to)}`;
  writeText(sheet, span, WIDTH - EDGE, 62, { size: 14, colour: palette.ink2, right: true });
  if (about.simulated) drawTag(sheet, 'Simulated', WIDTH - EDGE, 38);
}

function drawPlot(sheet: Sheet, lane: PictureLane, Engine: ChartEngine, top: number, height: number): void {
  const { ctx, palette } = sheet;
  const drawing = { ...lane.drawing, gutter: GUTTER };
  const width = WIDTH - 2 * EDGE;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const config = configOf(drawing, palette, { density: DENSITY, pixel: 1, width: width - GUTTER }, () => ({
    drawing,
    palette,
    pixel: 1,
  }));
  const chart = new Engine(canvas, { ...config, options: { ...config.options, responsive: false } });
  ctx.drawImage(canvas, EDGE, top, width, height);
  chart.destroy();
  if (lane.title) writeText(sheet, lane.title, EDGE, top - 14, { size: 14, bold: true });
  // A line alone is named by its title.
  const alone = lane.title !== '' && drawing.lines.length === 1 && drawing.bars.length === 0;
  drawKey(sheet, alone ? { ...drawing, lines: [] } : drawing, EDGE + GUTTER + (lane.title ? 150 : 0), top - 14);
  ctx.fillStyle = palette.lineStrong;
  ctx.fillRect(EDGE + GUTTER, top + height, width - GUTTER, 1);
  drawMarks(sheet, lane.marks ?? [], drawing, top + height);
}

/** Draws it in the colours of `palette`; null where the browser gives no canvas. */
export async function renderPicture(picture: Picture, Engine: ChartEngine, palette: Palette): Promise<Blob | null> {
  const first = picture.lanes[0]?.drawing;
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d');
  if (!ctx || !first) return null;
  const { height, plots, foot } = layoutOf(picture);
  canvas.width = WIDTH * DENSITY;
  canvas.height = height * DENSITY;
  ctx.scale(DENSITY, DENSITY);
  ctx.fillStyle = palette.panel;
  ctx.fillRect(0, 0, WIDTH, height);
  const left = EDGE + GUTTER;
  const sheet: Sheet = {
    ctx,
    palette,
    x: (at) => left + (WIDTH - EDGE - left) * shareOf(at, first.from, first.to),
  };
  drawHead(sheet, picture, first);
  if (picture.strip) drawStrip(sheet, picture.strip, first, HEAD, 24);
  picture.lanes.forEach((lane, i) => {
    const place = plots[i];
    if (place) drawPlot(sheet, lane, Engine, place.top, place.height);
  });
  const every = hoursApart(first.from, first.to, WIDTH - EDGE - left);
  for (const { at, label } of hourMarks(first.from, first.to, every))
    writeText(sheet, label, sheet.x(at), foot - 5, {
      size: 12,
      colour: palette.ink3,
      right: at >= first.to,
      centre: at < first.to,
    });
  const { now } = picture;
  if (now !== null && now >= first.from && now <= first.to) {
    ctx.fillStyle = palette.ink2;
    ctx.fillRect(sheet.x(now) - 0.75, HEAD, 1.5, foot - AXIS - HEAD);
  }
  footWords(picture).forEach((line, i) =>
    writeText(sheet, line, EDGE, foot + 20 + i * 17, { size: 12, colour: palette.ink2 }),
  );
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
