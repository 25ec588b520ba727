import { CATALOGUE_VERSION, type MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';
import type { SampleBlock, SampleQuery, SampleReader } from '../domain/ports.ts';
import type { Database, Query, Queryable } from './database.ts';
import { firstAt, mergeSamples, unpackDay, unpackTold, type Told } from './day-samples.ts';
import { LEVEL, ROW_COLUMNS, samplesOf, type HistoryRow } from './history.ts';
import { STANDING_MS } from './series-cells.ts';
import { dateOf, midnightOf } from './widths.ts';

/** Units a statement: what it brings is held at once. */
const UNITS = 40;

interface Names {
  readonly runId: number;
  readonly units: ReadonlyMap<number, string>;
  readonly metrics: ReadonlyMap<number, MetricName>;
}
interface Pair {
  readonly unitId: number;
  readonly metricId: number;
}
type FreshRow = HistoryRow & Pair;
type KeptRow = Pair & { readonly day: string; readonly packed: Uint8Array };

/** Reads the samples of one run, packed days and fresh readings as one. Each statement sees them in one snapshot. */
export function createSampleReader(database: Database, system: string, run: string): SampleReader {
  async function* samples({ units, metrics, from, to }: SampleQuery): AsyncIterable<SampleBlock> {
    const names = await readNames(database, system, run, { units, metrics });
    if (names === null || to <= from) return;
    const chunks = chunksOf([...names.units.keys()]);
    for (const ids of chunks) yield* blocks(names, await standing(database, names, ids, from));
    for (let day = dayStart(from); day < to; day = dayEnd(day)) {
      for (const ids of chunks) {
        const parts = await ofDay(database, names, ids, day);
        yield* blocks(
          names,
          parts.map((part) => ({ ...part, samples: cutTold(part.samples, from, to) })),
        );
      }
    }
  }
  return { samples };
}

type Part = Pair & { readonly samples: Told };

function* blocks({ units, metrics }: Names, parts: readonly Part[]): Generator<SampleBlock> {
  for (const { unitId, metricId, samples } of parts) {
    const [unit, metric] = [units.get(unitId), metrics.get(metricId)];
    if (unit === undefined || metric === undefined || samples.at.length === 0) continue;
    yield { unit, metric, at: samples.at, value: samples.value, ...codesOf(samples.code) };
  }
}

function codesOf(code: Int32Array): Pick<SampleBlock, 'absence' | 'level'> {
  const absence = new Uint8Array(code.length);
  let level: Uint8Array | null = null;
  for (let i = 0; i < code.length; i += 1) {
    const c = code[i] ?? 0;
    if (c > 0) absence[i] = c;
    else if (c === LEVEL) (level ??= new Uint8Array(code.length))[i] = 1;
  }
  return { absence, level };
}

async function ofDay(database: Database, names: Names, ids: readonly number[], day: EpochMs): Promise<Part[]> {
  const { fresh, kept } = await database.snapshot(async (inside) => ({
    fresh: await inside.query<FreshRow>(readFresh(names, ids, day, dayEnd(day))),
    kept: await inside.query<KeptRow>(readKept(names, ids, dateOf(day).toString())),
  }));
  const late = new Map(
    [...Map.groupBy(fresh, keyOf)].map(([key, rows]) => {
      const [{ unitId, metricId } = { unitId: 0, metricId: 0 }] = rows;
      return [key, { unitId, metricId, samples: samplesOf(rows) }];
    }),
  );
  const parts = kept.map((row): Part => {
    const key = keyOf(row);
    const more = late.get(key)?.samples;
    late.delete(key);
    const samples = more ? mergeSamples(unpackDay(day, row.packed), more) : unpackTold(day, row.packed);
    return { unitId: row.unitId, metricId: row.metricId, samples };
  });
  return [...parts, ...late.values()];
}

const keyOf = ({ unitId, metricId }: Pair) => `${unitId} ${metricId}`;

/** What stands at `from`: of each pair the last sample before it, where there is one. */
async function standing(database: Database, names: Names, ids: readonly number[], from: EpochMs): Promise<Part[]> {
  const { fresh, kept } = await database.snapshot(async (inside) => ({
    fresh: await inside.query<FreshRow>(readFreshBefore(names, ids, from)),
    kept: await inside.query<KeptRow>(readKeptBefore(names, ids, from)),
  }));
  const newest = new Map<string, Part>();
  const take = ({ unitId, metricId }: Pair, given: Told) => {
    const before = cutTold(given, from - STANDING_MS, from);
    const at = before.at.at(-1);
    const key = keyOf({ unitId, metricId });
    if (at === undefined || (newest.get(key)?.samples.at[0] ?? -Infinity) >= at) return;
    newest.set(key, { unitId, metricId, samples: lastOf(before) });
  };
  // Fresh ones first: of two at one time the later arrival counts.
  for (const row of fresh) take(row, samplesOf([row]));
  for (const row of kept) take(row, unpackTold(midnightOf(row.day), row.packed));
  return [...newest.values()];
}

const lastOf = ({ at, value, code }: Told): Told => ({
  ...{ at: at.slice(-1), value: value.slice(-1), code: code.slice(-1) },
});

/** Those in [from, to). */
function cutTold({ at, value, code }: Told, from: EpochMs, to: EpochMs): Told {
  const [start, end] = [firstAt(at, from), firstAt(at, to)];
  return { at: at.subarray(start, end), value: value.subarray(start, end), code: code.subarray(start, end) };
}

function chunksOf(ids: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(ids.length / UNITS) }, (_, i) => ids.slice(i * UNITS, (i + 1) * UNITS));
}

