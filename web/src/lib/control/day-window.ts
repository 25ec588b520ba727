import { atHour, dayStart, sayTime } from '../format/time.ts';
import { HOUR, QUARTER } from '$shared/model/time';

/** The part of the day on screen, 7am to 9pm by the London clock. */
export interface DayWindow {
  /** Epoch ms of both edges and of local midnight. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly midnight: number;
  /** The same in quarter hours from midnight: the indices of `Unit.day`. */
  readonly from: number;
  readonly to: number;
}

export const FIRST_HOUR = 7;
export const LAST_HOUR = 21;

export function dayWindow(now: number): DayWindow {
  const midnight = dayStart(now);
  const fromAt = atHour(now, FIRST_HOUR);
  const toAt = atHour(now, LAST_HOUR);
  const quarter = (at: number) => Math.round((at - midnight) / QUARTER);
  return { fromAt, toAt, midnight, from: quarter(fromAt), to: quarter(toAt) };
}

/** Hour marks along the window and where they lie, 0 to 1; those that the now-mark would cover are left out. */
export function hourTicks(window: DayWindow, everyHours: number, nowShare: number | null, clearance: number) {
  const ticks: { label: string; share: number; edge: 'first' | 'last' | null }[] = [];
  const hours = new Set([LAST_HOUR]);
  for (let hour = FIRST_HOUR; hour <= LAST_HOUR - everyHours / 2; hour += everyHours) hours.add(hour);
  for (const hour of [...hours].sort((a, b) => a - b)) {
    const at = window.fromAt + (hour - FIRST_HOUR) * HOUR;
    const share = (at - window.fromAt) / (window.toAt - window.fromAt);
    if (nowShare !== null && Math.abs(share - nowShare) < clearance) continue;
    ticks.push({ label: sayTime(at), share, edge: hour === FIRST_HOUR ? 'first' : hour === LAST_HOUR ? 'last' : null });
  }
  return ticks;
}

/** Where a moment lies in the window, 0 to 1; null outside it. */
export function shareOfDay(window: DayWindow, at: number): number | null {
  const share = (at - window.fromAt) / (window.toAt - window.fromAt);
  return share >= 0 && share <= 1 ? share : null;
}
