import { setImmediate as breathe } from 'node:timers/promises';
import { CATALOGUE_VERSION, type MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { DayClass } from '../domain/normal/day-class.ts';
import { QUARTERS } from '../domain/normal/day-fold.ts';
import type { LearnedDay } from '../domain/normal/metric-day.ts';
import type { Database, Query } from './database.ts';
import { RUN } from './run.ts';

/** One metric of a day as it is kept: by site id, a value a quarter hour. */
export type LearnedRows = ReadonlyMap<string, Float32Array>;

/** What was learned of a run's days. Dates are London's. Rejects with `StoreUnavailable` while the database is away. */
export interface LearnedStore {
  /** Dates that were learned, from `from` on, with the product time at which they were. */
  learned(from: string): Promise<ReadonlyMap<string, EpochMs>>;
  /** Metrics of which anything was learned. */
  metrics(): Promise<ReadonlySet<string>>;
  /** First moment of which the run has a record; null without any. */
  began(): Promise<EpochMs | null>;
  /** Puts what a day came to in the place of what it came to before. */
  save(metric: MetricName, date: string, kind: DayClass, rows: LearnedRows): Promise<void>;
  markLearned(date: string, at: EpochMs): Promise<void>;
  /** The newest `most` days of each class before `before`, newest first. */
  days(metric: MetricName, kinds: readonly DayClass[], before: string, most: number): Promise<LearnedDay[]>;
  /** Drops what is older than `before`. */
  prune(before: string): Promise<void>;
}

const BYTES = QUARTERS * Float32Array.BYTES_PER_ELEMENT;

interface DayRow {
  readonly date: string;
  readonly class: DayClass;
  readonly units: readonly number[];
  readonly quarters: Buffer;
}

export function createLearnedStore(database: Database, system: string, run: string): LearnedStore {
  let codes: ReadonlyMap<number, string> = new Map();
  let numbers: ReadonlyMap<string, number> = new Map();
  const readUnits = async () => {
    const rows = await database.query<{ id: number; code: string }>(unitsOf(system));
    codes = new Map(rows.map(({ id, code }) => [id, code]));
    numbers = new Map(rows.map(({ id, code }) => [code, id]));
  };
  return {
    async learned(from) {
      const rows = await database.query<{ date: string; at: number }>(learnedDays(system, run, from));
      return new Map(rows.map(({ date, at }) => [date, at]));
    },
    async metrics() {
      const rows = await database.query<{ name: string }>(learnedMetrics(system, run));
      return new Set(rows.map(({ name }) => name));
    },
    async began() {
      const [row] = await database.query<{ at: number | null }>(firstRecorded(system, run));
      return row?.at ?? null;
    },
    async save(metric, date, kind, rows) {
      if ([...rows.keys()].some((site) => !numbers.has(site))) await readUnits();
      const kept = [...rows].flatMap(([site, values]) => {
        const id = numbers.get(site);
        return id === undefined ? [] : [{ id, values }];
      });
      await database.query(
        kept.length === 0 ? dropDay(system, run, metric, date) : saveDay(system, run, metric, date, kind, kept),
      );
    },
    markLearned: async (date, at) => void (await database.query(markLearned(system, run, date, at))),
    async days(metric, kinds, before, most) {
      const rows: DayRow[] = [];
      // One by one: a country's weeks in one answer would be read without a turn for anybody else.
      for (const { date } of await database.query<{ date: string }>(daysOf(system, run, metric, kinds, before, most))) {
        rows.push(...(await database.query<DayRow>(oneDay(system, run, metric, date))));
      }
      if (rows.some(({ units }) => units.some((id) => !codes.has(id)))) await readUnits();
      const days: LearnedDay[] = [];
      for (const row of rows) {
        days.push({ date: row.date, kind: row.class, sites: unpack(row, codes) });
        // A day of a whole country is some milliseconds of work.
        await breathe();
      }
      return days;
    },
    async prune(before) {
      await database.query(pruneDays(system, run, before));
      await database.query(pruneLearned(system, run, before));
    },
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);

/** Numbers lie in the database as they do in the memory of every machine Node runs on: lowest byte first. */
function unpack({ units, quarters }: DayRow, codes: ReadonlyMap<number, string>): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  units.forEach((id, i) => {
    const code = codes.get(id);
    if (code === undefined) return;
    const values = new Float32Array(QUARTERS);
    quarters.copy(new Uint8Array(values.buffer), 0, i * BYTES, (i + 1) * BYTES);
    found.set(code, values);
  });
  return found;
}

const unitsOf = (system: string): Query => ({
  name: 'normal-units',
  text: `select unit_id as id, code from unit where system = $1`,
  values: [system],
});

const learnedDays = (system: string, run: string, from: string): Query => ({
  name: 'normal-learned-days',
  text: `select to_char(day, 'YYYY-MM-DD') as date, (extract(epoch from learned_at) * 1000)::float8 as at
         from normal_learned where run_id = ${RUN} and catalogue = $3 and day >= $4::date`,
  values: [system, run, CATALOGUE_VERSION, from],
});

const learnedMetrics = (system: string, run: string): Query => ({
  name: 'normal-learned-metrics',
  text: `select name from metric where exists (
           select from normal_day held
           where held.run_id = ${RUN} and held.catalogue = $3 and held.metric_id = metric.metric_id)`,
  values: [system, run, CATALOGUE_VERSION],
});

const firstRecorded = (system: string, run: string): Query => ({
  name: 'normal-first-recorded',
  text: `select (extract(epoch from min(from_at)) * 1000)::float8 as at from recording where run_id = ${RUN}`,
  values: [system, run],
});

function saveDay(
  system: string,
  run: string,
  metric: MetricName,
  date: string,
  kind: DayClass,
  rows: readonly { id: number; values: Float32Array }[],
): Query {
  // In an order of their own: the same day learned again must be the same row, in whatever order its sites were read.
  const sorted = rows.toSorted((a, b) => a.id - b.id);
  const quarters = Buffer.alloc(sorted.length * BYTES);
  sorted.forEach(({ values }, i) => quarters.set(bytesOf(values), i * BYTES));
  return {
    name: 'normal-save-day',
    text: `insert into normal_day as held (run_id, metric_id, catalogue, day, class, units, quarters)
           select ${RUN}, metric_id, $3, $4::date, $5, $6::integer[], $7 from metric where name = $8
           on conflict (run_id, metric_id, catalogue, day) do update
             set class = excluded.class, units = excluded.units, quarters = excluded.quarters
             where (held.class, held.units, held.quarters)
               is distinct from (excluded.class, excluded.units, excluded.quarters)`,
    values: [system, run, CATALOGUE_VERSION, date, kind, sorted.map(({ id }) => id), quarters, metric],
  };
}

const dropDay = (system: string, run: string, metric: MetricName, date: string): Query => ({
  name: 'normal-drop-day',
  text: `delete from normal_day where run_id = ${RUN} and catalogue = $3 and day = $4::date
           and metric_id = (select metric_id from metric where name = $5)`,
  values: [system, run, CATALOGUE_VERSION, date, metric],
});

const markLearned = (system: string, run: string, date: string, at: EpochMs): Query => ({
  name: 'normal-mark-learned',
  text: `insert into normal_learned (run_id, catalogue, day, learned_at)
         select ${RUN}, $3, $4::date, to_timestamp($5::float8 / 1000)
         on conflict (run_id, catalogue, day) do update set learned_at = excluded.learned_at`,
  values: [system, run, CATALOGUE_VERSION, date, at],
});

const daysOf = (
  system: string,
  run: string,
  metric: MetricName,
  kinds: readonly DayClass[],
  before: string,
  most: number,
): Query => ({
  name: 'normal-days',
  text: `select to_char(held.day, 'YYYY-MM-DD') as date
         from unnest($5::smallint[]) as wanted(class)
         cross join lateral (
           select day from normal_day
           where run_id = ${RUN} and catalogue = $3 and class = wanted.class and day < $6::date
             and metric_id = (select metric_id from metric where name = $4)
           order by day desc limit $7
         ) held
         order by held.day desc`,
  values: [system, run, CATALOGUE_VERSION, metric, kinds, before, most],
});

const oneDay = (system: string, run: string, metric: MetricName, date: string): Query => ({
  name: 'normal-one-day',
  text: `select to_char(day, 'YYYY-MM-DD') as date, class, units, quarters from normal_day
         where run_id = ${RUN} and catalogue = $3 and day = $5::date
           and metric_id = (select metric_id from metric where name = $4)`,
  values: [system, run, CATALOGUE_VERSION, metric, date],
});

const pruneDays = (system: string, run: string, before: string): Query => ({
  name: 'normal-prune-days',
  text: `delete from normal_day where run_id = ${RUN} and catalogue = $3 and day < $4::date`,
  values: [system, run, CATALOGUE_VERSION, before],
});

const pruneLearned = (system: string, run: string, before: string): Query => ({
  name: 'normal-prune-learned',
  text: `delete from normal_learned where run_id = ${RUN} and catalogue = $3 and day < $4::date`,
  values: [system, run, CATALOGUE_VERSION, before],
});
