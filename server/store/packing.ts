import { isMetricName, metricSpec } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';
import { packCells, unpackCells } from './cell-codec.ts';
import { rollUp, type Cell } from './cells.ts';
import type { Database, Queryable } from './database.ts';
import { cutSamples, mergeSamples, NO_SAMPLES, packDay, unpackDay, type Samples } from './day-samples.ts';
import { samplesOf } from './history.ts';
import {
  cellRows,
  DAY_ROWS,
  forgetPacked,
  hasReadings,
  lockPacking,
  readPacked,
  takeReadings,
  writePacked,
  type PackedRow,
  type TakenRow,
} from './packing-rows.ts';
import type { Span } from './recording.ts';
import { cellBounds, dateOf, DAYS, FIVE_MINUTES, HOURS, midnightOf, periodOf, type Width } from './widths.ts';

export interface PackingDeps {
  readonly database: Database;
  readonly runId: number;
  /** Names of metrics by number. */
  readonly metrics: ReadonlyMap<number, string>;
  /** When the server was recording, over all the days that are packed. */
  readonly spans: readonly Span[];
  /** Days before this one have no five-minute cells any more. */
  readonly fiveMinutesFrom: EpochMs;
}

interface Series {
  readonly metricId: number;
  readonly catalogue: number;
}
interface Day extends Series {
  readonly day: EpochMs;
  readonly samples: Samples;
  readonly counter: boolean;
}

/**
 * Moves a unit's readings of [from, to) into packed days and rolls those days up: whole, or not at all. Returns how many
 * quarter hours it moved. What is already packed of a day is joined with what came late.
 */
export async function packUnit(deps: PackingDeps, unitId: number, from: EpochMs, to: EpochMs): Promise<number> {
  const { database, runId } = deps;
  const [found] = await database.query<{ there: boolean }>(hasReadings(runId, unitId, from, to));
  if (found?.there !== true) return 0;
  return database.transaction(async (inside) => {
    await inside.query(lockPacking(runId));
    const taken = await inside.query<TakenRow>(takeReadings(runId, unitId, from, to));
    if (taken.length === 0) return 0;
    const days = await withPacked(inside, deps, unitId, splitDays(taken, deps.metrics));
    const bytes = days.map((d) => rowOf(d, dateOf(d.day).toString(), packDay(d.day, d.samples)));
    await inside.query(writePacked(DAY_ROWS, runId, unitId, bytes));
    await writeFiveMinutes(inside, deps, unitId, days);
    for (const width of [HOURS, DAYS]) await writeCells(inside, deps, unitId, days, width);
    return taken.length;
  });
}

const rowOf = ({ metricId, catalogue }: Series, period: string, bytes: Uint8Array): PackedRow => ({
  ...{ metricId, catalogue, period, bytes },
});
const keyOf = ({ metricId, catalogue }: Series, period: string | number) => `${metricId} ${catalogue} ${period}`;

function splitDays(taken: readonly TakenRow[], metrics: PackingDeps['metrics']): Day[] {
  const days: Day[] = [];
  for (const rows of Map.groupBy(taken, (row) => keyOf(row, '')).values()) {
    const [{ metricId, catalogue } = { metricId: 0, catalogue: 0 }] = rows;
    const name = metrics.get(metricId) ?? '';
    const counter = isMetricName(name) && metricSpec(name).shape === 'since-midnight';
    const samples = samplesOf(rows);
    for (let at = samples.at[0]; at !== undefined;) {
      const [day, end] = [dayStart(at), dayEnd(at)];
      days.push({ metricId, catalogue, day, counter, samples: cutSamples(samples, day, end) });
      at = samples.at.find((time) => time >= end);
    }
  }
  return days;
}

/** Days with what was packed of them before. */
async function withPacked(inside: Queryable, deps: PackingDeps, unitId: number, days: readonly Day[]): Promise<Day[]> {
  const dates = [...new Set(days.map((d) => dateOf(d.day).toString()))];
  const rows = await inside.query<PackedRow>(readPacked(DAY_ROWS, deps.runId, unitId, dates));
  const packed = new Map(rows.map((row) => [keyOf(row, midnightOf(row.period)), row.bytes]));
  return days.map((d) => {
    const bytes = packed.get(keyOf(d, d.day));
    return { ...d, samples: mergeSamples(bytes === undefined ? NO_SAMPLES : unpackDay(d.day, bytes), d.samples) };
  });
}

async function writeFiveMinutes(inside: Queryable, deps: PackingDeps, unitId: number, days: readonly Day[]) {
  const table = cellRows(FIVE_MINUTES);
  const kept = days.filter((d) => d.day >= deps.fiveMinutesFrom);
  const gone = [...new Set(days.filter((d) => d.day < deps.fiveMinutesFrom).map((d) => dateOf(d.day).toString()))];
  if (gone.length > 0) await inside.query(forgetPacked(table, deps.runId, unitId, gone));
  if (kept.length === 0) return;
  const rows = kept.map((d) => rowOf(d, dateOf(d.day).toString(), packCells(d.day, cellsOf(d, FIVE_MINUTES, deps))));
  await inside.query(writePacked(table, deps.runId, unitId, rows));
}

const cellsOf = (d: Day, width: Width, deps: PackingDeps): Cell[] =>
  rollUp(d.samples, cellBounds(width, d.day), deps.spans, d.counter);

/** A roll-up whose rows hold several days: theirs are put in the place of what was there of them. */
async function writeCells(
  inside: Queryable,
  deps: PackingDeps,
  unitId: number,
  days: readonly Day[],
  width: Width,
): Promise<void> {
  const table = cellRows(width);
  const periods = Map.groupBy(days, (d) => keyOf(d, periodOf(width.period, dateOf(d.day))));
  const dates = [...new Set(days.map((d) => periodOf(width.period, dateOf(d.day))))];
  const before = await inside.query<PackedRow>(readPacked(table, deps.runId, unitId, dates));
  const held = new Map(before.map((row) => [keyOf(row, row.period), row.bytes]));
  const rows = [...periods].flatMap(([key, within]) => {
    const [first] = within;
    if (first === undefined) return [];
    const period = periodOf(width.period, dateOf(first.day));
    const origin = midnightOf(period);
    const bytes = held.get(key);
    const old = bytes === undefined ? [] : unpackCells(origin, bytes);
    const others = old.filter((cell) => !within.some((d) => cell.at >= d.day && cell.at < dayEnd(d.day)));
    const cells = [...others, ...within.flatMap((d) => cellsOf(d, width, deps))].sort((a, b) => a.at - b.at);
    return rowOf(first, period, packCells(origin, cells));
  });
  await inside.query(writePacked(table, deps.runId, unitId, rows));
}
