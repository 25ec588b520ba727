import { HOUR, MINUTE, type EpochMs } from '$shared/model/time';
import type { SlotHour } from '$shared/model/unit';
import type { Cell, CellState, HubWindow } from './timetable.ts';

/** Height of a row of cells and of a cell within it, in the drawing's own units. */
export const LINE = 13;
const CELL = 11;
/** Part of its time that a cell fills: the rest is the gap to the next. */
const FILLED = 0.82;

export interface Shape {
  readonly state: CellState;
  readonly past: boolean;
  readonly path: string;
}

/** Cells as one path a state: minutes of the window across, rows down. A whole hub is six elements, not hundreds. */
export function shapesOf(cells: readonly Cell[], window: HubWindow, now: EpochMs): Shape[] {
  const found = new Map<string, { state: CellState; past: boolean; path: string }>();
  for (const { start, minutes, line, state } of cells) {
    const past = start + minutes * MINUTE <= now;
    const key = `${state} ${past}`;
    const shape = found.get(key) ?? { state, past, path: '' };
    const x = (start - window.from) / MINUTE;
    shape.path += `M${round(x)} ${line * LINE + 1}h${round(minutes * FILLED)}v${CELL}h${-round(minutes * FILLED)}z`;
    found.set(key, shape);
  }
  return [...found.values()];
}

/** Outlines of the cells that belong to an offer, as one path. */
export function offeredPath(cells: readonly Cell[], window: HubWindow): string {
  return shapesOf(
    cells.filter(({ offered }) => offered).map((cell) => ({ ...cell, state: 'free' })),
    window,
    -Infinity,
  )
    .map(({ path }) => path)
    .join('');
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Where a moment lies in the window, 0 to 1, held inside it. */
export const shareOf = (at: EpochMs, { from, to }: HubWindow): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)));

/** A stretch of time in one row of which nothing is known; parts of the window's width. */
export interface Stretch {
  readonly line: number;
  readonly left: number;
  readonly width: number;
}

/** Cells of which nobody knows what became of them, joined where they touch. */
export function stretchesOf(cells: readonly Cell[], window: HubWindow): Stretch[] {
  const runs: { line: number; from: EpochMs; to: EpochMs }[] = [];
  for (const { line, start, minutes } of [...cells].sort((a, b) => a.line - b.line || a.start - b.start)) {
    const last = runs.at(-1);
    const to = start + minutes * MINUTE;
    if (last && last.line === line && last.to === start) last.to = to;
    else runs.push({ line, from: start, to });
  }
  return runs.map(({ line, from, to }) => {
    const left = shareOf(from, window);
    return { line, left, width: shareOf(to, window) - left };
  });
}

/** One hour of several hubs, or of a hub whose single slots are not known, as parts of the hour's width. */
export interface HourBar {
  readonly from: EpochMs;
  readonly free: number;
  /** Parts of all slots of the hour, 0 to 1. */
  readonly booked: number;
  readonly held: number;
  readonly open: number;
  readonly past: boolean;
}

export function hourBars(hours: readonly SlotHour[], now: EpochMs): HourBar[] {
  return hours.map(({ from, free, booked, held }) => {
    const all = Math.max(1, free + booked + held);
    return { from, free, booked: booked / all, held: held / all, open: free / all, past: from + HOUR <= now };
  });
}

/** Start of the stretch of `step` ms that a pointer is over, within the window. */
export function timeUnder(
  {
    clientX,
    currentTarget,
  }: { readonly clientX: number; readonly currentTarget: Pick<Element, 'getBoundingClientRect'> },
  { from, to }: HubWindow,
  step: number,
): EpochMs {
  const { left, width } = currentTarget.getBoundingClientRect();
  const at = from + ((clientX - left) / width) * (to - from);
  return Math.min(to - step, Math.max(from, Math.floor(at / step) * step));
}
