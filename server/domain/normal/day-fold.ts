import { ABSENCES } from '#shared/model/absence.ts';
import { dayEnd, localMinutes, MINUTE, QUARTER, type EpochMs } from '#shared/model/time.ts';
import { QUIET } from '../quiet.ts';
import type { Hold } from './learned-metrics.ts';

/** Quarter hours of a day by the clock on the wall. */
export const QUARTERS = 96;
const CLOSED = ABSENCES.indexOf('closed') + 1;
/** A total counts for the end of a quarter if it was still known this close to it. */
const END_TOLERANCE = MINUTE;

/** One London day as it is learned from: its quarter hours as they passed, and when the server was recording. */
export interface DayFrame {
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Quarter of the wall clock of each quarter hour that passed: 92, 96 or 100 of them. */
  readonly local: Uint8Array;
  readonly spans: readonly { readonly from: EpochMs; readonly to: EpochMs }[];
}

export function dayFrame(start: EpochMs, spans: DayFrame['spans']): DayFrame {
  const end = dayEnd(start);
  const local = Uint8Array.from({ length: Math.round((end - start) / QUARTER) }, (_, i) =>
    Math.floor(localMinutes(start + i * QUARTER) / 15),
  );
  return { start, end, local, spans };
}

export interface FoldOptions {
  readonly hold: Hold;
  /** Whether the site is shut in a quarter hour of the frame, so that a queue there has no length. */
  readonly shut: (quarter: number) => boolean;
  /** Leaves the whole day out when less than half of what should be known is: what is left of an outage is no example. */
  readonly wholeDays: boolean;
}

export interface DayFold {
  /** Change-only samples, ascending; NaN absent, with its number in `absence`. The first may lie before the day. */
  push(at: Float64Array, value: Float64Array, absence: Uint8Array): void;
  /** A value a quarter of the wall clock; NaN where too little was known. Null: nothing to learn. */
  finish(): Float32Array | null;
}

/**
 * Folds one metric of one site over one day. A quarter counts if the value was known for half of it at least while the
 * server was recording: absent, shut and unrecorded are not zero. Of the hour that is lived twice, lengths of queues are
 * averaged and totals stand as they did the second time; the hour that spring skips is not known.
 */
export function createDayFold(frame: DayFrame, { hold, shut, wholeDays }: FoldOptions): DayFold {
  const { start, end, local, spans } = frame;
  const count = local.length;
  const known = new Float64Array(count);
  const idle = new Float64Array(count);
  const sum = new Float64Array(count);
  const last = new Float64Array(count).fill(NaN);
  const lastUntil = new Float64Array(count);
  let standing: { at: EpochMs; value: number; absence: number } | null = null;

  const stretch = (from: EpochMs, to: EpochMs, value: number, absence: number) => {
    for (let q = Math.floor((from - start) / QUARTER); q < count; q += 1) {
      const begin = start + q * QUARTER;
      if (begin >= to) return;
      const until = Math.min(to, begin + QUARTER);
      const ms = until - Math.max(from, begin);
      if (ms <= 0) continue;
      if (Number.isNaN(value)) {
        if (absence === CLOSED || absence === QUIET) idle[q] = (idle[q] ?? 0) + ms;
        continue;
      }
      known[q] = (known[q] ?? 0) + ms;
      sum[q] = (sum[q] ?? 0) + ms * value;
      last[q] = value;
      lastUntil[q] = until;
    }
  };
  const close = (to: EpochMs) => {
    if (standing === null) return;
    const from = Math.max(start, standing.at);
    // Yesterday's total says nothing of today, unless it is the nothing that a new day begins with.
    const stale = hold === 'total' && standing.at < start && standing.value !== 0;
    const value = stale ? NaN : standing.value;
    for (const span of spans) {
      const a = Math.max(from, span.from);
      const b = Math.min(to, end, span.to);
      if (b > a) stretch(a, b, value, standing.absence);
    }
  };
  const learned = (q: number): number => {
    if (shut(q) || (known[q] ?? 0) * 2 < QUARTER) return NaN;
    if (hold === 'mean') return (sum[q] ?? 0) / (known[q] ?? 1);
    if (hold === 'end') return last[q] ?? NaN;
    return (lastUntil[q] ?? 0) >= start + (q + 1) * QUARTER - END_TOLERANCE ? (last[q] ?? NaN) : NaN;
  };

  return {
    push(at, value, absence) {
      for (let i = 0; i < at.length; i += 1) {
        const time = at[i] ?? 0;
        if (time >= end) break;
        close(time);
        standing = { at: time, value: value[i] ?? NaN, absence: absence[i] ?? 0 };
      }
    },
    finish() {
      close(end);
      const day = new Float32Array(QUARTERS).fill(NaN);
      let [found, expected] = [0, 0];
      for (let q = 0; q < count; q += 1) {
        const value = learned(q);
        if (!shut(q) && (idle[q] ?? 0) * 2 < QUARTER) expected += 1;
        if (Number.isNaN(value)) continue;
        found += 1;
        const place = local[q] ?? 0;
        const before = day[place] ?? NaN;
        day[place] = hold === 'mean' && !Number.isNaN(before) ? (before + value) / 2 : value;
      }
      return found === 0 || (wholeDays && found * 2 < expected) ? null : day;
    },
  };
}
