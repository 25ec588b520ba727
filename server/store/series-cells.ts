import { dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';
import { unpackCells } from './cell-codec.ts';
import { rollUp, type Cell } from './cells.ts';
import type { Queryable } from './database.ts';
import { cutSamples, firstAt, mergeSamples, NO_SAMPLES, unpackDay, type Samples } from './day-samples.ts';
import {
  quarterOf,
  readCells,
  readDays,
  readHistory,
  readSomeDays,
  readStanding,
  readStandingDays,
  samplesOf,
  type CellRow,
  type DayRow,
  type HistoryRow,
  type SeriesKey,
} from './history.ts';
import type { Span } from './recording.ts';
import type { Sample } from './series.ts';
import { cellBounds, dateOf, midnightOf, periodOf, type Width } from './widths.ts';

/** A value that has stood unchanged for longer than this is looked for no further. */
export const STANDING_MS = 35 * 86_400_000;

export interface CellQuestion {
  readonly key: SeriesKey;
  /** Start of a quarter hour at or before the first bucket. */
  readonly since: EpochMs;
  readonly starts: readonly EpochMs[];
  readonly end: EpochMs;
  /** Null: the readings themselves. */
  readonly width: Width | null;
  readonly counter: boolean;
  readonly spans: readonly Span[];
}

/**
 * The cells that a question needs, none across a bucket's start: of the roll-up where it has the day, of the readings
 * where something came after the day was rolled up, where it is not yet, and where the question ends within a cell.
 * `inside` must be one snapshot: readings move from one table to the other.
 */
export async function cellsFor(inside: Queryable, question: CellQuestion): Promise<Cell[]> {
  const { key, since, end, width } = question;
  const fresh = splitDays(samplesOf(await inside.query<HistoryRow>(readHistory(key, since, end))));
  if (width === null) {
    const rows = await inside.query<DayRow>(readDays(key, dateOf(since).toString(), dateOf(end - 1).toString()));
    return fromReadings(question, fresh, rows);
  }
  const rows = await inside.query<CellRow>(
    readCells(width, key, periodOf(width.period, dateOf(since)), periodOf(width.period, dateOf(end - 1))),
  );
  const read = new Set([...fresh.keys(), ...(cutsCell(width, end) ? [dayStart(end)] : [])]);
  const unrolled = rows.flatMap(({ period, packed }) => (packed === null ? [] : { day: period, packed }));
  for (const { day } of unrolled) read.add(midnightOf(day));
  const dates = [...read].map((day) => dateOf(day).toString()).filter((day) => unrolled.every((u) => u.day !== day));
  const days = dates.length === 0 ? [] : await inside.query<DayRow>(readSomeDays(key, dates));
  const ranges = [...read].map((day) => ({ from: day, to: dayEnd(day) }));
  const wanted = (cell: Cell) =>
    cell.at >= since && cell.end <= end && !ranges.some((day) => cell.at >= day.from && cell.at < day.to);
  const rolled = rows.flatMap(({ period, cells }) =>
    cells === null ? [] : unpackCells(midnightOf(period), cells).filter(wanted),
  );
  return [...rolled, ...fromReadings(question, fresh, [...days, ...unrolled])].sort((a, b) => a.at - b.at);
}

function cutsCell(width: Width, end: EpochMs): boolean {
  return !cellBounds(width, dayStart(end)).includes(end);
}

function splitDays(samples: Samples): Map<EpochMs, Samples> {
  const days = new Map<EpochMs, Samples>();
  for (let at = samples.at[0]; at !== undefined;) {
    const [day, end] = [dayStart(at), dayEnd(at)];
    days.set(day, cutSamples(samples, day, end));
    at = samples.at[firstAt(samples.at, end)];
  }
  return days;
}

function fromReadings(
  { since, starts, end, spans, counter }: CellQuestion,
  fresh: ReadonlyMap<EpochMs, Samples>,
  rows: readonly DayRow[],
): Cell[] {
  const packed = new Map(rows.map((row) => [midnightOf(row.day), row.packed]));
  const days = [...new Set([...packed.keys(), ...fresh.keys()])].sort((a, b) => a - b);
  return days.flatMap((day) => {
    const bytes = packed.get(day);
    const samples = mergeSamples(
      bytes === undefined ? NO_SAMPLES : unpackDay(day, bytes),
      fresh.get(day) ?? NO_SAMPLES,
    );
    const from = Math.max(day, since);
    const to = Math.min(dayEnd(day), end);
    const within = starts.slice(firstAt(starts, from + 1), firstAt(starts, to));
    return rollUp(samples, [from, ...within, to], spans, counter);
  });
}

/** The last sample before `since`, a quarter hour's start; null where there is none in `STANDING_MS`. */
export async function standingAt(inside: Queryable, key: SeriesKey, since: EpochMs): Promise<Sample | null> {
  const [first, last] = [since - STANDING_MS, since - 1];
  const rows = await inside.query<HistoryRow>(readStanding(key, first, since));
  const days = await inside.query<DayRow>(readStandingDays(key, dateOf(first).toString(), dateOf(last).toString()));
  const kept = days.map((row) => cutSamples(unpackDay(midnightOf(row.day), row.packed), first, since));
  return newestOf([samplesOf(rows), ...kept].filter((s) => quarterOf(s.at.at(-1) ?? -Infinity) >= first));
}

/** Of the last samples of each; the first of several at one time. */
function newestOf(given: readonly Samples[]): Sample | null {
  let newest: Sample | null = null;
  for (const { at: times, value } of given) {
    const at = times.at(-1);
    const known = value.at(-1) ?? NaN;
    if (at !== undefined && at > (newest?.at ?? -Infinity)) newest = { at, value: Number.isNaN(known) ? null : known };
  }
  return newest;
}
