import { ABSENCES } from '#shared/model/absence.ts';
import { CATALOGUE_VERSION } from '#shared/model/metrics.ts';
import { QUARTER, type EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../domain/ports.ts';
import { isQuiet, QUIET } from '../domain/quiet.ts';
import type { Query } from './database.ts';
import type { Dictionary } from './dictionary.ts';

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
  readonly vals: readonly (number | null)[];
  /** Null where none of them has anything to say. */
  readonly absences: readonly number[] | null;
}

const COLUMNS = `(extract(epoch from quarter) * 1000)::float8 as quarter, offsets, vals, absences`;
const OF_ONE = `history join run using (run_id) join unit using (unit_id) join metric using (metric_id)
         where run.system = $1 and run.code = $2 and unit.system = $1 and unit.code = $3 and metric.name = $4
           and catalogue = $5`;

/** Rows of one metric of one unit whose quarter hour lies in [from, to). */
export const readHistory = (
  system: string,
  run: string,
  unit: string,
  metric: string,
  from: EpochMs,
  to: EpochMs,
): Query => ({
  name: 'read-history',
  text: `select ${COLUMNS} from ${OF_ONE}
           and quarter >= to_timestamp($6::float8 / 1000) and quarter < to_timestamp($7::float8 / 1000)
         order by quarter`,
  values: [system, run, unit, metric, CATALOGUE_VERSION, from, to],
});

/** The last row before `from`: its last value is the one that stands. Looks back as far as a value may stand unchanged. */
export const readStanding = (system: string, run: string, unit: string, metric: string, from: EpochMs): Query => ({
  name: 'read-standing',
  text: `select ${COLUMNS} from ${OF_ONE}
           and quarter < to_timestamp($6::float8 / 1000) and quarter >= to_timestamp($6::float8 / 1000) - interval '35 days'
         order by quarter desc limit 1`,
  values: [system, run, unit, metric, CATALOGUE_VERSION, from],
});
