import { QUARTER, type EpochMs } from '#shared/model/time.ts';
import { createDays } from '../days.ts';
import { createLocalMoments } from '../normal/day-type.ts';

const DAY = 24 * 60 * 60_000;
const QUARTERS_A_DAY = 96;
/** A usual of fewer days of its kind is the day itself: what departs from it would be made up. */
const LEAST_DAYS_OF_A_KIND = 3;
/** Of the quarter hours that such a unit usually has, a day must have so many, or its mean is of another day. */
const LEAST_OF_A_DAY = 0.5;

/** Values at equal steps of real time. Where `known` is 0 nothing is known, and the value is 0 and means nothing. */
export interface Track {
  readonly values: Float64Array;
  readonly known: Uint8Array;
  /** Places that are known, ascending. */
  readonly places: Int32Array;
  /** Share of the known values that taking the usual away has left free: a usual learned from six days takes a sixth. */
  readonly freedom: number;
}

/** What is left of a unit's pressure once its own usual of that kind of day and quarter hour is taken away. */
export interface Departures {
  /** A quarter hour a step, from the window's beginning. */
  readonly quarters: Track;
  /** A London day a step: the mean over the quarter hours that are known. */
  readonly days: Track;
}

/** A window of whole London days: two units are compared over the same one. */
export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What the clock says of each quarter hour of a window; the same for every unit, and dear to work out. */
export interface Quarters {
  readonly from: EpochMs;
  /** Kind of day (weekday, bank holiday) and quarter hour of the day, as one number. */
  readonly cells: Int16Array;
  /** London day, from 0. */
  readonly days: Int16Array;
}

export function quartersOf({ from, to }: Window): Quarters {
  const length = Math.max(0, Math.floor((to - from) / QUARTER));
  const moments = createLocalMoments();
  const calendar = createDays();
  const first = calendar.start(from);
  const cells = new Int16Array(length);
  const days = new Int16Array(length);
  for (let place = 0; place < length; place += 1) {
    const at = from + place * QUARTER;
    const { type, minute } = moments(at);
    cells[place] = type * QUARTERS_A_DAY + Math.floor(minute / 15);
    // Days of 23 and 25 hours: rounding numbers them one after the other all the same.
    days[place] = Math.round((calendar.start(at) - first) / DAY);
  }
  return { from, cells, days };
}

/**
 * Departures of a score from its own usual. `points`: [start of a quarter hour, score | null]; outside the window they
 * are left out. Closed hours and gaps stay unknown; so does a quarter hour of a kind of day that the window has fewer
 * than three times.
 */
export function departures(points: Iterable<readonly [EpochMs, number | null]>, window: Quarters): Departures {
  const length = window.cells.length;
  const values = new Float64Array(length);
  const known = new Uint8Array(length);
  for (const [at, value] of points) {
    const place = Math.floor((at - window.from) / QUARTER);
    if (value === null || !Number.isFinite(value) || place < 0 || place >= length) continue;
    values[place] = value;
    known[place] = 1;
  }
  const freedom = takeUsualAway(values, known, window.cells);
  const quarters = trackOf(values, known, freedom);
  return { quarters, days: dailyMeans(quarters, window.days) };
}

export function trackOf(values: Float64Array, known: Uint8Array, freedom = 1): Track {
  const places: number[] = [];
  known.forEach((is, place) => {
    if (is === 1) places.push(place);
    else values[place] = 0;
  });
  return { values, known, places: Int32Array.from(places), freedom };
}

/** Gives the freedom that is left. */
function takeUsualAway(values: Float64Array, known: Uint8Array, cells: Int16Array): number {
  const sums = new Float64Array(8 * QUARTERS_A_DAY);
  const counts = new Int32Array(8 * QUARTERS_A_DAY);
  cells.forEach((cell, place) => {
    if (known[place] === 0) return;
    sums[cell] = (sums[cell] ?? 0) + (values[place] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  });
  cells.forEach((cell, place) => {
    const count = counts[cell] ?? 0;
    if (count < LEAST_DAYS_OF_A_KIND) known[place] = 0;
    values[place] = (values[place] ?? 0) - (sums[cell] ?? 0) / Math.max(1, count);
  });
  const used = counts.filter((count) => count >= LEAST_DAYS_OF_A_KIND);
  const all = used.reduce((sum, count) => sum + count, 0);
  return 1 - used.length / Math.max(1, all);
}

function dailyMeans({ values, places, freedom }: Track, days: Int16Array): Track {
  const length = (days.at(-1) ?? -1) + 1;
  const sums = new Float64Array(length);
  const counts = new Int32Array(length);
  for (const place of places) {
    const day = days[place] ?? 0;
    sums[day] = (sums[day] ?? 0) + (values[place] ?? 0);
    counts[day] = (counts[day] ?? 0) + 1;
  }
  const least = Math.max(1, LEAST_OF_A_DAY * median(counts.filter((n) => n > 0)));
  const known = Uint8Array.from(counts, (n) => (n >= least ? 1 : 0));
  const means = sums.map((sum, day) => sum / Math.max(1, counts[day] ?? 0));
  return trackOf(means, known, freedom);
}

function median(counts: Int32Array): number {
  return counts.toSorted()[Math.floor(counts.length / 2)] ?? 0;
}
