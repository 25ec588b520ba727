import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, type EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../../server/domain/ports.ts';
import { packCells } from '../../server/store/cell-codec.ts';
import { rollUp, type Cell } from '../../server/store/cells.ts';
import type { Database } from '../../server/store/database.ts';
import { packDay, type Samples } from '../../server/store/day-samples.ts';
import { DAY_ROWS, cellRows, writePacked, type PackedRow } from '../../server/store/packing-rows.ts';
import {
  FIVE_MINUTES_PARTED,
  HISTORY_DAY,
  HOURS_PARTED,
  makePartitions,
  partitionAfter,
  partitionOf,
} from '../../server/store/partitions.ts';
import type { Span } from '../../server/store/recording.ts';
import {
  cellBounds,
  dateOf,
  DAYS,
  FIVE_MINUTES,
  HOURS,
  midnightOf,
  periodOf,
  type Width,
} from '../../server/store/widths.ts';
import { madeDay, type MadeMetric } from './made-history.ts';

export interface Filling {
  readonly database: Database;
  readonly runId: number;
  readonly metrics: readonly (MadeMetric & { readonly id: number })[];
  readonly catalogue: number;
  /** London midnights: the first day, and the end of the last. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly spans: readonly Span[];
  /** Days from here on have five-minute cells too. */
  readonly fiveMinutesFrom: EpochMs;
}

/** All partitions that the days from `from` to `to` need. */
export async function makeRoom({ database, from, to }: Pick<Filling, 'database' | 'from' | 'to'>): Promise<void> {
  for (const parted of [HISTORY_DAY, FIVE_MINUTES_PARTED, HOURS_PARTED]) {
    const starts: EpochMs[] = [];
    for (let at = partitionOf(parted, from - 8 * 86_400_000); at < to; at = partitionAfter(parted, at)) starts.push(at);
    await makePartitions(database, starts, parted);
  }
}

/** Writes one unit's packed days and roll-ups as packing would have left them. Returns how many readings they hold. */
export async function fillUnit(filling: Filling, unitId: number, seed: number): Promise<number> {
  const { database, runId, metrics, from, to } = filling;
  const pending = {
    days: [] as PackedRow[],
    five: [] as PackedRow[],
    hours: [] as PackedRow[],
    months: [] as PackedRow[],
  };
  const open = new Map<string, { row: Omit<PackedRow, 'bytes'>; cells: Cell[]; to: PackedRow[] }>();
  let readings = 0;
  const close = () => {
    for (const { row, cells, to: rows } of open.values()) {
      rows.push({ ...row, bytes: packCells(midnightOf(row.period), cells) });
    }
    open.clear();
  };
  const flush = async () => {
    await database.query(writePacked(DAY_ROWS, runId, unitId, pending.days.splice(0)));
    await database.query(writePacked(cellRows(FIVE_MINUTES), runId, unitId, pending.five.splice(0)));
    await database.query(writePacked(cellRows(HOURS), runId, unitId, pending.hours.splice(0)));
    await database.query(writePacked(cellRows(DAYS), runId, unitId, pending.months.splice(0)));
  };
  for (let day = from; day < to; day = dayEnd(day)) {
    const date = dateOf(day);
    for (const metric of metrics) {
      const samples = madeDay(metric, day, seed + metric.id * 7919 + day / 60_000);
      if (samples.at.length === 0) continue;
      readings += samples.at.length;
      const row = { metricId: metric.id, catalogue: filling.catalogue };
      const cells = (width: Width) => rollUp(samples, cellBounds(width, day), filling.spans, metric.counter === true);
      pending.days.push({ ...row, period: date.toString(), bytes: packDay(day, samples) });
      if (day >= filling.fiveMinutesFrom) {
        pending.five.push({ ...row, period: date.toString(), bytes: packCells(day, cells(FIVE_MINUTES)) });
      }
      for (const [width, rows] of [
        [HOURS, pending.hours],
        [DAYS, pending.months],
      ] as const) {
        const period = periodOf(width.period, date);
        const key = `${width.name} ${metric.id} ${period}`;
        const held = open.get(key) ?? { row: { ...row, period }, cells: [], to: rows };
        held.cells.push(...cells(width));
        open.set(key, held);
      }
    }
    if (pending.days.length > 1500) await flush();
  }
  close();
  await flush();
  return readings;
}

/** Gives `copy` the same history as `unit`. */
export async function copyUnit(database: Database, unit: number, copy: number): Promise<void> {
  for (const { table, period, bytes } of [DAY_ROWS, ...[FIVE_MINUTES, HOURS, DAYS].map(cellRows)]) {
    await database.query({
      name: `copy-${table}`,
      text: `insert into ${table} (run_id, unit_id, metric_id, catalogue, ${period}, ${bytes})
             select run_id, $2, metric_id, catalogue, ${period}, ${bytes} from ${table} where unit_id = $1`,
      values: [unit, copy],
    });
  }
}

/** As the board would have handed them over, in order of receipt. */
export function appliedOf(unit: string, metric: MetricName, { at, received, value }: Samples): Applied[] {
  return Array.from(at, (observedAt, i) => ({
    ...{ unit, metric, value: value[i] ?? null, absence: null, detail: null, feed: null },
    ...{ observedAt, receivedAt: received[i] ?? observedAt },
  }));
}