async function readNames(
  inside: Queryable,
  system: string,
  run: string,
  { units, metrics }: Pick<SampleQuery, 'units' | 'metrics'>,
): Promise<Names | null> {
  const [found] = await inside.query<{ runId: number }>({
    name: 'read-run-id',
    text: 'select run_id as "runId" from run where system = $1 and code = $2',
    values: [system, run],
  });
  if (found === undefined) return null;
  const unitRows = await inside.query<{ id: number; name: string }>({
    name: 'read-unit-ids',
    text: 'select unit_id as id, code as name from unit where system = $1 and code = any($2::text[]) order by unit_id',
    values: [system, units],
  });
  const metricRows = await inside.query<{ id: number; name: MetricName }>({
    name: 'read-metric-ids',
    text: 'select metric_id as id, name from metric where name = any($1::text[])',
    values: [metrics],
  });
  const mapOf = <T>(rows: readonly { id: number; name: T }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  return { runId: found.runId, units: mapOf(unitRows), metrics: mapOf(metricRows) };
}

const OF_MANY = `run_id = $1 and unit_id = any($2::integer[]) and metric_id = any($3::smallint[]) and catalogue = $4`;
const PAIR = `unit_id as "unitId", metric_id as "metricId"`;
const manyValues = ({ runId, metrics }: Names, ids: readonly number[]) => [
  ...[runId, ids, [...metrics.keys()], CATALOGUE_VERSION],
];

const readFresh = (names: Names, ids: readonly number[], from: EpochMs, to: EpochMs): Query => ({
  name: 'read-fresh-samples',
  text: `select ${PAIR}, ${ROW_COLUMNS} from history where ${OF_MANY}
           and quarter >= to_timestamp($5::float8 / 1000) and quarter < to_timestamp($6::float8 / 1000)`,
  values: [...manyValues(names, ids), from, to],
});

const readKept = (names: Names, ids: readonly number[], day: string): Query => ({
  name: 'read-packed-samples',
  text: `select ${PAIR}, day::text, packed from history_day where ${OF_MANY} and day = $5::date`,
  values: [...manyValues(names, ids), day],
});

/** The newest two rows of each pair that begin before: the very last may hold only what came later. */
const beforeOf = (table: string, columns: string, order: string, bounds: string) =>
  `select ${PAIR}, last.* from unnest($2::integer[]) as u(unit_id) cross join unnest($3::smallint[]) as m(metric_id)
   cross join lateral (select ${columns} from ${table} of where of.run_id = $1 and of.unit_id = u.unit_id
     and of.metric_id = m.metric_id and of.catalogue = $4 and ${bounds} order by ${order} desc limit 2) as last`;

const readFreshBefore = (names: Names, ids: readonly number[], from: EpochMs): Query => ({
  name: 'read-fresh-before',
  text: beforeOf(
    'history',
    ROW_COLUMNS,
    'of.quarter',
    'of.quarter >= to_timestamp($5::float8 / 1000) and of.quarter < to_timestamp($6::float8 / 1000)',
  ),
  values: [...manyValues(names, ids), from - STANDING_MS, from],
});

const readKeptBefore = (names: Names, ids: readonly number[], from: EpochMs): Query => ({
  name: 'read-packed-before',
  text: beforeOf('history_day', 'day::text, packed', 'of.day', 'of.day >= $5::date and of.day <= $6::date'),
  values: [...manyValues(names, ids), dateOf(from - STANDING_MS).toString(), dateOf(from - 1).toString()],
});
