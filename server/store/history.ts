import { ABSENCES } from '#shared/model/absence.ts';
import { CATALOGUE_VERSION } from '#shared/model/metrics.ts';
import { QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../domain/ports.ts';
import { isQuiet, QUIET } from '../domain/quiet.ts';
import type { Query } from './database.ts';
import { emptySamples, type Samples } from './day-samples.ts';
import type { Dictionary } from './dictionary.ts';
import type { Width } from './widths.ts';

/** A quarter hour of one metric of one unit, in the order of arrival. Offsets in ms after `quarter`. */
export interface Packed {
  readonly unit: string;
  readonly metric: string;
  readonly quarter: EpochMs;
  readonly offsets: number[];
  readonly received: number[];
  readonly values: (number | null)[];
  readonly absences: number[];
}

/** An observation this far from its receipt is a fault of the sender's clock: it is filed under its receipt. */
const BACK_MS = 35 * 86_400_000;
const AHEAD_MS = 86_400_000;
/** `integer` holds 24 days of milliseconds; what was received later than that stays at the brim. */
const BRIM = 2_147_483_647;

export const quarterOf = (at: EpochMs) => Math.floor(at / QUARTER) * QUARTER;
const absenceNumber = (a: Applied) => (isQuiet(a) ? QUIET : ABSENCES.indexOf(a.absence ?? 'not-reported') + 1);
const NOT_REPORTED = ABSENCES.indexOf('not-reported') + 1;
/** Stands where a value's absence would: a total that is no rise over the value before it. */
export const LEVEL = -1;

/** Packs readings by unit, metric and the quarter hour of their observation. */
export function pack(applied: Iterable<Applied>): Packed[] {
  const rows = new Map<string, Packed>();
  for (const a of applied) {
    const late = a.receivedAt - a.observedAt;
    const observedAt = late > BACK_MS || late < -AHEAD_MS ? a.receivedAt : a.observedAt;
    const quarter = quarterOf(observedAt);
    const key = `${a.unit}\n${a.metric}\n${quarter}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = { unit: a.unit, metric: a.metric, quarter, offsets: [], received: [], values: [], absences: [] };
      rows.set(key, row);
    }
    const value = a.value !== null && Number.isFinite(a.value) ? a.value : null;
    row.offsets.push(Math.floor(observedAt - quarter));
    row.received.push(Math.min(BRIM, Math.max(-BRIM, Math.floor(a.receivedAt - quarter))));
    row.values.push(value);
    row.absences.push(value === null ? absenceNumber(a) : a.level ? LEVEL : 0);
  }
  return [...rows.values()];
}

const literal = (values: readonly (number | null)[]) => `{${values.map((v) => v ?? 'NULL').join(',')}}`;

/** Appends packed rows; at most 2,000 a statement. Ragged arrays travel as literals, `unnest` would flatten them. */
export const appendHistory = (
  runId: number,
  rows: readonly Packed[],
  units: Dictionary,
  metrics: Dictionary,
): Query => ({
  name: 'append-history',
  text: `insert into history (run_id, unit_id, metric_id, quarter, catalogue, offsets, received, vals, absences)
         select $1, unit_id, metric_id, to_timestamp(quarter / 1000), $2, offsets::integer[], received::integer[],
                vals::float8[], absences::smallint[]
         from unnest($3::integer[], $4::smallint[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[])
           as given(unit_id, metric_id, quarter, offsets, received, vals, absences)
         on conflict (run_id, unit_id, metric_id, quarter, catalogue) do update set
           offsets = history.offsets || excluded.offsets,
           received = history.received || excluded.received,
           vals = history.vals || excluded.vals,
           absences = case when history.absences is null and excluded.absences is null then null
             else coalesce(history.absences, array_fill(0::smallint, array[cardinality(history.vals)]))
               || coalesce(excluded.absences, array_fill(0::smallint, array[cardinality(excluded.vals)])) end`,
  values: [
    runId,
    CATALOGUE_VERSION,
    rows.map((r) => units.of(r.unit)),
    rows.map((r) => metrics.of(r.metric)),
    rows.map((r) => r.quarter),
    rows.map((r) => literal(r.offsets)),
    rows.map((r) => literal(r.received)),
    rows.map((r) => literal(r.values)),
    rows.map((r) => (r.absences.some((a) => a !== 0) ? literal(r.absences) : null)),
  ],
});

export interface HistoryRow {
  readonly quarter: EpochMs;
  readonly offsets: readonly number[];
  readonly received: readonly number[];
  readonly vals: readonly (number | null)[];
  /** Null where none of them has anything to say. */
  readonly absences: readonly number[] | null;
}

/** Columns of a `HistoryRow`. */
export const ROW_COLUMNS = `(extract(epoch from quarter) * 1000)::float8 as quarter, offsets, received, vals, absences`;

/** In order of observation; late arrivals find their place, and of two at one time the later arrival stands behind. */
export function samplesOf(rows: readonly HistoryRow[]): Samples {
  const places: { at: EpochMs; row: HistoryRow; i: number }[] = [];
  for (const row of rows) row.offsets.forEach((offset, i) => places.push({ at: row.quarter + offset, row, i }));
  places.sort((a, b) => a.at - b.at);
  const samples = emptySamples(places.length);
  places.forEach(({ at, row, i }, place) => {
    const value = row.vals[i] ?? null;
    const code = row.absences?.[i] ?? 0;
    samples.at[place] = at;
    samples.received[place] = row.quarter + (row.received[i] ?? 0);
    samples.value[place] = value ?? NaN;
    samples.code[place] = value === null && code <= 0 ? NOT_REPORTED : code;
  });
  return samples;
}

/** One metric of one unit of one run, by their numbers in the database. */
export interface SeriesKey {
  readonly runId: number;
  readonly unitId: number;
  readonly metricId: number;
}

export const readKey = (system: string, run: string, unit: string, metric: string): Query => ({
  name: 'read-series-key',
  text: `select run_id as "runId", unit_id as "unitId", metric_id as "metricId" from run, unit, metric
         where run.system = $1 and run.code = $2 and unit.system = $1 and unit.code = $3 and metric.name = $4`,
  values: [system, run, unit, metric],
});

const OF_ONE = 'run_id = $1 and unit_id = $2 and metric_id = $3 and catalogue = $4';
const keyValues = (key: SeriesKey) => [key.runId, key.unitId, key.metricId, CATALOGUE_VERSION];

/** Rows whose quarter hour lies in [from, to). */
export const readHistory = (key: SeriesKey, from: EpochMs, to: EpochMs): Query => ({
  name: 'read-history',
  text: `select ${ROW_COLUMNS} from history where ${OF_ONE}
           and quarter >= to_timestamp($5::float8 / 1000) and quarter < to_timestamp($6::float8 / 1000)
         order by quarter`,
  values: [...keyValues(key), from, to],
});

/** The last row before `before`, not before `since`. */
export const readStanding = (key: SeriesKey, since: EpochMs, before: EpochMs): Query => ({
  name: 'read-standing',
  text: `select ${ROW_COLUMNS} from history where ${OF_ONE}
           and quarter >= to_timestamp($5::float8 / 1000) and quarter < to_timestamp($6::float8 / 1000)
         order by quarter desc limit 1`,
  values: [...keyValues(key), since, before],
});

export interface DayRow {
  readonly day: string;
  readonly packed: Uint8Array;
}

/** Packed days by date, both included. */
export const readDays = (key: SeriesKey, first: string, last: string): Query => ({
  name: 'read-days',
  text: `select day::text, packed from history_day where ${OF_ONE} and day >= $5::date and day <= $6::date order by day`,
  values: [...keyValues(key), first, last],
});

export const readSomeDays = (key: SeriesKey, days: readonly string[]): Query => ({
  name: 'read-some-days',
  text: `select day::text, packed from history_day where ${OF_ONE} and day = any($5::date[]) order by day`,
  values: [...keyValues(key), days],
});

/** The newest two packed days from `first` to `last`: the very last may begin with its first value only later that day. */
export const readStandingDays = (key: SeriesKey, first: string, last: string): Query => ({
  name: 'read-standing-days',
  text: `select day::text, packed from history_day where ${OF_ONE} and day >= $5::date and day <= $6::date
         order by day desc limit 2`,
  values: [...keyValues(key), first, last],
});

export interface CellRow {
  /** First date of the row's period. */
  readonly period: string;
  readonly cells: Uint8Array | null;
  /** The readings themselves, where they are kept longer than the roll-up. */
  readonly packed: Uint8Array | null;
}

/** Rows of a roll-up whose periods begin from `first` to `last`. */
export const readCells = (width: Width, key: SeriesKey, first: string, last: string): Query => ({
  name: `read-cells-${width.name}`,
  text:
    width.period === 'day'
      ? DAYS_OR_READINGS
      : `select ${width.column}::text as period, cells, null as packed
         from ${width.table} where ${OF_ONE} and ${width.column} >= $5::date and ${width.column} <= $6::date order by 1`,
  values: [...keyValues(key), first, last],
});

const DAYS_OR_READINGS = `select day::text as period, cells, case when cells is null then packed end as packed
  from history_day left join rollup_five_minutes using (run_id, unit_id, metric_id, day, catalogue)
  where ${OF_ONE} and day >= $5::date and day <= $6::date order by day`;
