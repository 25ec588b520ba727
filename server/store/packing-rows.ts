import type { EpochMs } from '#shared/model/time.ts';
import type { Query } from './database.ts';
import { ROW_COLUMNS, type HistoryRow } from './history.ts';
import type { Width } from './widths.ts';

/**
 * Held to the transaction's end: whoever packs the same run waits here, and so does the follower, for one unit's time.
 * Without it, late readings and packing could each hold a row that the other wants.
 */
export const lockPacking = (runId: number): Query => ({
  name: 'lock-packing',
  text: 'select from journal_position where run_id = $1 for update',
  values: [runId],
});

export const hasReadings = (runId: number, unitId: number, from: EpochMs, to: EpochMs): Query => ({
  name: 'has-readings',
  text: `select exists (select from history where run_id = $1 and unit_id = $2
           and quarter >= to_timestamp($3::float8 / 1000) and quarter < to_timestamp($4::float8 / 1000)) as there`,
  values: [runId, unitId, from, to],
});

export interface TakenRow extends HistoryRow {
  readonly metricId: number;
  readonly catalogue: number;
}

/** Takes a unit's readings of [from, to) out of the history. */
export const takeReadings = (runId: number, unitId: number, from: EpochMs, to: EpochMs): Query => ({
  name: 'take-readings',
  text: `delete from history where run_id = $1 and unit_id = $2
           and quarter >= to_timestamp($3::float8 / 1000) and quarter < to_timestamp($4::float8 / 1000)
         returning metric_id as "metricId", catalogue, ${ROW_COLUMNS}`,
  values: [runId, unitId, from, to],
});

/** A row of `history_day` or of a roll-up: `period` is its first date. */
export interface PackedRow {
  readonly metricId: number;
  readonly catalogue: number;
  readonly period: string;
  readonly bytes: Uint8Array;
}

/** Where a unit's packed rows lie. */
export interface PackedTable {
  readonly table: string;
  readonly period: string;
  readonly bytes: string;
}

export const DAY_ROWS: PackedTable = { table: 'history_day', period: 'day', bytes: 'packed' };
export const cellRows = (width: Width): PackedTable => ({ table: width.table, period: width.column, bytes: 'cells' });

export const readPacked = (to: PackedTable, runId: number, unitId: number, periods: readonly string[]): Query => ({
  name: `read-packed-${to.table}`,
  text: `select metric_id as "metricId", catalogue, ${to.period}::text as period, ${to.bytes} as bytes from ${to.table}
         where run_id = $1 and unit_id = $2 and ${to.period} = any($3::date[])`,
  values: [runId, unitId, periods],
});

export const writePacked = (to: PackedTable, runId: number, unitId: number, rows: readonly PackedRow[]): Query => ({
  name: `write-packed-${to.table}`,
  text: `insert into ${to.table} (run_id, unit_id, metric_id, catalogue, ${to.period}, ${to.bytes})
         select $1, $2, metric_id, catalogue, period, bytes
         from unnest($3::smallint[], $4::smallint[], $5::date[], $6::bytea[]) as given(metric_id, catalogue, period, bytes)
         on conflict (run_id, unit_id, metric_id, ${to.period}, catalogue) do update set ${to.bytes} = excluded.${to.bytes}`,
  values: [
    runId,
    unitId,
    rows.map((r) => r.metricId),
    rows.map((r) => r.catalogue),
    rows.map((r) => r.period),
    rows.map((r) => r.bytes),
  ],
});

/** Roll-ups of days that changed after their time: better none than an old one. */
export const forgetPacked = (of: PackedTable, runId: number, unitId: number, periods: readonly string[]): Query => ({
  name: `forget-packed-${of.table}`,
  text: `delete from ${of.table} where run_id = $1 and unit_id = $2 and ${of.period} = any($3::date[])`,
  values: [runId, unitId, periods],
});

export const readProgress = (runId: number): Query => ({
  name: 'read-progress',
  text: 'select day::text from history_progress where run_id = $1',
  values: [runId],
});

export const writeProgress = (runId: number, day: string): Query => ({
  name: 'write-progress',
  text: `insert into history_progress (run_id, day) values ($1, $2)
         on conflict (run_id) do update set day = excluded.day`,
  values: [runId, day],
});
