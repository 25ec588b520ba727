import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Days } from './days.ts';

interface CountedDay {
  /** Start of the London day. */
  readonly day: EpochMs;
  /** Whole-day total as far as it was seen. */
  readonly total: number;
  /** What the counter itself last showed. */
  readonly raw: number;
  readonly at: EpochMs;
}

/** What is known of one since-midnight counter. Plain data: it is part of the board's checkpoint. */
export interface Counter extends CountedDay {
  readonly before: CountedDay | null;
  /** Whether its supplier resets it at UTC's midnight rather than London's, once a summer night has shown it. */
  readonly late?: boolean;
}

/**
 * `counted`: today's total rose by `increment`, which happened after `from` (null: at an unknown time before).
 * `yesterday`: late data rewrote the day before. `ignored`: older than what is known, or a repeat.
 */
export type CounterStep =
  | { readonly kind: 'counted'; readonly counter: Counter; readonly increment: number; readonly from: EpochMs | null }
  | { readonly kind: 'yesterday'; readonly counter: Counter; readonly day: EpochMs; readonly total: number }
  | { readonly kind: 'ignored' };

/** A supplier whose midnight is UTC's resets up to an hour late in summer. */
const LATE_RESET = 75 * MINUTE;
/** Fewer than this could as well be new calls, so it is no sign of a counter that was not reset. */
const TELLING = 10;
const SOON = 6 * MINUTE;
const UTC_DAY = 24 * 60 * MINUTE;
const CORRECTION_WITHIN = 10 * MINUTE;
const IGNORED: CounterStep = { kind: 'ignored' };

/** Total after one reading of the same day. A drop is a reset: what the counter shows now is new since then. */
function sameDay(known: CountedDay, raw: number, at: EpochMs): { increment: number; total: number } {
  if (raw >= known.raw) return { increment: raw - known.raw, total: known.total + raw - known.raw };
  // A supplier that takes back one or two of many within minutes corrects itself; read as a reset it would double the day.
  const correction = raw >= 20 && known.raw - raw <= Math.max(1, known.raw * 0.02);
  if (correction && at - known.at <= CORRECTION_WITHIN) {
    return { increment: 0, total: Math.max(0, known.total + raw - known.raw) };
  }
  return { increment: raw, total: known.total + raw };
}

/** Whether a new day's first reading still counts the day before; `late` as far as this night tells of the supplier. */
function stillYesterday(known: Counter, day: EpochMs, raw: number, at: EpochMs, from: EpochMs) {
  if (at - day >= LATE_RESET) return { still: false, late: known.late };
  const atLeast = raw >= known.raw;
  const summer = day % UTC_DAY !== 0;
  // In winter both midnights are one, so that such a night shows nothing.
  if (known.raw >= TELLING) return { still: atLeast, late: summer ? atLeast : known.late };
  // A few calls could be the same ones or as many new ones within minutes: its supplier's nights tell.
  const still = summer && atLeast && known.raw > 0 && at - from <= SOON && known.late !== false;
  return { still, late: known.late };
}

/**
 * One reading of a since-midnight counter, `raw` as shown at `at`. `seenUntil` is the last time the counter was known to
 * stand at its last value (increments lie after it). What was published between the last poll and a reset, and never
 * seen, is not invented.
 */
export function countReading(
  known: Counter | null,
  raw: number,
  at: EpochMs,
  seenUntil: EpochMs | null,
  days: Days,
): CounterStep {
  const day = days.start(at);
  if (known === null) {
    return { kind: 'counted', counter: { day, total: raw, raw, at, before: null }, increment: 0, from: null };
  }
  if (day < known.day) return late(known, day, raw, at);
  if (at <= known.at) return IGNORED;
  const from = Math.max(known.at, seenUntil ?? known.at);
  if (day === known.day) {
    const { increment, total } = sameDay(known, raw, at);
    return { kind: 'counted', counter: { ...known, day, total, raw, at }, increment, from };
  }
  const { still, late: lateReset } = stillYesterday(known, day, raw, at, from);
  const increment = still ? raw - known.raw : raw;
  const before = { day: known.day, total: known.total, raw: known.raw, at: known.at };
  const counter = { day, total: increment, raw, at, before, ...(lateReset === undefined ? {} : { late: lateReset }) };
  return { kind: 'counted', counter, increment, from: Math.max(from, day) };
}

function late(known: Counter, day: EpochMs, raw: number, at: EpochMs): CounterStep {
  const before = known.before;
  if (before?.day !== day || at <= before.at) return IGNORED;
  const { total } = sameDay(before, raw, at);
  return { kind: 'yesterday', counter: { ...known, before: { day, total, raw, at } }, day, total };
}

/** The counter with the final total of an earlier day of its own put right; unchanged where that day is no longer kept. */
export function completeDay(known: Counter, day: EpochMs, total: number): Counter {
  if (known.day === day) return { ...known, total };
  return known.before?.day === day ? { ...known, before: { ...known.before, total } } : known;
}
