import { isOpen } from '#shared/model/calendar.ts';
import type { WeeklyHours } from '#shared/model/definition.ts';
import { dayEnd, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { createLocalMoments } from '../normal/day-type.ts';

/** A stretch of time, `to` excluded. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** One London day, minute by minute: 1,380, 1,440 or 1,500 of them. */
export interface Day {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly minutes: number;
  /** Minutes after midnight by the wall clock, by minute of the day. */
  readonly local: Float64Array;
  /** 1 where somebody was recording. */
  readonly recorded: Uint8Array;
  /** 1 where the hours hold; the same array for the same hours. */
  open(hours: WeeklyHours, onBankHolidays: boolean): Uint8Array;
}

/** `start`: a London midnight. */
export function createDay(start: EpochMs, spans: readonly Span[]): Day {
  const end = dayEnd(start);
  const minutes = Math.round((end - start) / MINUTE);
  const moment = createLocalMoments();
  const local = Float64Array.from({ length: minutes }, (_, m) => moment(start + m * MINUTE).minute);
  const recorded = new Uint8Array(minutes);
  for (const span of spans) {
    // A minute counts by its middle.
    const from = Math.max(0, Math.ceil((span.from - start) / MINUTE - 0.5));
    const to = Math.min(minutes, Math.ceil((span.to - start) / MINUTE - 0.5));
    if (from < to) recorded.fill(1, from, to);
  }
  const known = new Map<string, Uint8Array>();
  return {
    start,
    end,
    minutes,
    local,
    recorded,
    open(hours, onBankHolidays) {
      const key = `${String(onBankHolidays)}${JSON.stringify(hours)}`;
      let open = known.get(key);
      if (!open) {
        open = openMinutes(start, minutes, hours, onBankHolidays);
        known.set(key, open);
      }
      return open;
    },
  };
}

/** Hours change at the minutes of the hour that they name, whatever the clocks do: asked only there, and at every hour. */
function openMinutes(start: EpochMs, minutes: number, hours: WeeklyHours, onBankHolidays: boolean): Uint8Array {
  const edges = [...new Set([0, 60, ...hours.flatMap(({ from, to }) => [from % 60, to % 60])])].sort((a, b) => a - b);
  const open = new Uint8Array(minutes);
  for (let hour = 0; hour * 60 < minutes; hour += 1) {
    for (let i = 0; i + 1 < edges.length; i += 1) {
      const [from = 0, to = 60] = [edges[i], edges[i + 1]];
      if (isOpen(hours, start + hour * HOUR + from * MINUTE, onBankHolidays)) {
        open.fill(1, hour * 60 + from, hour * 60 + to);
      }
    }
  }
  return open;
}
